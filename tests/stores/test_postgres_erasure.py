"""Law 11 on PostgreSQL: after forgetting, no byte of the content remains in the server's folder."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg import conninfo

from reweaving.memory.memory import Memory
from reweaving.stores import postgres_erasure
from reweaving.stores.base import Deletion
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import TABLES, Connection
from reweaving.stores.postgres_vectors import direction
from tests.stores.indexed import keep_index
from tests.stores.postgres_failing import cut_off, no_space
from tests.stores.postgres_server import Server, running_server
from tests.stores.test_forgetting import secret_entry, state_of, traces

REWRITTEN = dict.fromkeys(TABLES, "rewritten")


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


def opened(url: str, namespace: str = "ann", patience_seconds: float = 30.0) -> Memory:
    store = PostgresStore.open(url, busy_timeout_seconds=patience_seconds)
    return Memory(store, namespace)


def states(receipt: Deletion) -> dict[str, str]:
    """What happened to each table, whatever the number of its partition, and to the log."""
    return {name.rsplit("_", 1)[0]: state for name, state in receipt.files.items()}


def places(folder: Path, needles: list[bytes]) -> dict[bytes, set[str]]:
    """Files that hold each needle, also in lower case; every file is read once."""
    found: dict[bytes, set[str]] = {needle: set() for needle in needles}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for needle in needles:
                if needle in data or needle.lower() in data:
                    found[needle].add(str(path.relative_to(folder)))
    return found


def all_traces(number: int) -> list[bytes]:
    """What only this entry has: text, label, tokens, states, key, and the direction made of it."""
    aim = direction(state_of(number)[0] + 1)
    if aim is None:
        pytest.fail("the key has no direction")
    numbers = [float(value) for value in aim.strip("[]").split(",")]
    return [*traces(number), np.asarray(numbers[:4], dtype="<f4").tobytes()]


def sketches_of(url: str, entry_id: str) -> list[bytes]:
    """What the derived index, which is kept from now on, has of an entry's tokens."""
    store = PostgresStore.open(url)
    index = keep_index(store, "ann")
    store.close()
    (segment,) = index.segments
    number = list(index.marked()).index(entry_id)
    return [row.tobytes() for row in segment.sketches[slice(*segment.starts[number : number + 2])]]


def test_no_byte_of_what_was_forgotten_remains(server: Server, url: str) -> None:
    rng = random.Random(3)
    entries = {number: secret_entry(number, rng) for number in range(120)}
    with opened(url) as memory, opened(url, "bob") as other:
        for start in range(0, 120, 8):
            memory.add([entries[n] for n in range(start, start + 8)])
        other.add([secret_entry(500, rng)])
        server.execute("CHECKPOINT")
        database = conninfo.conninfo_to_dict(url)["dbname"]
        server.execute("ANALYZE", str(database))
        assert all(places(server.data, all_traces(17)).values()), "the premise of this test"
        sketches = sketches_of(url, entries[5].id)
        assert all(places(server.data, sketches).values()), "the premise of this test"
        for number in range(0, 120, 9):
            memory.update(entries[number].id, text=f"Qzsecretword{number:05d} edited")
        assert memory.search("edited", 3)
        forgotten = {n for n in entries if n % 7 == 2} | {5, 18}
        receipt = memory.forget(id=entries[5].id)
        assert receipt.ids == (entries[5].id,)
        memory.forget(text="SECRETWORD00018")
        receipt = memory.forget(session="session-2")
        assert states(receipt) == REWRITTEN | {"wal": "overwritten"}
        kept = next(n for n in entries if n not in forgotten and n % 9)
        needles = [traces(n)[0] for n in forgotten]
        needles += [trace for n in (5, 9, 18, 30, 72) for trace in all_traces(n)] + sketches
        found = places(server.data, needles + all_traces(kept))
        assert {needle: files for needle in needles if (files := found[needle])} == {}
        assert all(found[needle] for needle in all_traces(kept))
        assert len(memory.entries(payload=True)) == 120 - len(forgotten)
        assert len(other.entries(payload=True)) == 1


def test_forgetting_a_namespace_takes_its_notes_and_leaves_the_others(
    server: Server, url: str
) -> None:
    rng = random.Random(5)
    with opened(url) as ann, opened(url, "bob") as bob:
        ann.add([secret_entry(n, rng) for n in range(600, 605)])
        bob.add([secret_entry(n, rng) for n in range(610, 615)])
        ann.set_note("calibration", {"secret": "Qzcalibrated"})
        generation = ann.generation
        assert len(ann.forget(namespace=True).ids) == 5
        needles = [trace for n in range(600, 605) for trace in all_traces(n)] + [b"Qzcalibrated"]
        assert {n: files for n, files in places(server.data, needles).items() if files} == {}
        assert len(bob.entries(payload=True)) == 5
        assert ann.generation > generation
        assert ann.note("calibration") is None


def test_without_overwriting_the_log_keeps_the_content_and_the_receipt_says_so(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(url) as memory:
        memory.add([secret_entry(700, random.Random(1))])
        with monkeypatch.context() as patch:
            patch.setattr(postgres_erasure, "_MOST_SEGMENTS", 0)
            receipt = memory.forget(session="session-0")
        assert states(receipt) == REWRITTEN | {"wal": "recycled"}
        found = places(server.data, traces(700))
        files = {name for names in found.values() for name in names}
        assert files, "the premise: recycled segments keep their content"
        assert all(name.startswith("pg_wal/") for name in files)
        assert states(memory.forget(session="session-0")) == REWRITTEN | {"wal": "overwritten"}
        assert not any(places(server.data, traces(700)).values())


def test_an_older_transaction_keeps_what_was_deleted(server: Server, url: str) -> None:
    with opened(url, patience_seconds=0.5) as memory, psycopg.connect(url) as reader:
        memory.add([secret_entry(800, random.Random(1))])
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")
        receipt = memory.forget(session="session-2")
        assert len(receipt.ids) == 1
        told = states(receipt)
        assert (told["entries"], told["keys"], told["payloads"]) == ("busy",) * 3
        assert all(places(server.data, traces(800)[:1]).values()), "it is there for the reader"
        reader.rollback()
        assert states(memory.forget(session="session-2")) == REWRITTEN | {"wal": "overwritten"}
        assert not any(places(server.data, traces(800)).values())


def test_a_reader_that_does_not_finish_is_named(server: Server, url: str) -> None:
    with opened(url, patience_seconds=0.5) as memory, psycopg.connect(url) as reader:
        memory.add([secret_entry(900, random.Random(1))])
        reader.execute("SELECT count(*) FROM reweaving.keys")
        told = states(memory.forget(session="session-4"))
        assert told["keys"] == "busy"
        assert memory.entries() == []
        reader.rollback()
        assert states(memory.forget(session="session-4")) == REWRITTEN | {"wal": "overwritten"}


@pytest.mark.parametrize("cause", ["pg_cancel_backend", "pg_terminate_backend", "disk full"])
def test_what_fails_after_the_deletion_leaves_the_receipt(
    server: Server, url: str, cause: str
) -> None:
    with opened(url) as memory, psycopg.connect(url) as reader:
        memory.add([secret_entry(950, random.Random(1))])
        failing = no_space(server, url) if cause == "disk full" else cut_off(server, cause)
        with failing:
            if cause != "disk full":
                reader.execute("SELECT count(*) FROM reweaving.events")  # so that they wait for it
            receipt = memory.forget(session=f"session-{950 % 7}")
        assert len(receipt.ids) == 1
        assert states(receipt)["events"] == "busy"
        reader.rollback()
        assert memory.entries() == []
        assert states(memory.forget(session="x")) == REWRITTEN | {"wal": "overwritten"}


def test_rewriting_takes_as_long_as_it_takes(server: Server, url: str) -> None:
    """A role's statement_timeout is meant for its queries."""
    with (
        opened(f"{url}&options=-cstatement_timeout%3D2000") as memory,
        psycopg.connect(url) as reader,
    ):
        memory.add([secret_entry(960, random.Random(1))])
        reader.execute("SELECT count(*) FROM reweaving.keys")
        threading.Timer(3.0, reader.rollback).start()
        told = states(memory.forget(session=f"session-{960 % 7}"))
        assert told == REWRITTEN | {"wal": "overwritten"}


def test_an_older_transaction_is_waited_for_and_tables_are_rewritten_once_more(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten: list[str] = []
    real = postgres_erasure._vacuum

    def counted(connection: Connection, partition: str, *rest: Any) -> int | None:
        rewritten.append(partition.rsplit("_", 1)[0])
        return real(connection, partition, *rest)

    monkeypatch.setattr(postgres_erasure, "_vacuum", counted)
    with opened(url) as memory, psycopg.connect(url) as reader:
        memory.add([secret_entry(970, random.Random(1))])
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1")
        threading.Timer(1.0, reader.rollback).start()
        told = states(memory.forget(session=f"session-{970 % 7}"))
        assert told == REWRITTEN | {"wal": "overwritten"}
    assert rewritten == ["entries", *TABLES], "what was first had to wait for the rest"


@pytest.mark.parametrize("owner", [True, False])
def test_a_role_does_what_it_may_and_says_what_it_may_not(
    server: Server, url: str, owner: bool
) -> None:
    database = str(conninfo.conninfo_to_dict(url)["dbname"])
    opened(url).close()
    server.execute("CREATE ROLE tenant LOGIN")
    try:
        server.execute("GRANT USAGE ON SCHEMA reweaving TO tenant", database)
        sql = "GRANT ALL ON ALL TABLES IN SCHEMA reweaving TO tenant"
        server.execute(sql, database)
        if owner:
            for (table,) in server.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'reweaving'", database
            ):
                server.execute(f"ALTER TABLE reweaving.{table} OWNER TO tenant", database)
        with opened(server.url(database, "tenant")) as memory:
            memory.add([secret_entry(1000, random.Random(1))])
            receipt = memory.forget(session=f"session-{1000 % 7}")
            assert len(receipt.ids) == 1
            expected = "rewritten" if owner else "kept"
            assert states(receipt) == dict.fromkeys(TABLES, expected) | {"wal": "kept"}
        with opened(url) as memory:
            assert states(memory.forget(session="x")) == REWRITTEN | {"wal": "overwritten"}
        assert not any(places(server.data, traces(1000)).values())
    finally:
        server.execute("DROP OWNED BY tenant", database)
        server.execute("DROP ROLE tenant")


def test_what_others_still_need_is_named() -> None:
    """A replication slot holds the log back, and an archive is out of reach."""
    with (
        running_server(archive_mode="on", archive_command="'true'") as server,
        opened(server.url()) as memory,
    ):
        memory.add([secret_entry(1, random.Random(1))])
        server.execute("SELECT pg_create_physical_replication_slot('standby', true)")
        expected = REWRITTEN | {"archive": "kept"}
        assert states(memory.forget(session="session-1")) == expected | {"wal": "kept"}
        assert any(places(server.data, traces(1)).values()), "the slot holds it"
        server.execute("SELECT pg_drop_replication_slot('standby')")
        deadline = time.monotonic() + 30
        while (told := states(memory.forget(session="x")))["wal"] == "kept":
            assert time.monotonic() < deadline  # the archiver needs a moment
        assert told == expected | {"wal": "overwritten"}
        assert not any(places(server.data, traces(1)).values())
