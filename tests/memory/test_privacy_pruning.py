"""What has expired goes with a later commit, without anybody asking, and never many at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from reweaving import Memory, MemoryConfig
from reweaving.memory.privacy import pruning
from tests.memory.kept import Clock, files, note


def test_a_short_life_ends_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    config = MemoryConfig(prune_every_seconds=0.1)
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        states = [torch.full((1, 2, 4), float(i + 2)) for i in range(3)]  # files of their own
        memory.add([note(f"note {i}", hidden_state=states[i], ttl_seconds=0.3) for i in range(3)])
        memory.add([note("note forever")])
        assert memory.stats().entries == 4
        before = set(files(tmp_path / "m"))
        time.sleep(0.5)
        memory.add([note("note late")])
        assert memory.stats().entries == 2, "gone from the store, not only hidden"
        assert memory.expired() == []
        gone = before - set(files(tmp_path / "m"))
        assert len([name for name in gone if str(name).endswith(".safetensors")]) == 3


def test_opening_and_reading_delete_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory:
        memory.add([note("note mortal", ttl_seconds=1.0)])
    clock.now += 5
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory:
        assert memory.entries() == []
        assert memory.stats().entries == 1


def test_a_commit_waits_for_few_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "MOST_AT_ONCE", 2)
    clock = Clock()
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory:
        memory.add([note(f"note {i}", ttl_seconds=1.0) for i in range(5)])
        clock.now += 100
        left = []
        for i in range(4):
            memory.add([note(f"note late {i}")])
            left.append(len(memory.expired()))
        assert left == [3, 1, 0, 0]
        memory.add([note("note soon", ttl_seconds=1.0)])
        clock.now += 30
        memory.add([note("note")])
        assert len(memory.expired()) == 1, "not yet: it looked less than a minute ago"
        clock.now += 31
        memory.add([note("note again")])
        assert memory.expired() == []


def test_another_namespace_and_a_memory_that_wants_none_are_left_alone(tmp_path: Path) -> None:
    clock = Clock()
    never = MemoryConfig(prune_every_seconds=None)
    with (
        Memory.open(tmp_path / "m", "ann", clock=clock) as ann,
        Memory.open(tmp_path / "m", "bob", never, clock=clock) as bob,
    ):
        for memory in (ann, bob):
            memory.add([note("note mortal", ttl_seconds=1.0)])
        clock.now += 500
        for memory in (ann, bob):
            memory.add([note("note late")])
        assert (ann.stats().entries, bob.stats().entries) == (1, 2)
