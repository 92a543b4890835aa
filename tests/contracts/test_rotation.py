"""Encryption keys on each store: a wrong one changes nothing, another one takes everything along."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reweaving.errors import DamagedEntryError, KeyRefusedError, StoreError
from reweaving.stores import codec
from reweaving.stores.base import MemoryStore, Selection
from reweaving.stores.master_key import StoreKey
from reweaving.types import MemoryEntry
from tests.contracts.conftest import open_store
from tests.stores.postgres_server import Server, running_server
from tests.stores.same import differences
from tests.stores.sealed import (
    KEY,
    OTHER,
    everything,
    files_with,
    require_refused,
    rewrite,
    secret,
    traces,
    unlocked,
)
from tests.stores.test_postgres_erasure import places

Find = Callable[[list[bytes]], set[str]]

_numbers = itertools.count(100)


@pytest.fixture(params=["sqlite folder", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose whole folder is searched; nobody else writes into it."""
    with running_server() as running:
        yield running


@pytest.fixture
def postgres_url(server: Server) -> Iterator[str]:
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def find(kind: str, place: str, request: pytest.FixtureRequest) -> Find:
    """Which files of the store hold any of these bytes."""
    if kind == "sqlite folder":
        return lambda needles: {name for n in needles for name in files_with(Path(place), n)}
    server = request.getfixturevalue("server")

    def found(needles: list[bytes]) -> set[str]:
        server.execute("CHECKPOINT")
        return set().union(*places(server.data, needles).values())

    return found


def opened(place: str, key: str | None = KEY) -> MemoryStore:
    return unlocked(open_store(place, "plain"), key)


def secrets(count: int) -> list[MemoryEntry]:
    """Secrets that no other test has."""
    return [secret(number) for number in itertools.islice(_numbers, count)]


def same(store: MemoryStore, entries: list[MemoryEntry]) -> bool:
    found = everything(store)
    return [differences(a, b) for a, b in zip(found, entries, strict=True)] == [
        ["namespace"]
    ] * len(entries)


def test_other_keys_are_refused_and_nothing_is_changed(place: str) -> None:
    entries = secrets(1)
    store = opened(place)
    store.put_many("ann", entries)
    store.close()
    with pytest.raises(KeyRefusedError, match="another key than the one from encryption_key"):
        opened(place, OTHER)
    with pytest.raises(KeyRefusedError, match="REWEAVING_KEY"):
        opened(place, None)
    locked = open_store(place, "locked")
    for call in (
        lambda: locked.get_many("ann", ["x"]) or list(locked.scan("ann")),
        lambda: list(locked.keys("ann")),
        lambda: locked.search("ann", "x", 5),
        lambda: locked.put_many("ann", secrets(1)),
        lambda: locked.ledger.set_note("ann", "a", 1),
        lambda: locked.rotate_key(StoreKey(OTHER)),
        lambda: locked.delete_many("ann", ["x"]),
    ):
        with pytest.raises(KeyRefusedError, match="is encrypted"):
            call()
    locked.close()
    again = opened(place)
    assert same(again, entries)
    again.close()


def test_a_plain_store_with_entries_refuses_a_key(place: str) -> None:
    empty = opened(place, None)
    empty.ledger.set_note("ann", "model", {"name": "x"})  # a note is no entry
    entries = secrets(1)
    empty.put_many("ann", entries)
    empty.close()
    with pytest.raises(KeyRefusedError, match=r"rotate_key\(KEY\)"):
        opened(place)
    plain = opened(place, None)
    assert same(plain, entries)
    plain.close()


@pytest.mark.parametrize(
    ("old", "new"), [(KEY, OTHER), (None, KEY), (KEY, None)], ids=["rotate", "encrypt", "decrypt"]
)
def test_everything_gets_another_key(
    place: str, find: Find, old: str | None, new: str | None
) -> None:
    store = opened(place, old)
    entries = secrets(40)  # more than a page
    entries[3].hidden_state, entries[4].key_state = entries[2].hidden_state, None
    bare = secret(next(_numbers))
    bare.hidden_state, bare.key_state, bare.codec = None, None, "replay"
    entries.append(bare)
    store.put_many("ann", entries)
    store.put_many("bob", [secret(50)])
    word = entries[7].text.split()[0]
    words = [name for name, _ in store.search("ann", word, 5)]
    assert words == [entries[7].id]
    store.rotate_key(None if new is None else StoreKey(new))
    assert same(store, entries)
    assert [name for name, _ in store.search("ann", word, 5)] == words
    (late,) = secrets(1)
    store.put_many("ann", [late])
    store.close()
    with pytest.raises(KeyRefusedError):
        opened(place, old)
    again = opened(place, new)
    assert same(again, [*entries, late])
    assert len(everything(again, "bob")) == 1
    one = Selection(session=entries[9].sequence_id)
    assert [entry.id for entry in again.scan("ann", one)] == [entries[9].id]
    again.close()
    shown = find([trace for entry in (entries[0], entries[39]) for trace in traces(entry)])
    assert bool(shown) is (new is None)


def test_others_notice_another_key(place: str, find: Find) -> None:
    (entry,) = secrets(1)
    plain, rotating = opened(place, None), opened(place, None)
    plain.put_many("ann", [entry])
    rotating.rotate_key(StoreKey(KEY))
    sealed = opened(place)
    for late, done in ((plain, sealed), (sealed, rotating)):
        if done is rotating:
            rotating.rotate_key(StoreKey(OTHER))
        require_refused(late, entry.id)
        late.close()
    assert find([b"Qzleak"]) == set()
    assert same(rotating, [entry])
    rotating.close()


def name_as_of_old(place: str, entry: MemoryEntry) -> None:
    """Name the store's one payload by its SHA-256, in the row and where it lies."""
    item = codec.encode(entry)
    old = hashlib.sha256(item.payload or b"").hexdigest()
    if "://" not in place:
        rewrite(Path(place), entry.id, payload=old)
        (file,) = Path(place).glob(f"payloads/*/{item.row.payload}.*")
        file.rename(file.with_name(file.name.replace(str(item.row.payload), old)))
        return
    import psycopg  # here, so that the other store is tested where it is not installed

    with psycopg.connect(place) as database:
        database.execute("UPDATE reweaving.payloads SET digest = %s", (old,))
        database.execute(
            "UPDATE reweaving.entries SET payload = %s, digest = %s",
            (old, replace(item.row, payload=old).digest),
        )


def test_payloads_with_names_of_old_get_another_key(place: str) -> None:
    (entry,) = secrets(1)
    store = opened(place, None)
    store.put_many("ann", [entry])
    store.close()
    name_as_of_old(place, entry)
    store = opened(place, None)
    assert same(store, [entry])
    store.rotate_key(StoreKey(KEY))
    assert same(store, [entry])
    store.close()
    again = opened(place)
    assert same(again, [entry])
    again.close()


WRITES = {
    "sqlite folder": "reweaving.stores.rotation._update",
    "postgresql": "reweaving.stores.postgres_rotation.rewrite_row",
}


def test_what_does_not_read_back_stops_the_rotation(
    place: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(place)
    entries = secrets(3)
    store.put_many("ann", entries)
    monkeypatch.setattr(WRITES[kind], lambda *_: None)
    with pytest.raises((StoreError, DamagedEntryError)):
        store.rotate_key(StoreKey(OTHER))
    monkeypatch.undo()
    assert same(store, entries)
    store.close()
    again = opened(place)
    assert same(again, entries)
    again.close()


# What a rotation calls while rows are exchanged, when it writes the header, and after its commit.
STAGES = {
    "sqlite folder": {
        "rows": "reweaving.stores.rotation:_update",
        "commit": "reweaving.stores.rotation:write_header",
        "sweep": "reweaving.stores.sqlite:sweep_all",
    },
    "postgresql": {
        "rows": "reweaving.stores.postgres_rotation:delete_unused_payloads",
        "commit": "reweaving.stores.postgres_header:write",
        "sweep": "reweaving.stores.postgres:PostgresStore._sweep",
    },
}
DYING = """
import importlib, os, sys
from reweaving.stores import STORES
from reweaving.stores.master_key import StoreKey

place, old, new, stage = sys.argv[1:]
store = STORES.get("postgresql" if "://" in place else "sqlite").open(place)
store.unlock(StoreKey(old) if old else None)
module, _, name = stage.partition(":")
*owners, last = name.split(".")
owner = importlib.import_module(module)
for each in owners:
    owner = getattr(owner, each)
setattr(owner, last, lambda *_, **__: os.kill(os.getpid(), 9))
store.rotate_key(StoreKey(new))
"""


@pytest.mark.parametrize("stage", ["rows", "commit", "sweep"])
@pytest.mark.parametrize(("old", "new"), [(KEY, OTHER), (None, KEY)], ids=["rotate", "encrypt"])
def test_a_killed_rotation_leaves_one_key_that_opens(
    place: str, kind: str, find: Find, old: str | None, new: str, stage: str
) -> None:
    store = opened(place, old)
    entries = secrets(40)
    store.put_many("ann", entries)
    store.close()
    argv = [sys.executable, "-c", DYING, place, old or "", new, STAGES[kind][stage]]
    died = subprocess.run(argv, capture_output=True, env={**os.environ}, check=False)
    assert died.returncode == -9, died.stderr.decode()[-500:]
    alive, dead = (new, old) if stage == "sweep" else (old, new)
    with pytest.raises(KeyRefusedError):
        opened(place, dead)
    store = opened(place, alive)
    assert same(store, entries)
    if stage != "sweep":
        store.rotate_key(StoreKey(new))
        assert same(store, entries)
    store.close()
    assert find([trace for entry in entries[::20] for trace in traces(entry)]) == set()
