"""Relevance, similarity, recency and diversity, weighed against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.multi_criteria_ranker import DEFAULT_WEIGHTS, MultiCriteriaRanker
from reweaving.retrieval.semantic_similarity import SemanticSimilarity

_LEAST_CHOSEN = 64


@dataclass(frozen=True)
class MultiCriteria(RetrievalStrategy):
    """Adds what a span is worth by itself, how alike it is, how new, and how unlike those before it.

    Relevance is the entry's ``relevance_score``; recency its place in the order of time; similarity is
    stretched so that the best span of the memory has 1 and the worst 0, as the other two are.

    Parameters
    ----------
    criteria_weights
        See `MultiCriteriaRanker`.
    similarity
        What tells how alike request and span are; its evidence goes to the gate.
    """

    criteria_weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    similarity: RetrievalStrategy = field(default_factory=SemanticSimilarity)

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is the weighted sum while nothing is chosen yet, when every span is diverse."""
        found = self.similarity.score(context, catalogue)
        parts = self._ranker(catalogue).weigh(
            {
                "relevance": catalogue.relevance,
                "similarity": _stretched(found.rank),
                "recency": catalogue.recency,
            }
        )
        return Scores(torch.stack(list(parts.values())).sum(dim=0), found.evidence, parts)

    def arrange(
        self,
        context: RetrievalContext,
        catalogue: Catalogue,
        scores: Scores,
        passed: torch.Tensor,
    ) -> tuple[Scores, torch.Tensor]:
        """Choose among what has passed by maximal marginal relevance."""
        if not len(passed):
            return scores, passed
        ranker = self._ranker(catalogue)
        weights = ranker.criteria_weights
        criteria = {
            name: scores.parts[name][passed] / (weights[name] or 1.0)
            for name in ("relevance", "similarity", "recency")
        }
        first = max(_LEAST_CHOSEN, 4 * context.retrieval_budget)
        ranked = ranker.rank(criteria, catalogue.pooled[passed], first)
        parts = {name: part.clone() for name, part in scores.parts.items()}
        parts["diversity"][passed] = ranked.parts["diversity"]
        total = torch.stack(list(parts.values())).sum(dim=0)
        return Scores(total, scores.evidence, parts), passed[ranked.order]

    def _ranker(self, catalogue: Catalogue) -> MultiCriteriaRanker:
        return MultiCriteriaRanker(catalogue.keys.hidden, self.criteria_weights)


def _stretched(scores: torch.Tensor) -> torch.Tensor:
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if bool(high > low) else torch.ones_like(scores)
