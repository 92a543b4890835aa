"""Late interaction: every word of a request looks for its own best match in a span."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.episodes import inherit
from reweaving.retrieval.words import content_shares

_CHANCE = 0.2  # cosine of a query state's best match in a span that has nothing to do with it
_CHANCE_SPANS = 4  # how many spans' worth of evidence that is, while the store is small


@dataclass(frozen=True)
class LateInteraction(RetrievalStrategy):
    """Scores spans by the best match of each query state, weighted by how much that match stands out.

    Parameters
    ----------
    context_share, context_reach
        How much of a match in earlier spans of its session a span inherits, and from how far back;
        see `inherit`.
    """

    context_share: float = 0.5
    context_reach: int = 16

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` lies in [-1, 1]; ``evidence`` is the mean excess of the matches over chance."""
        states = context.states()
        own = catalogue.keys.best_matches(states)  # (tokens, spans)
        shares = token_shares(context, len(states))
        chance = chance_level(own)
        met = inherit(own, catalogue.previous, share=self.context_share, reach=self.context_reach)
        return Scores(
            weighted(met, shares * standing_out(own, chance)), excess(met, chance, shares)
        )


def token_shares(context: RetrievalContext, tokens: int) -> torch.Tensor:
    """How much each query token may count, ``(tokens,)``; all alike where their texts are unknown."""
    if len(context.query_words) != tokens:
        return torch.ones(tokens)
    return content_shares(context.query_words)


def chance_level(best: torch.Tensor) -> torch.Tensor:
    """How well each query token is met by spans other than its best one, shape ``(tokens,)``.

    In a small store a few spans tell little, so the mean is shrunk towards what chance gives.
    """
    others = best.sum(dim=1) - best.amax(dim=1)
    return (others + _CHANCE * _CHANCE_SPANS) / (best.shape[1] - 1 + _CHANCE_SPANS)


def standing_out(best: torch.Tensor, chance: torch.Tensor) -> torch.Tensor:
    """How far each query token's best match rises above chance, shape ``(tokens,)``, at least 0."""
    return (best.amax(dim=1) - chance).clamp_min(0.0)


def weighted(met: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean over query tokens: ``(tokens, spans)`` and ``(tokens,)`` to ``(spans,)``."""
    total = weights.sum()
    if not bool(total > 0):
        return met.mean(dim=0)
    return (weights / total) @ met


def excess(met: torch.Tensor, chance: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Mean of what is met above chance over the tokens that count; shape ``(spans,)``."""
    return weighted((met - chance[:, None]).clamp_min(0.0), shares)
