"""Memories for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reweaving.memory.memory import Memory
from tests.retrieval.world import STORIES, entry


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory.open(":memory:", namespace="ann") as opened:
        yield opened


@pytest.fixture
def filled(memory: Memory) -> Memory:
    memory.add([entry(text, f"s{at % 5}", 1 + 30 * at) for at, text in enumerate(STORIES)])
    return memory
