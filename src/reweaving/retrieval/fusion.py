"""Several strategies as one: their scores put on one scale and added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.semantic_similarity import SemanticSimilarity


def z_scores(scores: torch.Tensor) -> torch.Tensor:
    """Distance from the mean in standard deviations; zeros where all scores are alike."""
    deviation = scores.std(unbiased=False)
    if not bool(deviation > 1e-6):
        return torch.zeros_like(scores)
    return (scores - scores.mean()) / deviation


def reciprocal_ranks(scores: torch.Tensor, constant: float = 60.0) -> torch.Tensor:
    """``1/(constant + rank)`` of every span (Cormack, Clarke and Büttcher, 2009), shape ``(spans,)``.

    Spans with equal scores share the better rank.
    """
    ordered = scores.sort(descending=True).values
    rank = torch.searchsorted(-ordered, -scores) + 1  # how many are better, plus one
    return 1.0 / (constant + rank)


def reciprocal_rank_fusion(parts: Sequence[torch.Tensor], constant: float = 60.0) -> torch.Tensor:
    """Sum of the reciprocal ranks of several scores, shape ``(spans,)``."""
    return torch.stack([reciprocal_ranks(part, constant) for part in parts]).sum(dim=0)


def standardised(
    scores: Scores, weight: float, standing: torch.Tensor | None = None
) -> dict[str, torch.Tensor]:
    """The z-scores of a rank times a weight, as what each of its parts adds to them.

    Parameters
    ----------
    standing
        For how many spans of the store each one stands, ``(spans,)``; None for itself alone.
    """
    stands = torch.ones_like(scores.rank) if standing is None else standing
    share = stands / stands.sum()
    deviation = (share @ (scores.rank - share @ scores.rank).square()).sqrt()
    parts = scores.parts or {"score": scores.rank}
    if not bool(deviation > 1e-6):
        return {name: torch.zeros_like(part) for name, part in parts.items()}
    return {name: weight * (part - share @ part) / deviation for name, part in parts.items()}


@dataclass(frozen=True)
class Fused(RetrievalStrategy):
    """Adds the z-scores of other strategies; the first one's evidence goes to the gate.

    Parameters
    ----------
    parts
        Strategies and their weights.
    """

    parts: tuple[tuple[RetrievalStrategy, float], ...] = field(
        default=((SemanticSimilarity(), 1.0), (Lexical(), 0.2))
    )

    def heeds_exclusions(self) -> bool:
        """As soon as one of the parts does."""
        return any(strategy.heeds_exclusions() for strategy, _ in self.parts)

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is the weighted sum of z-scores."""
        found = [strategy.score(context, catalogue) for strategy, _ in self.parts]
        parts: dict[str, torch.Tensor] = {}
        for scores, (_, weight) in zip(found, self.parts, strict=True):
            for name, added in standardised(scores, weight, catalogue.standing).items():
                parts[name] = parts.get(name, 0) + added
        return Scores(torch.stack(list(parts.values())).sum(dim=0), found[0].evidence, parts)
