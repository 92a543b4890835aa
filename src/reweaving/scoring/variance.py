"""Variance: how far a token's state lies from what the sequence has been so far."""

from __future__ import annotations

import torch

from reweaving.scoring.base import NEUTRAL, Scorer, ScoringContext

_NO_DIRECTION = 1e-12
"""Squared norm under which a state counts as zero: it weighs nothing in the mean."""
_ROUNDING = 1e-8
"""Squared distances below this share of the squared norms are rounding."""
_SMALLEST = 1e-30


class VarianceScorer(Scorer):
    """Squared distance to the running mean, over itself plus the spread of the sequence so far.

    For token ``t`` of ``0, 1, 2, …``, with ``m`` the mean of tokens ``1 … t - 1``, ``n = t - 1`` of them::

        e_t = |h_t - m|² · n / (n + 1)        the mean of n tokens is itself off by 1 / n of the spread
        score_t = e_t / (e_t + exp(mean of log e_2 … log e_t))

    The running estimates are Welford's (Technometrics 1962), for vectors. A few tokens, above all the first
    and some delimiters, have states a hundred times as long as all others (Sun et al., "Massive Activations
    in Large Language Models", 2024, §2) and would be the mean and the spread. So the first one is left out,
    states count in the mean by ``1 / |h|²``, and the spread is a geometric mean. Nothing behind a token
    changes its score, and a common factor of all states changes none. The first two tokens score 0.5.
    """

    def score(self, context: ScoringContext) -> torch.Tensor:
        """Scores in [0, 1], shape ``(batch, seq)``; 0.5 is a token at the usual distance."""
        scores = torch.full_like(context.states[..., 0], NEUTRAL)
        log_distances = _log_distances(context.states[:, 1:])  # (batch, seq - 2)
        if log_distances.shape[1]:
            count = torch.arange(1, log_distances.shape[1] + 1, device=scores.device)
            usual = log_distances.cumsum(1) / count  # (batch, seq - 2)
            scores[:, 2:] = torch.sigmoid(log_distances - usual)
        return scores


def _log_distances(states: torch.Tensor) -> torch.Tensor:
    """``log e`` of all states but the first to the mean of those before: ``(batch, n)`` to ``(batch, n - 1)``."""
    squares = states.square().sum(-1)  # (batch, n)
    weights = torch.where(squares > _NO_DIRECTION, squares.reciprocal(), 0.0)
    total = weights.cumsum(1)[:, :-1, None].clamp_min(_SMALLEST)
    means = (states * weights[..., None]).cumsum(1)[:, :-1] / total  # (batch, n - 1, hidden)
    before = torch.arange(1, means.shape[1] + 1, device=states.device)
    distances = (states[:, 1:] - means).square().sum(-1) * (before / (before + 1))
    floor = _ROUNDING * (squares[:, 1:] + means.square().sum(-1))
    return torch.maximum(distances, floor).clamp_min(_SMALLEST).log()
