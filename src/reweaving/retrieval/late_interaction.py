"""Late interaction: every word of a request looks for its own best match in a span."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.episodes import inherit
from reweaving.retrieval.words import content_shares

_CHANCE = 0.2  # cosine of a query state's best match in a span that has nothing to do with it
_LENGTH_POWER = 0.6
_CHANCE_SPANS = 4  # how many spans' worth of evidence that is, while the store is small


@dataclass(frozen=True)
class LateInteraction(RetrievalStrategy):
    """Scores spans by the best match of each query state, weighted by how much that match stands out.

    Parameters
    ----------
    sharpness
        Power to which standing out counts; 0 weighs all content words alike.
    context_share, context_reach
        How much of a match in earlier spans of its session a span inherits, and from how far back;
        see `inherit`.
    """

    sharpness: float = 2.0
    context_share: float = 0.5
    context_reach: int = 16

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is a weighted mean of cosines; ``evidence`` the energy of the matches."""
        states = context.states()
        own = catalogue.keys.best_matches(states)  # (tokens, spans)
        shares = token_shares(context, len(states))
        chance = chance_level(own)
        weights = shares * standing_out(own, chance) ** self.sharpness
        met = inherit(own, catalogue.previous, share=self.context_share, reach=self.context_reach)
        return Scores(weighted(met, weights), energy(met, chance, shares))


def token_shares(context: RetrievalContext, tokens: int) -> torch.Tensor:
    """How much each query token may count, ``(tokens,)``; all alike where their texts are unknown."""
    known = len(context.query_words) == tokens and any(map(str.strip, context.query_words))
    if not known:
        return torch.ones(tokens)
    return content_shares(context.query_words, context.query_text)


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


def energy(met: torch.Tensor, chance: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """How much of what the request is about is met above chance, shape ``(spans,)``.

    The squares of the excesses are added, so that few strong matches outweigh many weak ones, and
    divided by a power of the number of words: a sum would let long requests through, a mean would
    keep wordy ones out. Found by measurement; see ``docs/decisions/0002-recall.md``.
    """
    excess = (met - chance[:, None]).clamp_min(0.0)  # (tokens, spans)
    return (shares @ excess.square()) / shares.sum().clamp_min(1.0) ** _LENGTH_POWER
