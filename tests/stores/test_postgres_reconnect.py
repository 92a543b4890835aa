"""Connections that break: before, during and after the commit, by the server and by the network."""

from __future__ import annotations

import contextlib
import random
import selectors
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving.errors import StoreError
from reweaving.stores import postgres_writing
from reweaving.stores.base import Room
from reweaving.stores.postgres import PostgresStore
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server, running_server
from tests.stores.same import differences

pytest_plugins = ["tests.stores.postgres_server"]


class Wire:
    """A wire between client and server that breaks when the client commits.

    Parameters
    ----------
    server
        Folder of the server's socket.
    delivered
        Whether the server hears of the commit before the wire breaks.
    """

    def __init__(self, server: Path, delivered: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reweaving-wire-"))
        self._server, self.delivered = server / ".s.PGSQL.5432", delivered
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._threads: list[threading.Thread] = []
        self.breaks = 0  # how many commits are still to be cut off
        self.broke = 0
        self._start(self._accept)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        shutil.rmtree(self.folder)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._carry, client)

    def _carry(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, selectors.DefaultSelector() as selector, contextlib.suppress(OSError):
            server.connect(str(self._server))
            for end, other in ((client, server), (server, client)):
                selector.register(end, selectors.EVENT_READ, other)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not data:
                        return
                    if key.fileobj is client and b"COMMIT\x00" in data and self.breaks:
                        self.breaks -= 1
                        self.broke += 1
                        if self.delivered:
                            server.sendall(data)
                            server.recv(65536)  # what the client will never hear
                        return
                    key.data.sendall(data)


@pytest.fixture(params=[True, False], ids=["commit arrived", "commit lost"])
def wire(
    request: pytest.FixtureRequest, postgres_server: Server, postgres_database: str
) -> Iterator[Wire]:
    opened = Wire(postgres_server.folder, request.param)
    yield opened
    opened.close()


@pytest.fixture
def wired(wire: Wire, postgres_database: str) -> Iterator[PostgresStore]:
    """A store behind the wire."""
    url = f"postgresql://postgres@/{postgres_database}?host={wire.folder}"
    store = PostgresStore.open(url, busy_timeout_seconds=30)
    yield store
    store.close()


@pytest.mark.parametrize("breaks", [1, 2])
def test_a_turn_whose_commit_is_in_doubt_is_stored_once(
    wire: Wire, wired: PostgresStore, make_entry: MakeEntry, breaks: int
) -> None:
    entries = [make_entry(str(number), namespace="ann") for number in range(3)]
    wire.breaks = breaks
    wired.put_many("ann", entries)
    assert wire.broke >= 1, "the premise of this test"
    found = list(wired.scan("ann", payload=True))
    assert [differences(a, b) for a, b in zip(found, entries, strict=True)] == [[]] * 3
    assert wired.ledger.generation("ann") == 1
    assert [event.what for event in wired.ledger.events("ann")] == ["added"] * 3


def test_other_writes_in_doubt_happen_once(
    wire: Wire, wired: PostgresStore, make_entry: MakeEntry
) -> None:
    entry, other = make_entry("old", namespace="ann"), make_entry("other", namespace="ann")
    wired.put_many("ann", [entry, other])
    wire.breaks = 1
    assert wired.update_many("ann", {entry.id: {"text": "new"}}) == 1
    wire.breaks = 1
    assert wired.update_many("ann", {entry.id: {"accesses": 1, "last_access": 7.0}}) == 1
    (found,) = wired.get_many("ann", [entry.id])
    assert (found.text, found.access_count, found.last_access) == ("new", 1, 7.0)
    assert wired.ledger.generation("ann") == 2
    wire.breaks = 1
    wired.ledger.set_note("ann", "calibration", 0.5)
    assert wired.ledger.note("ann", "calibration") == 0.5
    changed = make_entry(id=entry.id, namespace="ann", hidden_state=None, codec="replay")
    wire.breaks = 1
    assert wired.replace_many("ann", [changed], what="reencoded") == ()
    assert wired.get_many("ann", [entry.id])[0].codec == "replay"
    new = make_entry("new")
    wire.breaks = 1
    wired.put_many("ann", [new], room=Room(wired.ledger.generation("ann"), (other.id,)))
    wire.breaks = 1
    deletion = wired.delete_many("ann", [new.id])
    assert (deletion.ids, deletion.tokens) == ((new.id,), 3)
    wire.breaks = 1
    wired.put_many("ann", [], room=Room(wired.ledger.generation("ann"), (entry.id,)))
    assert list(wired.scan("ann")) == []
    assert [(event.entry_id, event.what) for event in wired.ledger.events("ann")] == [
        (entry.id, "added"),
        (other.id, "added"),
        (entry.id, "updated"),
        (entry.id, "reencoded"),
        (other.id, "evicted"),
        (new.id, "added"),
        (new.id, "forgotten"),
        (entry.id, "evicted"),
    ]
    assert wire.broke == 7


def test_states_from_an_iterator_cannot_be_given_twice(
    wire: Wire, wired: PostgresStore, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    wired.put_many("ann", [entry])
    wire.breaks = 1
    with pytest.raises(StoreError, match="do it again"):
        wired.replace_many("ann", iter([entry]), what="reencoded")


def test_a_doubt_that_stays_is_said(
    wire: Wire, postgres_database: str, make_entry: MakeEntry
) -> None:
    url = f"postgresql://postgres@/{postgres_database}?host={wire.folder}"
    store = PostgresStore.open(url, busy_timeout_seconds=1)
    wire.breaks = 1000
    with pytest.raises(StoreError, match="whether it was is not known"):
        store.put_many("ann", [make_entry()])
    wire.breaks = 0
    assert len(list(store.scan("ann"))) == int(wire.delivered)
    store.close()


def terminate_all(server: Server, database: str) -> int:
    found = server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        f"WHERE datname = '{database}' AND application_name = 'reweaving'"
    )
    return len(found)


def test_idle_connections_that_were_cut_are_replaced(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    store = PostgresStore.open(postgres_server.url(postgres_database), busy_timeout_seconds=30)
    entries = [make_entry(str(number)) for number in range(4)]
    for entry in entries:
        store.put_many("ann", [entry])
        assert terminate_all(postgres_server, postgres_database) >= 1
        assert store.get_many("ann", [entry.id])[0].text == entry.text
        assert terminate_all(postgres_server, postgres_database) >= 1
    assert [entry.text for entry in store.scan("ann")] == ["0", "1", "2", "3"]
    store.close()


def test_a_write_cut_in_its_middle_happens_once(
    postgres_server: Server,
    postgres_database: str,
    make_entry: MakeEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = PostgresStore.open(postgres_server.url(postgres_database), busy_timeout_seconds=30)
    real, cuts = postgres_writing.insert_states, [1, 1]

    def cut(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if cuts:
            cuts.pop()
            assert terminate_all(postgres_server, postgres_database) >= 1

    monkeypatch.setattr(postgres_writing, "insert_states", cut)
    store.put_many("ann", [make_entry("once")])
    assert cuts == []
    assert [entry.text for entry in store.scan("ann", payload=True)] == ["once"]
    assert store.ledger.generation("ann") == 1
    store.close()


def test_a_deadlock_is_tried_again(
    postgres_url: str, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    store = PostgresStore.open(postgres_url)
    real, times = postgres_writing.insert_states, [1]

    def collide(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if times:
            times.pop()
            raise psycopg.errors.DeadlockDetected("as the server would")

    monkeypatch.setattr(postgres_writing, "insert_states", collide)
    store.put_many("ann", [make_entry("once")])
    assert [entry.text for entry in store.scan("ann")] == ["once"]
    store.close()


@pytest.fixture
def crashing() -> Iterator[tuple[Server, PostgresStore]]:
    """A server of its own, and a store on it that waits for at most a minute."""
    with running_server() as server:
        store = PostgresStore.open(server.url(), busy_timeout_seconds=60)
        yield server, store
        store.close()


def test_a_crashed_server_is_waited_for(
    crashing: tuple[Server, PostgresStore], make_entry: MakeEntry
) -> None:
    server, store = crashing
    entries = [make_entry(str(number), namespace="ann") for number in range(20)]
    for entry in entries[:10]:
        store.put_many("ann", [entry])
    server.kill(signal.SIGKILL)
    (server.data / "postmaster.pid").unlink(missing_ok=True)
    starter = threading.Timer(1.0, server.start)
    starter.start()
    for entry in entries[10:]:
        store.put_many("ann", [entry])
    starter.join()
    found = list(store.scan("ann", payload=True))
    assert [differences(a, b) for a, b in zip(found, entries, strict=True)] == [[]] * 20


def test_a_server_that_stays_away_is_an_error(
    crashing: tuple[Server, PostgresStore], make_entry: MakeEntry
) -> None:
    server, _ = crashing
    store = PostgresStore.open(server.url(), busy_timeout_seconds=1)
    entry = make_entry()
    store.put_many("ann", [entry])
    server.stop()
    began = time.monotonic()
    for call in (
        lambda: store.put_many("ann", [make_entry()]),
        lambda: list(store.scan("ann")),
        lambda: store.ledger.generation("ann"),
        lambda: store.erase("ann"),
    ):
        with pytest.raises(StoreError, match=r"cannot be reached|gave no connection"):
            call()
    assert time.monotonic() - began < 40
    server.start()
    assert [found.id for found in store.scan("ann")] == [entry.id]
    store.close()


def test_closing_leaves_no_thread_behind(postgres_url: str, make_entry: MakeEntry) -> None:
    before = threading.active_count()
    store = PostgresStore.open(postgres_url)
    store.put_many("ann", [make_entry()])
    assert threading.active_count() > before
    store.close()
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() == before


def test_an_opened_store_leaves_the_global_random_state_alone(postgres_url: str) -> None:
    """The pool's threads draw from it when they connect, which must not happen later on."""
    for _ in range(3):
        store = PostgresStore.open(postgres_url)
        before = random.getstate()
        time.sleep(0.2)
        assert random.getstate() == before
        store.close()
