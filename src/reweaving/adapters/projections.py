"""A layer's own way from the residual stream to keys and values, without the rest of its attention module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

KeysValues = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class DirectProjection:
    """Norm, key and value projections of one layer, and the norm of the keys where there is one.

    Modules are entered by their ``forward``: hooks of other people, and our own capture, must not see this.

    Parameters
    ----------
    norm, key, value
        The layer's input norm and projections, which give ``(batch, tokens, kv_heads * head_dim)``.
    key_norm
        Applied to the keys of each head; None where there is none.
    head_dim
        Width of a head.
    """

    norm: nn.Module
    key: nn.Module
    value: nn.Module
    key_norm: nn.Module | None
    head_dim: int

    @property
    def modules(self) -> tuple[nn.Module, ...]:
        """What a pass of the model has to be watched at; their outputs are what `finished` takes."""
        return self.key, self.value

    def __call__(self, hidden: torch.Tensor) -> KeysValues:
        """States ``(batch, tokens, hidden)`` to keys before rotation and values.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, tokens, head_dim)``.
        """
        with torch.no_grad():
            normed = self.norm.forward(hidden)  # (batch, tokens, hidden)
            return self.finished(self.key.forward(normed), self.value.forward(normed))

    def finished(self, keys: torch.Tensor, values: torch.Tensor) -> KeysValues:
        """Keys before rotation and values from what the two projections gave in a pass of the model.

        Parameters
        ----------
        keys, values
            Shape ``(batch, tokens, kv_heads * head_dim)``.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, tokens, head_dim)``.
        """
        with torch.no_grad():
            apart = self._heads(keys)
            if self.key_norm is not None:
                apart = self.key_norm.forward(apart)
        return apart.transpose(1, 2), self._heads(values).transpose(1, 2)

    def _heads(self, flat: torch.Tensor) -> torch.Tensor:
        heads: torch.Tensor = flat.unflatten(-1, (-1, self.head_dim))
        return heads


def separate(layer: nn.Module, attention: nn.Module, norm: str) -> DirectProjection | None:
    """The projection of a layer with ``k_proj`` and ``v_proj``; None where they are not to be found."""
    found: dict[str, Any] = {
        "norm": getattr(layer, norm, None),
        "key": getattr(attention, "k_proj", None),
        "value": getattr(attention, "v_proj", None),
    }
    head_dim = getattr(attention, "head_dim", None)
    if None in found.values() or not isinstance(head_dim, int):
        return None
    return DirectProjection(**found, key_norm=getattr(attention, "k_norm", None), head_dim=head_dim)
