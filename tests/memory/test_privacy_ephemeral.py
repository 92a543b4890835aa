"""Sessions that are kept in RAM only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving import Memory, MemoryConfig
from reweaving.errors import InputError
from reweaving.memory.privacy.ephemeral import EphemeralStore
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.base import MemoryStore, Selection
from tests.memory.kept import Clock, files, note, shown


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    with Memory.open(tmp_path / "m", "ann", clock=clock) as opened:
        yield opened


def test_an_ephemeral_session_reaches_no_file(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([note("note durable", timestamp=1.0)])
        generation, before = memory.generation, files(tmp_path)
        memory.make_ephemeral("Qzfriday")
        secrets = [
            note("note Qzwhisper", sequence_id="Qzfriday", timestamp=2.0, pinned=True),
            note("note Qzmurmur", sequence_id="Qzfriday", timestamp=0.5, position_idx=1),
        ]
        memory.add(secrets)
        assert memory.generation > generation
        memory.touch([secrets[0].id])
        memory.update(secrets[0].id, text="note Qzwhispered", tags=("Qztag",))
        memory.pin(secrets[1].id)
        assert files(tmp_path) == before, "no file has changed"
        assert shown(memory) == {"note durable", "note Qzwhispered", "note Qzmurmur"}
        assert [e.text for e in memory.newest(2)] == ["note Qzwhispered", "note durable"]
        assert [e.text for e in memory.entries(session="Qzfriday")] == [
            "note Qzwhispered",
            "note Qzmurmur",
        ]
        assert memory.get(secrets[0].id).access_count == 1
        assert [e.what for e in memory.history(secrets[0].id)] == ["added", "updated"]
        assert (memory.stats().entries, memory.stats().pinned) == (3, 2)
        assert files(tmp_path) == before
        for path in tmp_path.rglob("*"):
            if path.is_file():
                for needle in (
                    b"zwhisper",
                    b"zmurmur",
                    b"zfriday",
                    b"ztag",
                    secrets[0].id.encode(),
                ):
                    assert needle not in path.read_bytes(), (path, needle)
        assert memory.forget(text="MURMUR").ids == (secrets[1].id,)
        assert shown(memory) == {"note durable", "note Qzwhispered"}
        memory.add([note("note later", sequence_id="Qzfriday")])
        assert memory.is_ephemeral("Qzfriday")
    with Memory.open(tmp_path / "m", "ann") as memory:
        assert shown(memory) == {"note durable"}
        assert not memory.is_ephemeral("Qzfriday")
        assert memory.history(secrets[0].id) == []


def test_a_session_is_ephemeral_as_a_whole_or_not_at_all(memory: Memory) -> None:
    memory.add([note("note durable")])
    with pytest.raises(InputError, match="has entries on the disk already"):
        memory.make_ephemeral("monday")
    assert not memory.is_ephemeral("monday")
    memory.make_ephemeral("friday")
    memory.make_ephemeral("friday")
    memory.make_ephemeral(1)
    assert not memory.is_ephemeral("1")
    mixed = [note("note a", sequence_id="friday"), note("note b"), note("note c", sequence_id=1)]
    memory.add(mixed)
    durable = memory._everything.bare
    assert {e.text for e in durable.scan("ann")} == {"note durable", "note b"}


def test_adding_to_both_is_all_or_nothing(memory: Memory) -> None:
    memory.make_ephemeral("friday")
    first = note("note first", sequence_id="friday")
    memory.add([first])
    bad = [
        [note("note x"), note("note y", sequence_id="friday", relevance_score=float("nan"))],
        [note("note x", relevance_score=float("nan")), note("note y", sequence_id="friday")],
        [note("note x", id=first.id)],
        [note("note x", id="one"), note("note y", id="one", sequence_id="friday")],
    ]
    for entries in bad:
        with pytest.raises(InputError):
            memory.add(entries)
        assert shown(memory) == {"note first"}


def test_limits_and_corrections_tell_the_disk_nothing(tmp_path: Path) -> None:
    config = MemoryConfig(max_entries=3, at_hand_bytes=10**6)
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        memory.add([old := note("note durable", pinned=True)])
        memory.make_ephemeral("friday")
        before = files(tmp_path)
        said = [note(f"note {n}", sequence_id="friday", position_idx=n) for n in range(5)]
        for entry in said:
            memory.add([entry])
        assert shown(memory) == {"note durable", "note 3", "note 4"}
        memory.update(said[3].id, superseded_by=said[4].id)
        assert files(tmp_path) == before
        with pytest.raises(InputError):
            memory.update(old.id, superseded_by=said[4].id)
        memory.maintain()
        memory.consolidate()
        raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert not [entry.id for entry in said if entry.id.encode() in raw]
        assert b"friday" not in raw
        memory.add([note("note two"), note("note three", sequence_id="friday")])
        assert len(shown(memory)) == 3


def test_ephemeral_entries_expire_as_well(memory: Memory, clock: Clock) -> None:
    memory.make_ephemeral("friday")
    memory.add([note("note brief", sequence_id="friday", ttl_seconds=5.0), note("note stays")])
    clock.now += 4
    memory.touch([e.id for e in memory.entries(session="friday")])
    clock.now += 4
    assert shown(memory) == {"note brief", "note stays"}
    clock.now += 1
    assert shown(memory) == {"note stays"}
    assert len(memory.prune().ids) == 1


def test_wrapped_stores_hand_on_every_call() -> None:
    """A method that a wrapper does not know would be answered by the base, past the store."""
    offered = {name for name in vars(MemoryStore) if not name.startswith("_")}
    assert offered <= vars(WrappedStore).keys()
    reading = {"get_many", "scan", "keys", "holdings", "search", "expired", "matching_ids"}
    changing = {"put_many", "update_many", "delete_many", "replace_many", "close", "ledger"}
    assert reading | changing <= vars(EphemeralStore).keys()


def test_the_disk_is_not_asked_about_names_it_may_not_know(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.make_ephemeral("Qzsecret")
        assert list(memory._everything.bare.scan("ann", Selection(session="Qzsecret"))) == []
        memory.set_note("kept", 1)
        assert memory.note("kept") == 1
        memory.forget(namespace=True)
        assert memory.note("kept") is None
