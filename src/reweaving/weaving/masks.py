"""Masks over woven slots and the request's own keys: complete, additive, and with memory's scores raised."""

from __future__ import annotations

from typing import Any

import torch

from reweaving.errors import InputError
from reweaving.weaving.weave import Weave


def full_mask(
    weave: Weave, mask: Any, batch: int, queries: int, keys: int, device: torch.device
) -> torch.Tensor | None:
    """A mask over slots and keys, whatever came in; None where every query sees everything."""
    if mask is None:
        if queries == 1 and weave.full:
            return None
        seen = (
            torch.arange(keys, device=device)
            <= torch.arange(queries, device=device)[:, None] + keys - queries
        )
        mask = seen[None, None].expand(batch, 1, queries, keys)
    if not isinstance(mask, torch.Tensor) or mask.ndim != 4:
        raise InputError(
            f"attention got a mask of type {type(mask).__name__}; weaving needs none, "
            "a 2D padding mask, or a dense 4D one"
        )
    if mask.shape[-1] == weave.slots + keys:
        return mask.to(device)
    # A mask of the user's own, made without knowledge of memory: all woven tokens lie before the request.
    slots = (
        weave.expanded(weave.valid, batch).to(device)[:, None, None, :].expand(-1, -1, queries, -1)
    )
    mask = mask[..., :keys].expand(batch, -1, -1, -1).to(device)
    if mask.dtype != torch.bool:
        slots = _as_bias(slots, mask.dtype)
    return torch.cat([slots.expand(-1, mask.shape[1], -1, -1), mask], dim=-1)


def additive_mask(mask: torch.Tensor | None, dtype: torch.dtype) -> torch.Tensor | None:
    """A boolean mask as what is added to scores; others as they are."""
    return mask if mask is None or mask.dtype != torch.bool else _as_bias(mask, dtype)


def raised_mask(
    mask: torch.Tensor | None, nats: float, slots: int, keys: torch.Tensor
) -> torch.Tensor | None:
    """The mask with a number of nats added to every score of memory."""
    if nats == 0:
        return mask
    if mask is None:
        raised = torch.zeros(1, 1, 1, keys.shape[2], dtype=keys.dtype, device=keys.device)
    else:
        raised = _as_bias(mask, keys.dtype) if mask.dtype == torch.bool else mask.clone()
    # What is closed stays closed: the smallest number plus a few nats is still the smallest in low precision.
    raised[..., :slots] = (raised[..., :slots] + nats).clamp_min(torch.finfo(raised.dtype).min)
    return raised


def _as_bias(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return torch.zeros((), dtype=dtype, device=mask.device).masked_fill(
        ~mask, torch.finfo(dtype).min
    )
