"""What the PostgreSQL store does on its server: addresses, damage, waiting, several processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import torch

from reweaving.errors import ConflictError, DamagedEntryError, InputError, StoreError
from reweaving.memory.memory import Memory
from reweaving.stores import postgres_writing
from reweaving.stores.base import Room
from reweaving.stores.postgres import PostgresStore
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server
from tests.stores.same import differences

pytest_plugins = ["tests.stores.postgres_server"]

WRITER = """
import sys
from reweaving.stores.postgres import PostgresStore
from reweaving.types import MemoryEntry

store = PostgresStore.open(sys.argv[1], busy_timeout_seconds=60)
for turn in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{turn}"
    fields = dict(codec="replay", layer_idx=(), sequence_id=name, position_idx=0, text=name)
    store.put_many("ann", [
        MemoryEntry(None, id=f"{name}-{part}", token_ids=(turn, part), **fields) for part in range(2)
    ])
    print(name, flush=True)
store.close()
"""


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    opened = PostgresStore.open(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def superuser(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that is above row-level security, for looking and for doing damage."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("SET search_path = reweaving, public")
        yield connection


def test_a_memory_opens_by_its_address(postgres_url: str, make_entry: MakeEntry) -> None:
    entry = make_entry("My project is called Aurora.")
    with Memory.open(postgres_url, namespace="ann") as memory:
        memory.add([entry])
        memory.pin(entry.id)
    with Memory.open(postgres_url, "ann") as again, Memory.open(postgres_url, "bob") as other:
        (found,) = again.search("aurora projects")
        assert found.entry.pinned
        assert differences(again.get(entry.id), entry) == ["pinned"]
        assert again.stats().entries == 1
        assert other.entries() == []


@pytest.mark.parametrize(
    ("location", "error", "message"),
    [
        ("postgresql://ann:hunter2@127.0.0.1:1/db", StoreError, "cannot be reached"),
        ("postgresql://ann:hunter2@/db?host=/nowhere", StoreError, "check that the server runs"),
        ("postgresql://ann@host/db?colour=red&password=hunter2", InputError, "no address"),
        ("postgresql://ann:hunter2%zz@host/db", InputError, "% and two hexadecimal digits"),
        ("postgresql://ann@:1/db?scram_client_key=hunter2", StoreError, "PostgreSQL at"),
        ("postgresql://ann@:1/db?scram_server_key=hunter2", StoreError, "PostgreSQL at"),
        ("postgresql://ann@:1/db?oauth_client_secret=hunter2", StoreError, "PostgreSQL at"),
    ],
)
def test_an_address_without_a_server_says_what_to_do(
    location: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        PostgresStore.open(location, busy_timeout_seconds=0.2)
    assert "hunter2" not in "".join(traceback.format_exception(raised.value))


def test_texts_are_utf8_whatever_the_address_says(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    url = f"{postgres_server.url(postgres_database)}&client_encoding=LATIN1"
    store = PostgresStore.open(url)
    store.put_many("ann", [make_entry("Zürich, 東京")])
    assert [entry.text for entry in store.scan("ann")] == ["Zürich, 東京"]
    store.close()


def test_a_wrong_database_says_so(postgres_server: Server) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        PostgresStore.open(postgres_server.url("nowhere"))


def test_without_psycopg_the_command_is_named(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["psycopg"] = sys.modules["psycopg_pool"] = None
import reweaving
from reweaving.stores.sqlite import SqliteStore
try:
    reweaving.Memory.open("postgresql://localhost/db")
except reweaving.ReweavingError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "pip install 'reweaving[postgres]'" in done.stdout


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entries SET text = 'The sky is red.'",
        "UPDATE entries SET token_ids = '\\x01000000'",
        "UPDATE entries SET session = '\"tuesday\"'",
        "UPDATE entries SET trust = 'trusted'",
    ],
)
def test_a_damaged_row_is_named(
    store: PostgresStore,
    superuser: psycopg.Connection[Any],
    make_entry: MakeEntry,
    damage: str,
) -> None:
    hurt, whole = make_entry(), make_entry("whole")
    store.put_many("ann", [hurt, whole])
    superuser.execute(f"{damage} WHERE id = '{hurt.id}'")
    for call in (
        lambda: store.get_many("ann", [hurt.id]),
        lambda: list(store.scan("ann")),
        lambda: list(store.keys("ann")),
        lambda: store.update_many("ann", {hurt.id: {"pinned": True}}),
    ):
        with pytest.raises(DamagedEntryError, match=hurt.id):
            call()
    assert [entry.id for entry in store.get_many("ann", [whole.id])] == [whole.id]
    assert store.delete_many("ann", [hurt.id]).ids == (hurt.id,)
    assert [entry.id for entry in store.scan("ann")] == [whole.id]


@pytest.mark.parametrize(
    ("damage", "of_keys"),
    [
        ("UPDATE payloads SET data = set_byte(data, length(data) - 3, 1)", False),
        ("UPDATE payloads SET data = substr(data, 1, length(data) - 1)", False),
        ("UPDATE payloads SET data = (SELECT data FROM payloads AS o WHERE o.digest <> payloads.digest)",
         False),
        ("DELETE FROM payloads", False),
        ("UPDATE keys SET state = set_byte(state, 3, 77)", True),
        ("DELETE FROM keys", True),
    ],
)  # fmt: skip
def test_damaged_states_are_named(
    store: PostgresStore,
    superuser: psycopg.Connection[Any],
    make_entry: MakeEntry,
    damage: str,
    of_keys: bool,
) -> None:
    hurt, whole = make_entry(hidden_state=torch.full((2, 3, 8), 7.25)), make_entry()
    store.put_many("ann", [hurt, whole])
    where = "id" if of_keys else "digest"
    superuser.execute(
        f"{damage} WHERE {where} = (SELECT {'id' if of_keys else 'payload'} FROM entries "
        "WHERE id = %s)",
        (hurt.id,),
    )
    with pytest.raises(DamagedEntryError, match=hurt.id):
        store.get_many("ann", [hurt.id])
    with pytest.raises(DamagedEntryError, match=hurt.id):
        list(store.scan("ann", payload=True))
    if of_keys:
        with pytest.raises(DamagedEntryError, match=hurt.id):
            list(store.keys("ann"))
    assert [entry.id for entry in store.get_many("ann", [whole.id])] == [whole.id]
    assert len(list(store.scan("ann"))) == 2
    found = store.upkeep.verify("ann")
    assert list(found.damaged) == [hurt.id]
    store.upkeep.repair("ann")
    assert store.upkeep.verify("ann").ok


def test_a_damaged_payload_is_mended_by_storing_it_again(
    store: PostgresStore, superuser: psycopg.Connection[Any], make_entry: MakeEntry
) -> None:
    first = make_entry(namespace="ann")
    store.put_many("ann", [first])
    superuser.execute("UPDATE payloads SET data = '\\x00'")
    store.put_many("ann", [make_entry("twin", hidden_state=first.hidden_state)])
    (found,) = store.get_many("ann", [first.id])
    assert differences(found, first) == []


def test_what_text_search_cannot_take_is_stored_all_the_same(
    store: PostgresStore, make_entry: MakeEntry
) -> None:
    texts = [
        " ".join(f"word{number}" for number in range(200_000)),
        "x" * 3_000_000,
        "' \\ & | ! ( ) : * <-> 'aurora'",
    ]
    entries = [make_entry(text) for text in texts]
    store.put_many("ann", entries)
    assert [entry.text for entry in store.get_many("ann", [e.id for e in entries])] == texts
    assert [hit[0] for hit in store.search("ann", "aurora", 3)] == [entries[2].id]
    assert [hit[0] for hit in store.search("ann", texts[0], 3)] == [entries[0].id]


def test_a_commit_is_on_the_disk_when_it_returns(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    """A server that was set to answer before it has written is asked to write all the same."""
    url = postgres_server.url(postgres_database)
    for setting, expected in [("off", "on"), ("remote_apply", "remote_apply"), ("local", "local")]:
        store = PostgresStore.open(f"{url}&options=-csynchronous_commit%3D{setting}")
        seen = store._sessions.write(
            "ann", lambda connection, _: connection.execute("SHOW synchronous_commit").fetchone()
        )
        assert seen == (expected,)
        store.close()


def test_a_writer_that_waits_too_long_says_so(
    postgres_url: str, superuser: psycopg.Connection[Any], make_entry: MakeEntry
) -> None:
    store = PostgresStore.open(postgres_url, busy_timeout_seconds=0.3)
    store.put_many("ann", [make_entry()])
    with superuser.transaction():
        superuser.execute("SELECT * FROM namespaces WHERE namespace = 'ann' FOR UPDATE")
        with pytest.raises(StoreError, match="busy_timeout_seconds"):
            store.put_many("ann", [make_entry()])
        store.put_many("bob", [make_entry()])  # writers of another namespace do not wait
        assert len(list(store.scan("ann"))) == 1  # nor do readers
    store.put_many("ann", [make_entry()])
    store.close()


def test_a_statement_that_takes_too_long_says_so(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    url = f"{postgres_server.url(postgres_database)}&options=-cstatement_timeout%3D200"
    store = PostgresStore.open(url)
    with pytest.raises(StoreError, match="statement_timeout"):
        store._sessions.read("ann", lambda connection: connection.execute("SELECT pg_sleep(5)"))
    store.put_many("ann", [make_entry()])
    store.close()


def test_more_threads_than_connections(postgres_url: str, make_entry: MakeEntry) -> None:
    entries = [make_entry(str(number)) for number in range(24)]
    with Memory(PostgresStore.open(postgres_url, busy_timeout_seconds=60), "ann") as memory:

        def use(number: int) -> int:
            memory.add([entries[number]])
            memory.search("1 2 3")
            memory.touch([entries[number].id])
            return memory.get(entries[number].id).access_count

        with ThreadPoolExecutor(24) as threads:
            assert list(threads.map(use, range(24))) == [1] * 24
        assert memory.stats().entries == 24
        assert memory.generation == 24


def test_a_payload_that_comes_back_into_use_is_not_deleted(
    store: PostgresStore,
    superuser: psycopg.Connection[Any],
    make_entry: MakeEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One thread deletes the last entry with a payload while another stores one with the same."""
    first = make_entry()
    twin = make_entry("twin", hidden_state=first.hidden_state, namespace="ann")
    store.put_many("ann", [first])
    real, stored, go_on = postgres_writing.insert_states, threading.Event(), threading.Event()

    def pause(*arguments: Any) -> None:
        real(*arguments)
        stored.set()
        go_on.wait(60)

    monkeypatch.setattr(postgres_writing, "insert_states", pause)
    with ThreadPoolExecutor(2) as threads:
        putting = threads.submit(store.put_many, "ann", [twin])
        assert stored.wait(60)
        deleting = threads.submit(store.delete_many, "ann", [first.id])
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while superuser.execute(waiting).fetchone() == (0,):
            time.sleep(0.02)
        go_on.set()
        putting.result(60)
        assert deleting.result(60).ids == (first.id,)
    assert differences(store.get_many("ann", [twin.id])[0], twin) == []


def test_of_two_plans_for_one_generation_only_one_is_carried_out(
    store: PostgresStore,
    superuser: psycopg.Connection[Any],
    make_entry: MakeEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put_many("ann", [make_entry()])
    plan = Room(store.ledger.generation("ann"))
    real, checked, go_on = postgres_writing.insert, threading.Event(), threading.Event()

    def pause(*arguments: Any) -> None:
        checked.set()
        go_on.wait(60)
        real(*arguments)

    monkeypatch.setattr(postgres_writing, "insert", pause)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(store.put_many, "ann", [make_entry("first")], room=plan)
        assert checked.wait(60)
        checked.clear()
        second = threads.submit(store.put_many, "ann", [make_entry("second")], room=plan)
        while superuser.execute(waiting).fetchone() == (0,) and not checked.is_set():
            time.sleep(0.02)
        go_on.set()
        first.result(60)
        with pytest.raises(ConflictError, match="another writer"):
            second.result(60)
    assert len(list(store.scan("ann"))) == 2


def test_eight_processes_lose_nothing(store: PostgresStore, postgres_url: str) -> None:
    turns = 12
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, postgres_url, f"writer{number}", str(turns)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        found = [entry.sequence_id for entry in store.scan("ann")]
        assert len(found) >= seen
        seen = len(found)
        time.sleep(0.2)
    acknowledged = [line for writer in writers for line in writer.communicate()[0].split()]
    assert [writer.returncode for writer in writers] == [0] * 8
    assert len(acknowledged) == 8 * turns
    times: dict[object, int] = {}
    for entry in store.scan("ann", payload=True):
        times[entry.sequence_id] = times.get(entry.sequence_id, 0) + 1
    assert times == dict.fromkeys(acknowledged, 2), "a turn is stored whole or not at all"
    assert store.ledger.generation("ann") == 8 * turns
    assert len(store.ledger.events("ann")) == 2 * 8 * turns


def test_killed_writers_leave_whole_turns(store: PostgresStore, postgres_url: str) -> None:
    acknowledged: list[str] = []
    for number in range(2):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, postgres_url, f"r{number}", "100000"],
            stdout=subprocess.PIPE,
            text=True,
        )
        if writer.stdout is None:
            pytest.fail("the writer has no output")
        acknowledged += [writer.stdout.readline().strip() for _ in range(10)]
        writer.kill()
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
    times: dict[object, int] = {}
    for entry in store.scan("ann"):
        times[entry.sequence_id] = times.get(entry.sequence_id, 0) + 1
    assert set(acknowledged) <= set(times)
    assert set(times.values()) == {2}
    store.put_many("ann", [])
    assert store.update_many("ann", {f"{acknowledged[0]}-0": {"pinned": True}}) == 1
