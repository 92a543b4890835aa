"""Times to live: what has expired is gone, use prolongs, pruning erases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving import Memory, MemoryConfig
from reweaving.errors import ConfigurationError, InputError
from tests.memory.kept import Clock, files, note, shown


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    with Memory.open(tmp_path / "m", "ann", clock=clock) as opened:
        yield opened


def test_what_has_expired_is_gone_before_it_is_deleted(memory: Memory, clock: Clock) -> None:
    short, long = note("note short", ttl_seconds=10.0), note("note long", ttl_seconds=100.0)
    fixed, forever = note("note fixed", expires_at=clock.now + 50), note("note forever")
    memory.add([short, long, fixed, forever])
    assert (short.expires_at, long.expires_at) == (clock.now + 10, clock.now + 100)
    assert len(shown(memory)) == 4
    generation = memory.generation
    clock.now += 10
    assert shown(memory) == {"note long", "note fixed", "note forever"}
    assert memory.expired() == [short.id]
    with pytest.raises(InputError, match="no entry"):
        memory.get(short.id)
    with pytest.raises(InputError, match="no entry"):
        memory.update(short.id, expires_at=clock.now + 1000)
    memory.touch([short.id])
    memory.prolong([short.id])
    assert memory.expired() == [short.id], "nothing brings it back"
    assert len(memory.entries(limit=2)) == 2
    assert len(memory.search("note", 3)) == 3
    assert len(memory.newest(3)) == 3
    clock.now += 40
    assert shown(memory) == {"note long", "note forever"}
    clock.now += 1000
    assert shown(memory) == {"note forever"}
    assert memory.generation == generation
    assert memory.stats().entries == 4, "the premise: nobody has deleted anything"


def test_use_prolongs_life(memory: Memory, clock: Clock) -> None:
    used, read, idle = (note(f"note {name}", ttl_seconds=10.0) for name in ("used", "read", "idle"))
    fixed = note("note fixed", expires_at=clock.now + 12)
    memory.add([used, read, idle, fixed])
    for _ in range(3):
        clock.now += 6
        memory.touch([used.id, fixed.id])
        memory.prolong([read.id, fixed.id])
    assert shown(memory) == {"note used", "note read"}
    assert memory.get(used.id).access_count == 3
    assert memory.get(read.id).access_count == 0
    memory.update(read.id, expires_at=clock.now + 10_000)
    memory.touch([read.id])
    assert memory.get(read.id).expires_at == clock.now + 10_000, "no use shortens a life"
    memory.update(used.id, expires_at=None, ttl_seconds=None)
    clock.now += 5_000
    assert shown(memory) == {"note used", "note read"}


def test_pruning_forgets_with_a_receipt(memory: Memory, clock: Clock, tmp_path: Path) -> None:
    memory.add([note("note Qzgone", ttl_seconds=10.0, sequence_id="Qzsession"), note("note stays")])
    clock.now += 9
    before = files(tmp_path)
    assert memory.prune().ids == ()
    assert files(tmp_path) == before, "nothing to prune, nothing written"
    clock.now += 1
    receipt = memory.prune()
    assert (len(receipt.ids), receipt.tokens) == (1, 2)
    assert set(receipt.files.values()) >= {"rewritten", "truncated"}
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Qzgone" not in raw
    assert b"zgone" not in raw
    assert b"Qzsession" not in raw
    assert memory.expired() == []
    assert shown(memory) == {"note stays"}


def test_forgetting_reaches_what_has_expired(memory: Memory, clock: Clock) -> None:
    memory.add([note("note one", ttl_seconds=1.0), note("note two", ttl_seconds=1.0)])
    clock.now += 5
    assert len(memory.forget(text="note one").ids) == 1
    assert len(memory.forget(namespace=True).ids) == 1
    assert memory.stats().entries == 0


def test_a_memory_has_a_time_to_live_of_its_own(clock: Clock) -> None:
    config = MemoryConfig(ttl_seconds=10.0)
    with Memory.open(":memory:", "ann", config, clock=clock) as memory:
        memory.add([note("note a"), note("note b", ttl_seconds=99.0)])
        memory.add([note("note c", expires_at=clock.now + 50)])
        clock.now += 20
        assert shown(memory) == {"note b", "note c"}
    with pytest.raises(ConfigurationError, match="ttl_seconds"):
        MemoryConfig(ttl_seconds=0)


def test_forgetting_by_time(memory: Memory) -> None:
    memory.add([note(f"note {day}", timestamp=float(day)) for day in range(1, 7)])
    assert len(memory.forget(after=6.0).ids) == 1
    assert len(memory.forget(after=2.0, before=4.0).ids) == 2
    assert shown(memory) == {"note 1", "note 4", "note 5"}
    assert len(memory.forget(before=2.0).ids) == 1
