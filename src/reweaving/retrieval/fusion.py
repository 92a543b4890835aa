"""Several strategies as one: their scores put on one scale and added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.late_interaction import LateInteraction
from reweaving.retrieval.lexical import Lexical


def z_scores(scores: torch.Tensor) -> torch.Tensor:
    """Distance from the mean in standard deviations; zeros where all scores are alike."""
    deviation = scores.std(unbiased=False)
    if not bool(deviation > 1e-6):
        return torch.zeros_like(scores)
    return (scores - scores.mean()) / deviation


def z_fusion(parts: Sequence[torch.Tensor], weights: Sequence[float]) -> torch.Tensor:
    """Weighted sum of z-scores, shape ``(spans,)``."""
    return torch.stack([w * z_scores(p) for p, w in zip(parts, weights, strict=True)]).sum(dim=0)


def reciprocal_rank_fusion(parts: Sequence[torch.Tensor], constant: float = 60.0) -> torch.Tensor:
    """Sum of ``1/(constant + rank)`` (Cormack, Clarke and Büttcher, 2009), shape ``(spans,)``.

    Spans with equal scores share the better rank.
    """
    total = torch.zeros_like(parts[0])
    for part in parts:
        ordered = part.sort(descending=True).values
        rank = torch.searchsorted(-ordered, -part) + 1  # how many are better, plus one
        total += 1.0 / (constant + rank)
    return total


@dataclass(frozen=True)
class Fused(RetrievalStrategy):
    """Adds the z-scores of other strategies; the first one's evidence goes to the gate.

    Parameters
    ----------
    parts
        Strategies and their weights.
    """

    parts: tuple[tuple[RetrievalStrategy, float], ...] = field(
        default=((LateInteraction(), 1.0), (Lexical(), 0.2))
    )

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is the weighted sum of z-scores."""
        found = [strategy.score(context, catalogue) for strategy, _ in self.parts]
        rank = z_fusion([scores.rank for scores in found], [weight for _, weight in self.parts])
        return Scores(rank, found[0].evidence)
