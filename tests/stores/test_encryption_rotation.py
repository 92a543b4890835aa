"""Another key for an encrypted store, also when the process dies meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving.errors import (
    DamagedEntryError,
    KeyRefusedError,
    StoreError,
)
from reweaving.stores import rotation
from reweaving.stores.master_key import StoreKey
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import MemoryEntry
from tests.stores.same import differences
from tests.stores.sealed import (
    KEY,
    OTHER,
    everything,
    files_with,
    opened,
    require_refused,
    secret,
    traces,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = opened(tmp_path / "m")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("old", "new"), [(KEY, OTHER), (None, KEY), (KEY, None)], ids=["rotate", "encrypt", "decrypt"]
)
def test_everything_gets_another_key(tmp_path: Path, old: str | None, new: str | None) -> None:
    folder = tmp_path / "m"
    store = opened(folder, old)
    entries = [secret(number) for number in range(40)]  # more than a page
    entries[3].hidden_state, entries[4].key_state = entries[2].hidden_state, None
    entries[5] = MemoryEntry(None, (0,), "bare", 5, codec="replay", text="bare", token_ids=(1,))
    store.put_many("ann", entries)
    store.put_many("bob", [secret(50)])
    hits = store.search("ann", "Qzxylophone3", 5)
    before = {path: path.read_bytes() for path in folder.rglob("*.safetensors")}
    receipt = store.rotate_key(None if new is None else StoreKey(new))
    after = set(folder.rglob("*.safetensors"))
    assert len(after) == len(before)
    assert not after & set(before)
    assert sorted(receipt.values()) == ["rewritten", "truncated", *["unlinked"] * len(before)]
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(data[40:80] in raw for data in before.values()), "nothing of the old files"
    assert store.search("ann", "Qzxylophone3", 5) == hits
    store.put_many("ann", [secret(60)])
    store.close()
    with pytest.raises(KeyRefusedError):
        opened(folder, old)
    again = opened(folder, new)
    assert [differences(a, b) for a, b in zip(everything(again)[:40], entries, strict=True)] == [
        ["namespace"]
    ] * 40
    assert len(everything(again, "bob")) == 1
    if new is not None:
        for entry in (entries[0], entries[39]):
            assert [t for t in traces(entry) if files_with(folder, t)] == []
    again.close()


def test_a_damaged_entry_stops_the_rotation(tmp_path: Path) -> None:
    for old in (KEY, None):
        folder = tmp_path / str(old)[:4]
        store = opened(folder, old)
        store.put_many("ann", [secret(number) for number in range(3)])
        path = sorted(folder.rglob("*.safetensors"))[1]
        data = path.read_bytes()
        path.write_bytes(data[:-3] + b"\0\0\1")
        files = {p for p in folder.rglob("*") if p.is_file()}
        with pytest.raises(DamagedEntryError):
            store.rotate_key(StoreKey(OTHER))
        path.write_bytes(data)
        assert len(everything(store)) == 3
        store.close()
        store = opened(folder, old)
        assert len(everything(store)) == 3
        assert files - {p for p in folder.rglob("*") if p.is_file()} <= {
            folder / "memory.sqlite3-wal",
            folder / "memory.sqlite3-shm",
        }
        store.close()


def test_what_does_not_read_back_stops_the_rotation(
    tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_many("ann", [secret(1)])
    monkeypatch.setattr(rotation, "_update", lambda connection, number, item: None)
    with pytest.raises((StoreError, DamagedEntryError)):
        store.rotate_key(StoreKey(OTHER))
    monkeypatch.undo()
    assert len(everything(store)) == 1


def test_other_processes_notice_another_key(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    entry = secret(1)
    plain, rotating = opened(folder, None), opened(folder, None)
    plain.put_many("ann", [entry])
    rotating.rotate_key(StoreKey(KEY))
    sealed = opened(folder)
    for late, done in ((plain, sealed), (sealed, rotating)):
        if done is rotating:
            rotating.rotate_key(StoreKey(OTHER))
        require_refused(late, entry.id)
        late.close()
    assert files_with(folder, b"Qzleak") == []
    assert len(everything(rotating)) == 1
    rotating.close()


_DYING = """
import os, sys
from pathlib import Path
from reweaving.stores import rotation, sqlite
from reweaving.stores.master_key import StoreKey
from reweaving.stores.sqlite import SqliteStore

folder, old, new, stage = sys.argv[1:]
store = SqliteStore.open(folder)
store.unlock(StoreKey(old) if old else None)
die = lambda *_: os.kill(os.getpid(), 9)
if stage == "payloads":
    real, seen = rotation._reseal_page, []
    rotation._reseal_page = lambda *a: (die() if seen else seen.append(real(*a)))
elif stage == "commit":
    rotation.write_header = die
else:
    sqlite.sweep_all = die
store.rotate_key(StoreKey(new) if new else None)
"""


@pytest.mark.parametrize("stage", ["payloads", "commit", "sweep"])
@pytest.mark.parametrize(("old", "new"), [(KEY, OTHER), (None, KEY)], ids=["rotate", "encrypt"])
def test_a_killed_rotation_leaves_one_key_that_opens(
    tmp_path: Path, old: str | None, new: str, stage: str
) -> None:
    folder = tmp_path / "m"
    store = opened(folder, old)
    entries = [secret(number) for number in range(40)]
    store.put_many("ann", entries)
    store.close()
    before = set(folder.rglob("*.safetensors"))
    argv = [sys.executable, "-c", _DYING, str(folder), old or "", new, stage]
    died = subprocess.run(argv, capture_output=True, env={**os.environ}, check=False)
    assert died.returncode == -9, died.stderr.decode()[-500:]
    left = set(folder.rglob("*.safetensors"))
    assert left > before, "the premise: files of both keys lie side by side"
    alive, dead = (new, old) if stage == "sweep" else (old, new)
    with pytest.raises(KeyRefusedError):
        opened(folder, dead)
    store = opened(folder, alive)
    assert [differences(a, b) for a, b in zip(everything(store), entries, strict=True)] == [
        ["namespace"]
    ] * 40
    if stage == "sweep":
        assert not set(folder.rglob("*.safetensors")) & before, "opening removed the earlier files"
        assert [t for t in traces(entries[7]) if files_with(folder, t)] == []
    else:
        store.rotate_key(StoreKey(new))
        assert len(set(folder.rglob("*.safetensors"))) == 40
    store.close()
