"""`RelevanceScorer`, under its documented module name."""

from reweaving.scoring.relevance import RelevanceScorer

__all__ = ["RelevanceScorer"]
