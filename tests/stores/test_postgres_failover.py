"""A primary is killed, its standby takes over: nothing that was acknowledged is lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from reweaving.memory.memory import Memory
from reweaving.stores.postgres import PostgresStore
from reweaving.types import MemoryEntry
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server, running_server, server_folder
from tests.stores.same import differences


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary and its streaming standby; a commit returns when both have it on disk."""
    settings = {"wal_level": "replica", "wal_keep_size": "64MB"}
    with running_server(**settings) as primary, server_folder() as folder:
        standby = Server(folder)
        primary.run(
            "pg_basebackup", "-h", str(primary.folder), "-U", "postgres", "-D", str(standby.data),
            "-R", "-X", "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip
        standby.start()
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 60
        while primary.execute("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.1)
        yield primary, standby
        standby.kill(signal.SIGQUIT)


def test_writing_goes_on_after_the_primary_was_killed(
    pair: tuple[Server, Server], make_entry: MakeEntry
) -> None:
    primary, standby = pair
    url = (
        f"postgresql://postgres@/postgres?host={primary.folder},{standby.folder}"
        "&target_session_attrs=read-write"
    )
    memory = Memory(PostgresStore.open(url, busy_timeout_seconds=90), "ann")
    acknowledged: list[MemoryEntry] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            entry = make_entry(f"turn {len(acknowledged)}", position_idx=len(acknowledged))
            memory.add([entry])
            acknowledged.append(entry)

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 120
        while len(acknowledged) < count and writer.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(acknowledged) >= count

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_for(25)
        primary.kill(signal.SIGKILL)
        before = len(acknowledged)
        standby.run("pg_ctl", "promote", "-D", str(standby.data), "-w")
        wait_for(before + 25)
    finally:
        enough.set()
        writer.join(180)
    assert standby.execute("SELECT pg_is_in_recovery()") == [(False,)]
    found = memory.entries(payload=True)
    assert [differences(a, b) for a, b in zip(found, acknowledged, strict=True)] == [[]] * len(
        acknowledged
    )
    assert memory.generation == len(acknowledged)
    assert memory.search("turn", limit=3)
    memory.close()
