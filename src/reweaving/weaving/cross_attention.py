"""`MemoryReader`: the request's residual stream asks stored states (the method ``attention``)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class MemoryReader(nn.Module):
    """Cross-attention from the residual stream to stored states of the same layer, at some layers.

    ``u = softmax(Q(h) K(m)ᵀ / √d) V(m) O`` with normalised ``h`` and ``m`` (scaled dot-product attention, Vaswani
    et al. 2017, equation 1; inserted between frozen layers as in Flamingo, Alayrac et al. 2022). ``O`` is zero
    until trained, so that the update is. Behind a gate that is zero itself ``O`` is drawn instead: two zeros
    in a row would have no gradient.

    Parameters
    ----------
    layers
        Decoder layers in front of which memory is read.
    hidden_size
        Width of the residual stream.
    heads, head_dim
        Of the cross-attention.
    gated
        Whether a gate behind it keeps the update away until trained.
    """

    def __init__(
        self,
        layers: Sequence[int],
        hidden_size: int,
        heads: int = 4,
        head_dim: int = 64,
        *,
        gated: bool = False,
    ) -> None:
        super().__init__()
        self.layers, self.heads, self.head_dim = tuple(layers), heads, head_dim
        width = heads * head_dim
        generator = torch.Generator().manual_seed(0)
        self.maps = nn.ParameterDict()
        for layer in self.layers:
            for name in ("query", "key", "value"):
                drawn = torch.randn(hidden_size, width, generator=generator) / hidden_size**0.5
                self.maps[f"{name}{layer}"] = nn.Parameter(drawn)
            out = torch.zeros(width, hidden_size)
            if gated:
                out.normal_(0.0, width**-0.5, generator=generator)
            self.maps[f"out{layer}"] = nn.Parameter(out)

    def forward(
        self, layer: int, hidden: torch.Tensor, states: torch.Tensor, valid: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What memory says to each token of the request.

        Parameters
        ----------
        hidden
            Residual stream at the layer's input, shape ``(batch, tokens, hidden)``.
        states
            Stored residual states of the layer, shape ``(batch, slots, hidden)``.
        valid
            Which slots hold a token, shape ``(batch, slots)``.

        Returns
        -------
        update
            Shape ``(batch, tokens, hidden)``, float32; zero in rows without memory.
        weights
            Shape ``(batch, heads, tokens, slots)``.
        """
        asking = self._heads(_normal(hidden) @ self.maps[f"query{layer}"])
        keys = self._heads(_normal(states) @ self.maps[f"key{layer}"])
        values = self._heads(_normal(states) @ self.maps[f"value{layer}"])
        scores = asking @ keys.transpose(2, 3) / self.head_dim**0.5  # (batch, heads, tokens, slots)
        seen = valid[:, None, None, :]
        weights = scores.masked_fill(~seen, torch.finfo(scores.dtype).min).softmax(-1) * seen
        read = (weights @ values).transpose(1, 2).flatten(2)  # (batch, tokens, heads * head_dim)
        return read @ self.maps[f"out{layer}"], weights

    def _heads(self, projected: torch.Tensor) -> torch.Tensor:
        split: torch.Tensor = projected.unflatten(-1, (self.heads, self.head_dim))
        return split.transpose(1, 2)  # (batch, heads, tokens, head_dim)


def _normal(states: torch.Tensor) -> torch.Tensor:
    return nn.functional.layer_norm(states.float(), states.shape[-1:])
