"""Gradient: how much the model's predictions hang on a token's state."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from reweaving.scoring.base import ModelLayer, Scorer, ScoringContext
from reweaving.scoring.surprise import next_token_nats
from reweaving.scoring.upper_layers import logits_behind

_SMALLEST = 1e-30


@dataclass(frozen=True)
class GradientScorer(Scorer):
    """``s / (s + half)`` with ``s = |∂L/∂h · h|`` in nats, L the summed surprise of the row's tokens.

    To first order ``s`` is how many nats the tokens behind would cost more or less without the state
    (gradient times input: Simonyan et al., "Deep Inside Convolutional Networks", 2014, §3; for hidden
    units Molchanov et al., "Pruning Convolutional Neural Networks", 2017, eq. 7). The loss is summed, not
    averaged: a mean would shrink every score as the row grows. The last token, behind which nothing is
    predicted, scores 0.

    Without a model, L is the loss of the simplest of all predictors of states, that the next one is like
    this one, ``½ Σ |h_{t+1} - h_t|²``, in units of ``|h_t|²``. It judges far worse than a model does.

    Parameters
    ----------
    half_nats
        Saliency that scores 0.5, in nats.
    """

    half_nats: float = 1.0

    def score(self, context: ScoringContext) -> torch.Tensor:
        """Scores in [0, 1], shape ``(batch, seq)``.

        Runs the model forward and backward once; no parameter gets a gradient.
        """
        if context.model is None:
            salience = _of_states(context.states, context.mask)
            return salience / (salience + 1.0)
        salience = saliency(context.model, context.states, context.ids(), context.mask)
        return salience / (salience + self.half_nats)

    def source(self, context: ScoringContext) -> str:
        """``model`` or ``states``."""
        return "states" if context.model is None else "model"


def saliency(
    model: ModelLayer, states: torch.Tensor, token_ids: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """``|∂L/∂h · h|`` of each state at the model's layer, in nats, float32.

    Parameters
    ----------
    states
        Shape ``(batch, seq, hidden)``.
    token_ids, mask
        Shape ``(batch, seq)``; rows begin with their first token.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, seq)``, on the device of `states`.
    """
    # Also for callers under no_grad or inference_mode, whose tensors cannot be differentiated by.
    with torch.inference_mode(False), torch.enable_grad():
        leaf = states.detach().clone().requires_grad_(True)
        ids, real = token_ids.clone(), mask.clone()
        nats = next_token_nats(logits_behind(model, leaf, ids, real), ids)
        loss = nats.masked_fill(~real.to(nats.device), 0.0).sum()
        # Unlike backward(), this leaves no .grad behind on any parameter.
        (gradient,) = torch.autograd.grad(loss, leaf)
        return (gradient * leaf).sum(-1).abs().detach()


def _of_states(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """``|∂L/∂h_t · h_t| / |h_t|²`` of the loss between neighbours, shape ``(batch, seq)``."""
    steps = (states[:, 1:] - states[:, :-1]).masked_fill(~mask[:, 1:, None], 0.0)
    gradient = torch.zeros_like(states)
    gradient[:, 1:] += steps
    gradient[:, :-1] -= steps
    squares = states.square().sum(-1).clamp_min(_SMALLEST)  # (batch, seq)
    return (gradient * states).sum(-1).abs() / squares
