"""Stores and entries for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from reweaving.stores import STORES
from reweaving.stores.base import MemoryStore
from reweaving.types import MemoryEntry

MakeEntry = Callable[..., MemoryEntry]


def location_of(name: str, tmp_path: Path) -> str:
    """Where a store of each registered name is opened in a test."""
    return {"sqlite": str(tmp_path / "store")}.get(name, f"{name}://{tmp_path / 'store'}")


@pytest.fixture(params=[*STORES.names(), "sqlite in RAM"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryStore]:
    name = request.param
    location = ":memory:" if name == "sqlite in RAM" else location_of(name, tmp_path)
    opened = STORES.get(name.split()[0]).open(location)
    yield opened
    opened.close()


@pytest.fixture
def make_entry() -> MakeEntry:
    generator = torch.Generator().manual_seed(0)

    def make(text: str = "The sky is green.", **fields: object) -> MemoryEntry:
        values: dict[str, object] = {
            "hidden_state": torch.randn(2, 3, 8, generator=generator),
            "layer_idx": (0, 1),
            "sequence_id": "monday",
            "position_idx": 1,
            "token_ids": (5, 6, 7),
            "key_state": torch.randn(3, 8, generator=generator).half(),
            "text": text,
            "fingerprint": "f" * 64,
        }
        return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]

    return make
