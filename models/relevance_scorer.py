"""`reweaving.models.relevance_scorer`, under the name that the CMR documents use."""

from reweaving.models.relevance_scorer import RelevanceScorer

__all__ = ["RelevanceScorer"]
