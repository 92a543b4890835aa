"""An encrypted database: nothing legible in any of the server's files, another key in one step."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch
from psycopg import conninfo

from reweaving.errors import DamagedEntryError, KeyRefusedError, StoreError
from reweaving.memory.memory import Memory
from reweaving.stores import postgres_rotation
from reweaving.stores.base import Selection
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres import PostgresStore
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server, running_server
from tests.stores.same import differences
from tests.stores.sealed import KEY, OTHER, everything, require_refused, secret, traces, unlocked
from tests.stores.test_postgres_erasure import places


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server whose whole folder is searched; nobody else writes into it."""
    with running_server() as running:
        yield running


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


def opened(url: str, key: str | None = KEY) -> PostgresStore:
    return unlocked(PostgresStore.open(url, busy_timeout_seconds=30.0), key)


def same(store: PostgresStore, entries: list) -> bool:  # type: ignore[type-arg]
    found = everything(store)
    return [differences(a, b) for a, b in zip(found, entries, strict=True)] == [
        ["namespace"]
    ] * len(entries)


def test_no_file_shows_anything_and_forgetting_takes_the_rest(server: Server, url: str) -> None:
    entries = [secret(number) for number in range(6)]
    plain = opened(url, None)
    plain.put_many("ann", entries)
    plain.search("ann", "Qzhidden", 9)
    server.execute("CHECKPOINT")
    shown = places(server.data, traces(entries[3]))
    # The first four tokens, all states and all words; token ids in hexadecimal are SQLite's way.
    assert sum(bool(files) for files in shown.values()) >= 9, "the premise of this test"
    plain.rotate_key(StoreKey(KEY))
    assert same(plain, entries)
    plain.update_many("ann", {entries[1].id: {"text": "Qzxylophone1 again, Qzhidden"}})
    late = secret(7)
    plain.put_many("ann", [late])
    assert len(plain.search("ann", "Qzhidden", 9)) == 7
    server.execute("CHECKPOINT")
    server.execute("ANALYZE", str(conninfo.conninfo_to_dict(url)["dbname"]))
    needles = [trace for entry in (*entries, late) for trace in traces(entry)]
    found = places(server.data, needles)
    assert {needle: files for needle, files in found.items() if files} == {}
    plain.close()
    sealed = opened(url)
    rows = sealed._sessions.read(
        "ann",
        lambda connection: connection.execute(
            "SELECT entries.id, payload, key_digest, metadata, embedding, lexicon::text "
            "FROM entries JOIN keys USING (namespace, id)"
        ).fetchall(),
    )
    assert {(row[4], row[5]) for row in rows} == {(None, "")}, "neither direction nor words"
    with Memory(sealed, "ann") as memory:
        body = next(row for row in rows if row[0] == late.id)
        sealed_bytes = [body[3][20:60].encode(), body[1].encode(), body[2].encode()]
        assert all(places(server.data, sealed_bytes).values()), "the premise of the next lines"
        memory.forget(id=late.id)
        assert not any(places(server.data, sealed_bytes).values())


def test_other_keys_are_refused_and_nothing_is_changed(url: str) -> None:
    store = opened(url)
    store.put_many("ann", [secret(1)])
    store.close()
    with pytest.raises(KeyRefusedError, match="another key than the one from encryption_key"):
        opened(url, OTHER)
    with pytest.raises(KeyRefusedError, match="REWEAVING_KEY"):
        opened(url, None)
    locked = PostgresStore.open(url)
    for call in (
        lambda: list(locked.scan("ann")),
        lambda: list(locked.keys("ann")),
        lambda: locked.search("ann", "x", 5),
        lambda: locked.nearest("ann", torch.ones(16), 5),
        lambda: locked.put_many("ann", [secret(2)]),
        lambda: locked.ledger.set_note("ann", "a", 1),
        lambda: locked.rotate_key(StoreKey(OTHER)),
        lambda: locked.delete_many("ann", ["x"]),
    ):
        with pytest.raises(KeyRefusedError, match="is encrypted"):
            call()
    locked.close()
    again = opened(url)
    assert same(again, [secret(1)]) is False  # ids are drawn anew
    assert [entry.text for entry in everything(again)] == [secret(1).text]
    again.close()


def test_a_plain_database_with_entries_refuses_a_key(url: str) -> None:
    plain = opened(url, None)
    plain.ledger.set_note("ann", "model", {"name": "x"})
    plain.put_many("ann", [secret(1)])
    with pytest.raises(KeyRefusedError, match=r"rotate_key\(KEY\)"):
        opened(url)
    plain.close()


def test_search_sessions_and_neighbours_are_those_of_the_plain_entries(
    url: str, make_entry: MakeEntry
) -> None:
    entries = [secret(number) for number in range(5)]
    store = opened(url, None)
    store.put_many("ann", entries)
    store.put_many("bob", [make_entry("Qzxylophone of another")])
    vector = entries[2].key_state
    assert vector is not None
    before = [name for name, _ in store.nearest("ann", vector, 5)]
    store.rotate_key(StoreKey(KEY))
    assert [name for name, _ in store.nearest("ann", vector, 5)] == before
    assert [name for name, _ in store.search("ann", "Qzxylophone3", 5)] == [entries[3].id]
    one = Selection(session=entries[4].sequence_id)
    assert [entry.id for entry in store.scan("ann", one)] == [entries[4].id]
    text = Selection(text="QZXYLOPHONE2")
    assert [entry.id for entry in store.scan("ann", text)] == [entries[2].id]
    assert {key.session for key in store.keys("ann")} == {e.sequence_id for e in entries}
    store.close()


@pytest.mark.parametrize(
    ("old", "new"), [(KEY, OTHER), (None, KEY), (KEY, None)], ids=["rotate", "encrypt", "decrypt"]
)
def test_everything_gets_another_key(
    server: Server, url: str, old: str | None, new: str | None
) -> None:
    store = opened(url, old)
    entries = [secret(number) for number in range(40)]  # more than a page
    entries[3].hidden_state, entries[4].key_state = entries[2].hidden_state, None
    store.put_many("ann", entries)
    store.put_many("bob", [secret(50)])
    words = [name for name, _ in store.search("ann", "Qzxylophone3", 5)]
    receipt = store.rotate_key(None if new is None else StoreKey(new))
    assert set(receipt.values()) == {"rewritten", "overwritten"}
    assert same(store, entries)
    assert [name for name, _ in store.search("ann", "Qzxylophone3", 5)] == words
    late = secret(60)
    store.put_many("ann", [late])
    store.close()
    with pytest.raises(KeyRefusedError):
        opened(url, old)
    again = opened(url, new)
    assert same(again, [*entries, late])
    assert len(everything(again, "bob")) == 1
    if new is None:
        assert len(again.nearest("ann", torch.ones(16), 50)) == 40, "directions are back"
    again.close()


def test_others_notice_another_key(url: str) -> None:
    entry = secret(1)
    plain, rotating = opened(url, None), opened(url, None)
    plain.put_many("ann", [entry])
    rotating.rotate_key(StoreKey(KEY))
    sealed = opened(url)
    for late, done in ((plain, sealed), (sealed, rotating)):
        if done is rotating:
            rotating.rotate_key(StoreKey(OTHER))
        require_refused(late, entry.id)
        late.close()
    assert same(rotating, [entry])
    rotating.close()


def test_damage_and_lost_writes_stop_a_rotation(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(url)
    entries = [secret(number) for number in range(3)]
    store.put_many("ann", entries)
    monkeypatch.setattr(postgres_rotation, "rewrite_row", lambda *_: None)
    with pytest.raises((StoreError, DamagedEntryError)):
        store.rotate_key(StoreKey(OTHER))
    monkeypatch.undo()
    assert same(store, entries)
    store._sessions.write(
        "ann",
        lambda connection, _: connection.execute(
            "UPDATE payloads SET data = overlay(data placing '\\x00'::bytea from 60)"
        ),
    )
    with pytest.raises(DamagedEntryError, match="changed without the key"):
        store.rotate_key(StoreKey(OTHER))
    store.close()
    opened(url).close()


def test_rows_that_were_moved_or_changed_are_refused(url: str) -> None:
    store = opened(url)
    one, two = secret(1), secret(2)
    store.put_many("ann", [one, two])
    swap = "UPDATE keys SET state = (SELECT state FROM keys WHERE id = %s) WHERE id = %s"
    store._sessions.write("ann", lambda c, _: c.execute(swap, (two.id, one.id)))
    with pytest.raises(DamagedEntryError, match="retrieval key does not match"):
        store.get_many("ann", [one.id])
    metadata = (
        "UPDATE entries SET metadata = (SELECT metadata FROM entries WHERE id = %s) WHERE id = %s"
    )
    store._sessions.write("ann", lambda c, _: c.execute(metadata, (two.id, one.id)))
    with pytest.raises(DamagedEntryError, match="its row"):
        store.get_many("ann", [one.id], payload=False)
    store.close()


_DYING = """
import os, sys
from reweaving.stores import postgres, postgres_header, postgres_rotation
from reweaving.stores.master_key import StoreKey

url, old, new, stage = sys.argv[1:]
store = postgres.PostgresStore.open(url)
store.unlock(StoreKey(old) if old else None)
die = lambda *_, **__: os.kill(os.getpid(), 9)
if stage == "rows":
    postgres_rotation.delete_unused_payloads = die
elif stage == "commit":
    postgres_header.write = die
else:
    postgres.PostgresStore._sweep = die
store.rotate_key(StoreKey(new))
"""


@pytest.mark.parametrize("stage", ["rows", "commit", "sweep"])
def test_a_killed_rotation_leaves_one_key_that_opens(server: Server, url: str, stage: str) -> None:
    store = opened(url, None)
    entries = [secret(number) for number in range(5)]
    store.put_many("ann", entries)
    store.close()
    argv = [sys.executable, "-c", _DYING, url, "", KEY, stage]
    died = subprocess.run(argv, capture_output=True, env={**os.environ}, check=False)
    assert died.returncode == -9, died.stderr.decode()[-500:]
    alive, dead = (KEY, None) if stage == "sweep" else (None, KEY)
    with pytest.raises(KeyRefusedError):
        opened(url, dead)
    store = opened(url, alive)
    assert same(store, entries)
    if stage == "sweep":
        server.execute("CHECKPOINT")
        found = places(server.data, [t for entry in entries for t in traces(entry)])
        assert not any(found.values()), "opening removed what the plain rows left"
    store.close()
