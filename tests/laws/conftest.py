"""What the laws are checked with: tiny random models and random tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tokens(count: int, seed: int = 0, rows: int = 1) -> torch.Tensor:
    """Random token ids ``(rows, count)`` without special ones."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(2, 160, (rows, count), generator=generator)
