"""An encrypted database: nothing legible in any of the server's files, another key in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import torch
from psycopg import conninfo

from reweaving.errors import DamagedEntryError, KeyRefusedError
from reweaving.memory.memory import Memory
from reweaving.stores import postgres_erasure
from reweaving.stores.base import Selection
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import PARTITIONS, TABLES, Connection
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_failing import cut_off, no_space
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


@pytest.mark.parametrize("cause", ["pg_cancel_backend", "pg_terminate_backend", "disk full"])
def test_a_new_key_is_told_whatever_happens_to_the_sweep(
    server: Server, url: str, cause: str
) -> None:
    """The database is encrypted with it: an error would let its owner throw the key away."""
    store, entry = opened(url, None), secret(1)
    store.put_many("ann", [entry])
    with psycopg.connect(url) as reader:
        failing = no_space(server, url) if cause == "disk full" else cut_off(server, cause)
        with failing:
            if cause != "disk full":
                reader.execute("SELECT count(*) FROM reweaving.events")  # so that they wait for it
            receipt = store.rotate_key(StoreKey(KEY))
    assert "busy" in receipt.values()
    assert not is_swept(server, url)
    store.close()
    again = opened(url)
    assert same(again, [entry])
    assert is_swept(server, url), "whoever opens it next does the rest"
    again.close()


def is_swept(server: Server, url: str) -> bool:
    sql = "SELECT swept FROM reweaving.encryption"
    return server.execute(sql, str(conninfo.conninfo_to_dict(url)["dbname"])) == [(True,)]


def test_an_older_transaction_costs_one_rewriting_and_one_busy_timeout(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten: list[str] = []
    real = postgres_erasure._vacuum

    def counted(connection: Connection, partition: str, *rest: Any) -> int | None:
        rewritten.append(partition)
        return real(connection, partition, *rest)

    monkeypatch.setattr(postgres_erasure, "_vacuum", counted)
    store = opened(url, None)
    store.put_many("ann", [secret(1)])
    store.close()
    hasty = unlocked(PostgresStore.open(url, busy_timeout_seconds=2.0), None)
    with psycopg.connect(url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")
        receipt = hasty.rotate_key(StoreKey(KEY))
        assert "busy" in receipt.values()
        assert len(rewritten) == len(set(rewritten)) == len(TABLES) * PARTITIONS
        assert not is_swept(server, url)
    hasty.close()


def test_what_was_not_swept_is_not_noted(server: Server, url: str) -> None:
    """Not by a role that does not own the tables, nor for a key that came after the sweep."""
    database = str(conninfo.conninfo_to_dict(url)["dbname"])
    store, entry = opened(url, None), secret(1)
    store.put_many("ann", [entry])
    server.execute("CREATE ROLE tenant LOGIN")
    try:
        server.execute("GRANT USAGE ON SCHEMA reweaving TO tenant", database)
        server.execute("GRANT ALL ON ALL TABLES IN SCHEMA reweaving TO tenant", database)
        url_of_tenant = server.url(database, "tenant")
        rotating = opened(url_of_tenant, None)
        receipt = rotating.rotate_key(StoreKey(KEY))
        assert set(receipt.values()) == {"kept"}
        assert not is_swept(server, url)
        opened(url_of_tenant).close()
        assert not is_swept(server, url)
        server.execute("REVOKE UPDATE, DELETE ON reweaving.encryption FROM tenant", database)
        reading = opened(url_of_tenant)
        assert same(reading, [entry])
        reading.close()
        sealed = opened(url)
        assert is_swept(server, url)
        rotating.close()
    finally:
        server.execute("DROP OWNED BY tenant", database)
        server.execute("DROP ROLE tenant")
    server.execute("UPDATE reweaving.encryption SET swept = false, header = '{}'", database)
    sealed._header.mark_swept()
    assert not is_swept(server, url), "another process has changed the key meanwhile"
    sealed.close()
    store.close()


def test_of_two_that_open_an_unswept_database_one_sweeps(server: Server, url: str) -> None:
    store = opened(url)
    database = str(conninfo.conninfo_to_dict(url)["dbname"])
    server.execute("UPDATE reweaving.encryption SET swept = false", database)
    with postgres_erasure._sweeping(store._sessions) as first:
        assert first
        opened(url).close()
        assert not is_swept(server, url)
    opened(url).close()
    assert is_swept(server, url)
    store.close()


@pytest.mark.parametrize(
    ("old", "new"), [(None, KEY), (KEY, OTHER), (KEY, None)], ids=["encrypt", "rotate", "decrypt"]
)
def test_every_read_notices_that_another_process_has_changed_the_key(
    url: str, old: str | None, new: str | None
) -> None:
    """Sessions are other pseudonyms and words are gone: what is not refused finds nothing."""
    entry = secret(1)
    late, rotating = opened(url, old), opened(url, old)
    late.put_many("ann", [entry])
    rotating.rotate_key(None if new is None else StoreKey(new))
    require_refused(late, entry.id)
    for call in (
        lambda: list(late.scan("ann", Selection(session=entry.sequence_id))),
        lambda: list(late.scan("ann", Selection(text="Qzhidden"))),
        lambda: list(late.keys("ann")),
        lambda: late.search("ann", "Qzhidden", 5),
        lambda: late.nearest("ann", torch.ones(16), 5),
        lambda: late.matching_ids("ann", ""),
        lambda: late.ledger.note("ann", "x"),
    ):
        with pytest.raises(KeyRefusedError, match="changed by another process"):
            call()
    late.unlock(None if new is None else StoreKey(new))
    assert same(late, [entry])
    late.close()
    rotating.close()


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
