"""Whether two entries are the same, bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import torch

from reweaving.types import MemoryEntry


def same_bits(left: torch.Tensor, right: torch.Tensor) -> bool:
    return (
        left.dtype == right.dtype
        and left.shape == right.shape
        and torch.equal(left.reshape(-1).view(torch.uint8), right.reshape(-1).view(torch.uint8))
    )


def differences(left: MemoryEntry, right: MemoryEntry) -> list[str]:
    """Names of the fields in which two entries differ."""
    return [
        field.name
        for field in fields(MemoryEntry)
        if not _same(getattr(left, field.name), getattr(right, field.name))
    ]


def _same(left: object, right: object) -> bool:
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return same_bits(left, right)
    if isinstance(left, tuple) and isinstance(right, Sequence) and not isinstance(right, str):
        return (
            type(left) is type(right)
            and len(left) == len(right)
            and all(_same(a, b) for a, b in zip(left, right, strict=True))
        )
    return type(left) is type(right) and left == right
