"""`ReconstructionIntegrator`: memory and the request's own context become one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import nn

Integration = Literal["weighted_sum", "gated", "attention"]

AttendWith = Callable[[float | None], torch.Tensor]
"""Attention over memory and request, memory's scores raised by a number of nats; None: without memory."""


class ReconstructionIntegrator(nn.Module):
    """Joins what memory gives with what the request gives, in attention or in the residual stream.

    In attention, with ``Z`` the sum of exponentiated scores and ``o`` the attention output over memory (m) and
    over the request (s), one softmax over both is ``(Z_m o_m + Z_s o_s) / (Z_m + Z_s)``. Of that,

    * ``attention`` changes nothing: exact weaving;
    * ``weighted_sum`` is ``(w Z_m o_m + (1 - w) Z_s o_s) / (w Z_m + (1 - w) Z_s)``: ``log(w / (1 - w))`` is
      added to memory's scores. ``w = 0`` is the plain model, ``w = 1/2`` exact weaving;
    * ``gated`` is ``o_s + tanh(a) (o - o_s)`` with one ``a`` per layer and head, zero until trained (tanh
      gates: Flamingo, Alayrac et al. 2022; gates per head: Memorizing Transformers, Wu et al. 2022).

    In the residual stream, with an update ``u`` that a trained reconstructor proposes for the state ``h``,

    * ``weighted_sum`` is ``h + w u``;
    * ``gated`` is ``h + tanh(a) u`` with one ``a`` per layer, zero until trained;
    * ``attention`` is ``h + p u``, ``p`` the softmax weight of the update against the state, for each token:
      ``p = softmax(h·k_h, h·k_u)[1]`` with trained ``k`` (hierarchical attention combination, Libovický and
      Helcl 2017), one half until trained.

    Parameters
    ----------
    layers
        Decoder layers of the model.
    method
        ``weighted_sum``, ``gated`` or ``attention``.
    memory_weight
        ``w``, in [0, 1).
    heads
        Query heads per layer; 1 for the residual stream.
    hidden_size
        Width of the residual stream, for ``attention`` there.
    """

    def __init__(
        self,
        layers: int,
        method: Integration = "weighted_sum",
        memory_weight: float = 0.3,
        heads: int = 1,
        hidden_size: int = 0,
    ) -> None:
        super().__init__()
        self.method, self.memory_weight = method, memory_weight
        self.gates = nn.Parameter(torch.zeros(layers, heads)) if method == "gated" else None
        weighs = method == "attention" and hidden_size > 0
        self.scales = nn.Parameter(torch.zeros(layers, 2, hidden_size)) if weighs else None

    @property
    def log_odds(self) -> float:
        """Nats added to memory's scores."""
        if self.method != "weighted_sum":
            return 0.0
        weight = self.memory_weight
        return math.log(weight) - math.log1p(-weight) if weight > 0 else -math.inf

    def attend(self, layer: int, attend: AttendWith) -> torch.Tensor:
        """One layer's attention output, shape ``(batch, queries, heads, head_dim)``."""
        if self.method == "weighted_sum" and self.memory_weight == 0:
            return attend(None)
        joint = attend(self.log_odds)
        if self.gates is None:
            return joint
        gate = torch.tanh(self.gates[layer]).to(joint)[None, None, :, None]  # (1, 1, heads, 1)
        alone = attend(None)
        return alone + gate * (joint - alone)

    def add(self, layer: int, hidden: torch.Tensor, update: torch.Tensor) -> torch.Tensor:
        """The residual stream with an update, both of shape ``(batch, tokens, hidden)``."""
        if self.gates is not None:
            share = torch.tanh(self.gates[layer, 0])
        elif self.scales is not None:
            whole = nn.functional.layer_norm(hidden.float(), hidden.shape[-1:])
            offered = nn.functional.layer_norm(update.float(), update.shape[-1:])
            scores = torch.stack(
                [whole @ self.scales[layer, 0], offered @ self.scales[layer, 1]], dim=-1
            )  # (batch, tokens, 2)
            share = scores.softmax(-1)[..., 1:]  # (batch, tokens, 1)
        else:
            share = torch.tensor(self.memory_weight)
        return hidden + share.to(hidden) * update.to(hidden)
