"""`StateTranslator`: the states of layers that were not stored, predicted from one that was (``mlp``)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class StateTranslator(nn.Module):
    """One small MLP per layer, all on the same hidden features of the source layer's state.

    ``t = W_l [x, gelu(V x), 1]`` with ``x`` the state over its root mean square. ``V`` is random and stays as it
    was drawn, so that ``W_l`` is found by ridge regression, in one pass over a text and without a step size
    (random features: Rahimi and Recht 2008; affine maps between layers: tuned lens, Belrose et al. 2023). The
    target is the layer's own state over its root mean square: the norm in front of keys and values takes
    scale away, so nothing that they see is lost. The linear part is the MLP's skip connection.

    Parameters
    ----------
    source
        The layer whose states are stored.
    layers
        The layers that are predicted.
    hidden_size
        Width of the residual stream.
    features
        Hidden units.
    seed
        Of the random features.
    """

    def __init__(
        self,
        source: int,
        layers: Sequence[int],
        hidden_size: int,
        features: int = 512,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.source, self.layers = source, tuple(layers)
        drawn = torch.randn(
            hidden_size, features, generator=torch.Generator().manual_seed(seed)
        ).div(hidden_size**0.5)
        self.register_buffer("inner", drawn)
        self.outer = nn.ParameterDict(
            {
                str(layer): nn.Parameter(torch.zeros(hidden_size + features + 1, hidden_size))
                for layer in self.layers
            }
        )
        self.inner: torch.Tensor

    def features(self, states: torch.Tensor) -> torch.Tensor:
        """``[x, gelu(V x), 1]`` of states ``(tokens, hidden)``: ``(tokens, hidden + features + 1)``."""
        scaled = unit_scale(states)
        bent = nn.functional.gelu(scaled @ self.inner)
        return torch.cat([scaled, bent, torch.ones_like(scaled[:, :1])], dim=-1)

    @torch.no_grad()
    def forward(self, layer: int, states: torch.Tensor) -> torch.Tensor:
        """The layer's states ``(tokens, hidden)``, of unit scale, in float32 on the states' device."""
        weight = self.outer[str(layer)]
        made: torch.Tensor = self.features(states.to(weight.device)) @ weight
        return made.to(states.device)


def unit_scale(states: torch.Tensor) -> torch.Tensor:
    """States over their root mean square, float32."""
    states = states.float()
    scale: torch.Tensor = states.square().mean(-1, keepdim=True).sqrt()
    return states / scale.clamp_min(1e-6)
