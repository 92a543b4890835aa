"""The way from the residual stream to keys and values where one module makes queries, keys and values together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import linear
from transformers.pytorch_utils import Conv1D

from reweaving.adapters.projections import KeysValues


@dataclass(frozen=True)
class FusedProjection:
    """Norm and joint projection of one layer.

    Queries stand before the keys, and these before the values: of the whole output (Phi-3, GPT-2), where only the rows
    of keys and values are multiplied, or of each head's part of it (GPT-NeoX), where queries come along.

    Parameters
    ----------
    norm, joint
        The layer's input norm, and its ``qkv_proj``, ``c_attn`` or ``query_key_value``.
    heads, kv_heads, head_dim
        Of the layer.
    by_head
        Whether each head's query, key and value stand together.
    """

    norm: nn.Module
    joint: Any
    heads: int
    kv_heads: int
    head_dim: int
    by_head: bool

    @property
    def modules(self) -> tuple[nn.Module, ...]:
        """What a pass of the model has to be watched at; their outputs are what `finished` takes."""
        return (self.joint,)

    def __call__(self, hidden: torch.Tensor) -> KeysValues:
        """States ``(batch, tokens, hidden)`` to keys before rotation and values, as `DirectProjection` does."""
        with torch.no_grad():
            normed = self.norm.forward(hidden)  # (batch, tokens, hidden)
            # Weights that accelerate keeps elsewhere come only to a module that is entered.
            if self.by_head or hasattr(self.joint, "_hf_hook"):
                return self.finished(self.joint.forward(normed))
            skipped = self.heads * self.head_dim
            weight, bias = self.joint.weight, self.joint.bias
            if isinstance(self.joint, Conv1D):
                weight = weight.T  # (outputs, hidden)
            pairs = linear(normed, weight[skipped:], None if bias is None else bias[skipped:])
            return self._apart(pairs)

    def finished(self, joint: torch.Tensor) -> KeysValues:
        """Keys before rotation and values from what the module gave, ``(batch, tokens, outputs)``.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, tokens, head_dim)``.
        """
        if self.by_head:
            parts = joint.unflatten(-1, (self.heads, 3, self.head_dim))
            return parts[..., 1, :].transpose(1, 2), parts[..., 2, :].transpose(1, 2)
        return self._apart(joint[..., self.heads * self.head_dim :])

    def _apart(self, pairs: torch.Tensor) -> KeysValues:
        parts = pairs.unflatten(-1, (2, self.kv_heads, self.head_dim))
        return parts[..., 0, :, :].transpose(1, 2), parts[..., 1, :, :].transpose(1, 2)


_NAMES = ("qkv_proj", "c_attn", "query_key_value")


def joint_projection(
    layer: nn.Module, attention: nn.Module, norm: str, heads: int, kv_heads: int
) -> FusedProjection | None:
    """The projection of a layer with one module for all three; None where there is no such module.

    Whether the module is laid out as its name says is for the caller to measure. Quantised and adapted modules have no
    rows to pick from and are left to the whole layer.
    """
    before: nn.Module | None = getattr(layer, norm, None)
    for name in _NAMES:
        joint = getattr(attention, name, None)
        width = getattr(attention, "head_dim", getattr(attention, "head_size", None))
        if type(joint) in (nn.Linear, Conv1D) and before is not None and isinstance(width, int):
            return FusedProjection(
                before, joint, heads, kv_heads, width, by_head=name == "query_key_value"
            )
    return None
