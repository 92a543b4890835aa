"""An encrypted database: nothing legible in any of the server's files, another key in one step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from psycopg import conninfo

from reweaving.errors import DamagedEntryError, KeyRefusedError
from reweaving.memory.memory import Memory
from reweaving.stores.base import Selection
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres import PostgresStore
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server, running_server
from tests.stores.same import differences
from tests.stores.sealed import KEY, OTHER, everything, secret, traces, unlocked
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


def test_directions_and_receipts(url: str) -> None:
    """Search directions are content: they go with encryption, and come back without."""
    store = opened(url, None)
    store.put_many("ann", [secret(number) for number in range(5)])
    for key, directions in ((KEY, 0), (None, 5)):
        receipt = store.rotate_key(None if key is None else StoreKey(key))
        assert set(receipt.values()) == {"rewritten", "overwritten"}
        counted = store._sessions.read(
            "ann", lambda c: c.execute("SELECT count(embedding) FROM keys").fetchone()
        )
        assert counted == (directions,)
        assert len(store.nearest("ann", torch.ones(16), 50)) == 5
    store.close()


def test_damage_stops_a_rotation(url: str) -> None:
    store = opened(url)
    entries = [secret(number) for number in range(3)]
    store.put_many("ann", entries)
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


def test_nobody_finds_neighbours_without_the_key(url: str) -> None:
    store = opened(url)
    store.put_many("ann", [secret(1)])
    store.close()
    locked = PostgresStore.open(url)
    with pytest.raises(KeyRefusedError, match="is encrypted"):
        locked.nearest("ann", torch.ones(16), 5)
    locked.close()


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
