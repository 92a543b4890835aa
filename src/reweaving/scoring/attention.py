"""Attention: how much the tokens behind a token look back at it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from reweaving.scoring.bands import BLOCK_QUERIES, band, keys_of, summed_by_key
from reweaving.scoring.base import NEUTRAL, Scorer, ScoringContext
from reweaving.scoring.layer_attention import layer_attention

_SMALLEST = 1e-30


@dataclass(frozen=True)
class AttentionScorer(Scorer):
    """Attention that a token receives, over what it would receive if every query looked evenly.

    A query's attention (the mean over heads) on the tokens in its window is divided by its sum there. The
    window holds the `window` tokens before the query, without the query itself and without the row's first
    token, on which attention parks what it has no use for (Xiao et al., "Efficient Streaming Language
    Models with Attention Sinks", 2024, §3.1). With these shares ``a``, and ``n_q`` tokens in the window::

        received_k = Σ_q a_qk      expected_k = Σ_q 1 / n_q      over the queries q that may see k
        score_k = (received_k + c) / (received_k + expected_k + 2 c)

    The sum over queries is that of heavy hitters (Zhang et al., "H2O", 2023, §4); the division corrects
    for how many queries may see a token, and the window for how attention thins out as a text grows:
    without it scores rise with length. What stands more than `window` tokens behind changes nothing.
    ``c`` draws tokens that few have looked back at yet towards 0.5; the first and the last score 0.5.

    Weights are taken from the context, else computed by the model's own layer, else from the states' own
    similarity, ``softmax(h hᵀ / √d)`` with each state scaled to unit mean square as a layer's norm does it.
    That stand-in tells what a text repeats, and judges far worse than attention does.

    Parameters
    ----------
    window
        Tokens before a query that count, as many as the longest span has.
    prior
        ``c``, in units of one query's whole attention.
    """

    window: int = 64
    prior: float = 0.25

    def score(self, context: ScoringContext) -> torch.Tensor:
        """Scores in [0, 1], shape ``(batch, seq)``; 0.5 is even attention."""
        window = min(self.window, max(context.mask.shape[1] - 1, 1))
        seen = _seen(context.mask, window)  # (batch, queries, window)
        kept = self._weights(context, window).masked_fill(~seen, 0.0)
        total = kept.sum(-1, keepdim=True)  # (batch, queries, 1)
        seen = seen & (total > _SMALLEST)  # a query that looks only elsewhere says nothing
        even = seen / seen.sum(-1, keepdim=True).clamp_min(1)
        received = summed_by_key(kept / total.clamp_min(_SMALLEST))  # (batch, keys)
        expected = summed_by_key(even)
        scores = (received + self.prior) / (received + expected + 2 * self.prior)
        return torch.where(expected > 0, scores, NEUTRAL)

    def _weights(self, context: ScoringContext, window: int) -> torch.Tensor:
        if context.attention is not None:
            return band(context.attention, window)
        if context.attended is not None:
            found = context.attended.band(window, context.states.shape[1])
            if found is not None:
                return found
        if context.model is None:
            return _similarity(context.states, window)
        return layer_attention(context.model, context.states, window)

    def source(self, context: ScoringContext) -> str:
        """``given``, ``model`` or ``states``."""
        if context.attention is not None:
            return "given"
        return "states" if context.model is None else "model"


def _seen(mask: torch.Tensor, window: int) -> torch.Tensor:
    """Which keys of a band count, shape ``(batch, queries, window)``."""
    keys = keys_of(torch.arange(mask.shape[1], device=mask.device), window)  # (queries, window)
    return (keys > 0) & mask[:, :, None]  # keys before a real query are real themselves


def _similarity(states: torch.Tensor, window: int) -> torch.Tensor:
    """``exp(h hᵀ / √d)``, up to a factor for each query, shape ``(batch, queries, window)``."""
    scale = states.square().mean(-1, keepdim=True).sqrt().clamp_min(_SMALLEST)
    unit = states / scale
    blocks = []
    for at in range(0, unit.shape[1], BLOCK_QUERIES):
        first_key = max(at - window, 0)
        queries, keys = unit[:, at : at + BLOCK_QUERIES], unit[:, first_key : at + BLOCK_QUERIES]
        blocks.append(band(queries @ keys.transpose(1, 2), window, at, first_key))
    logits = torch.cat(blocks, dim=1) / math.sqrt(states.shape[-1])
    own = keys_of(torch.arange(logits.shape[1], device=logits.device), window) > 0
    return logits.masked_fill(~own, torch.finfo(logits.dtype).min).softmax(-1)
