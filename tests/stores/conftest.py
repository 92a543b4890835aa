"""Stores and entries for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from reweaving.memory.capacity import Limit, Limits
from reweaving.memory.eviction.base import EVICTION_POLICIES
from reweaving.memory.limits import LimitedStore
from reweaving.memory.privacy.ephemeral import EphemeralStore
from reweaving.memory.privacy.retention import LivingStore
from reweaving.memory.tiered import TieredStore
from reweaving.stores import STORES
from reweaving.stores.base import MemoryStore
from reweaving.stores.master_key import StoreKey, new_key
from reweaving.types import MemoryEntry

MakeEntry = Callable[..., MemoryEntry]


def location_of(name: str, tmp_path: Path) -> str:
    """Where a store of each registered name is opened in a test."""
    return {"sqlite": str(tmp_path / "store")}.get(name, f"{name}://{tmp_path / 'store'}")


WRAPPED = (
    "sqlite in RAM",
    "sqlite encrypted",
    "sqlite with an ephemeral session",
    "sqlite with limits",
    "sqlite with states at hand",
)


@pytest.fixture(params=["sqlite", *WRAPPED])  # PostgreSQL: tests/contracts
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryStore]:
    name = request.param
    location = ":memory:" if name == "sqlite in RAM" else location_of(name.split()[0], tmp_path)
    opened = STORES.get(name.split()[0]).open(location)
    if name == "sqlite encrypted":
        opened.unlock(StoreKey(new_key()))
    if name == "sqlite with an ephemeral session":
        two = EphemeralStore(opened)
        for namespace in ("ann", "bob"):
            two.keep_in_ram(namespace, "monday")
        opened = LivingStore(two)
    if name == "sqlite with limits":  # so far away that nothing is evicted
        far = Limit(entries=10_000, bytes=2**40)
        limits = Limits(total=far, layer=far, tiers={"recent": far})
        opened = LimitedStore(opened, limits, EVICTION_POLICIES.get("lru_relevance")())
    if name == "sqlite with states at hand":
        opened = TieredStore(opened, max_bytes=2**20, recent_bytes=2**10)
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
