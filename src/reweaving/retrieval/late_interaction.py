"""The arithmetic of late interaction: which of a request's words count, and how well a span meets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from reweaving.retrieval.words import content_shares

_CHANCE = 0.2  # cosine of a query state's best match in a span that has nothing to do with it
_LENGTH_POWER = 0.6
_CHANCE_SPANS = 4  # how many spans' worth of evidence that is, while the store is small


@dataclass(frozen=True, eq=False)
class Matches:
    """How well each state of a request is met by the best state of each span.

    Attributes
    ----------
    best
        Cosines, shape ``(tokens, spans)``.
    counts, shares
        How much each token may count for the similarity, and for the evidence, each ``(tokens,)``.
    standing
        See `chance_level`.
    """

    best: torch.Tensor
    counts: torch.Tensor
    shares: torch.Tensor
    standing: torch.Tensor | None = None

    def chance(self) -> torch.Tensor:
        """See `chance_level`."""
        return chance_level(self.best, self.standing)

    def weights(self, sharpness: float) -> torch.Tensor:
        """Weight of each token, ``(tokens,)``: what it may count, by how much its best match stands out."""
        return self.counts * standing_out(self.best, self.chance()) ** sharpness


def token_shares(words: Sequence[str], text: str, tokens: int) -> torch.Tensor:
    """How much each query token may count, ``(tokens,)``; all alike where their texts are unknown."""
    known = len(words) == tokens and any(map(str.strip, words))
    return content_shares(words, text) if known else torch.ones(tokens)


def chance_level(best: torch.Tensor, standing: torch.Tensor | None = None) -> torch.Tensor:
    """How well each query token is met by spans other than its best one, shape ``(tokens,)``.

    In a small store a few spans tell little, so the mean is shrunk towards what chance gives.

    Parameters
    ----------
    best
        Shape ``(tokens, spans)``.
    standing
        For how many spans of the store each one stands, ``(spans,)``; None for itself alone.
    """
    spans = float(best.shape[1]) if standing is None else float(standing.sum())
    total = best.sum(dim=1) if standing is None else best @ standing
    others = total - best.amax(dim=1)
    return (others + _CHANCE * _CHANCE_SPANS) / (spans - 1 + _CHANCE_SPANS)


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
