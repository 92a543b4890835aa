"""Surprise: how little the model expected a token."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from reweaving.scoring.base import NEUTRAL, Scorer, ScoringContext
from reweaving.scoring.upper_layers import logits_behind

_PLACES_AT_ONCE = 4
SMALLEST_SUM = 1e-20


@dataclass(frozen=True)
class SurpriseScorer(Scorer):
    """``s / (s + half)`` with ``s = -log p(token | what came before)`` in nats.

    Surprise as in Hale, "A Probabilistic Earley Parser as a Psycholinguistic Model" (2001), eq. 1. Taken
    from the context where it holds surprise, else from the model, whose layers above the states' own are
    run on from them; the first token, which nothing came before, scores 0.

    Without both, a stand-in tells how sharply the residual stream turns: ``(1 - cos(h_t, h_{t-1})) / 2``,
    and 0.5 for the first token. It judges far worse than surprise does.

    Parameters
    ----------
    half_nats
        Surprise that scores 0.5, in nats; two are about what a small chat model feels on average at the
        words of a message that carry it.
    """

    half_nats: float = 2.0

    def score(self, context: ScoringContext) -> torch.Tensor:
        """Scores in [0, 1], shape ``(batch, seq)``."""
        nats = context.surprise
        if nats is None and context.model is not None:
            logits = logits_behind(context.model, context.states, context.ids(), context.mask)
            nats = next_token_nats(logits, context.ids())
        if nats is None:
            return _turning(context.states)
        return 1.0 - self.half_nats / (self.half_nats + nats)  # exact for infinite surprise, too

    def source(self, context: ScoringContext) -> str:
        """``given``, ``model`` or ``states``."""
        if context.surprise is not None:
            return "given"
        return "states" if context.model is None else "model"


def next_token_nats(
    logits: torch.Tensor, token_ids: torch.Tensor, before: torch.Tensor | None = None
) -> torch.Tensor:
    """``-log p`` of each token in nats, in float32.

    Parameters
    ----------
    logits
        What the model predicts behind each token, shape ``(batch, seq, vocab)``, in any dtype.
    token_ids
        Shape ``(batch, seq)``.
    before
        Logits behind the token before the first one, shape ``(batch, 1, vocab)``, where a text is read in
        pieces; without them the first token's surprise is 0.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, seq)``, at least 0.
    """
    nats = _nats(logits[:, :-1], token_ids[:, 1:])
    first = nats.new_zeros(len(logits), 1)
    if before is not None:
        first = _nats(before, token_ids[:, :1])
    return torch.cat([first, nats], dim=1)  # (batch, seq)


def _nats(logits: torch.Tensor, token_ids: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each place, row by row of the batch."""
    made = [
        _row_nats(row, wanted.to(logits.device))
        for row, wanted in zip(logits, token_ids, strict=True)
    ]
    return torch.stack(made) if made else logits.new_zeros(token_ids.shape, dtype=torch.float32)


def _row_nats(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """``log Σ exp(logits) - logits[wanted]``, shape ``(places,)``, from logits ``(places, vocab)``.

    Few places of the vocabulary at a time stay in the processor's cache. The largest logit is not searched for and
    taken off first: where that would have mattered, because the sum overflows or vanishes, the place is computed again.
    """
    if logits.requires_grad:
        return functional.cross_entropy(logits.float(), wanted, reduction="none")
    room = torch.empty(_PLACES_AT_ONCE, logits.shape[-1], device=logits.device)
    sums = [
        torch.exp(some.float(), out=room[: len(some)]).sum(-1)
        for some in logits.split(_PLACES_AT_ONCE)
    ]
    if not sums:
        return logits.new_zeros(0, dtype=torch.float32)
    total = torch.cat(sums)  # (places,)
    nats = total.log() - logits.gather(1, wanted[:, None])[:, 0].float()
    odd = ~((total > SMALLEST_SUM) & (total < torch.inf))
    if bool(odd.any()):
        nats[odd] = functional.cross_entropy(logits[odd].float(), wanted[odd], reduction="none")
    return nats.clamp_min(0.0)  # rounding may go below


def _turning(states: torch.Tensor) -> torch.Tensor:
    scores = torch.full_like(states[..., 0], NEUTRAL)
    cosines = functional.cosine_similarity(states[:, 1:], states[:, :-1], dim=-1)
    scores[:, 1:] = (1.0 - cosines.clamp(-1.0, 1.0)) / 2
    return scores
