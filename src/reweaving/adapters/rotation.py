"""Rotation of keys by halves, in fewer passes than a family's own function takes."""

from __future__ import annotations

import torch


def turned_halves(keys: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotation of a head's first half against its second (RoFormer, eq. 34, as Llama lays it out).

    Parameters
    ----------
    keys
        Shape ``(batch, kv_heads, tokens, head_dim)``.
    cos, sin
        Shape ``(batch, tokens, head_dim)``.
    """
    half = keys.shape[-1] // 2
    sin = sin[:, None]  # (batch, 1, tokens, head_dim)
    turned = keys * cos[:, None]
    turned[..., :half].sub_(keys[..., half:] * sin[..., :half])
    turned[..., half:].add_(keys[..., :half] * sin[..., half:])
    return turned
