"""Bits that flip in the server's files: a typed error, or what was written; never wrong data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving.errors import StoreError
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import partition_of
from reweaving.types import MemoryEntry
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server, running_server
from tests.stores.same import differences


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


FILES = """
WITH part AS (SELECT 'reweaving.{}'::regclass AS of)
SELECT of::text, pg_relation_filepath(of) FROM part
UNION ALL SELECT indexrelid::regclass::text, pg_relation_filepath(indexrelid)
    FROM pg_index, part WHERE indrelid = of
UNION ALL SELECT 'toast of ' || of::text, pg_relation_filepath(reltoastrelid)
    FROM pg_class, part WHERE pg_class.oid = of AND reltoastrelid <> 0
"""


def files_of(server: Server, store: PostgresStore) -> dict[str, Path]:
    """Files of the tables and indexes in which the namespace's rows lie."""
    found = {}
    for table in ("entries", "keys", "payloads", "events"):
        part = store._sessions.read("ann", lambda c, t=table: partition_of(c, t, "ann"))
        for name, path in server.execute(FILES.format(part)):
            file = server.data / str(path)
            if file.stat().st_size:
                found[str(name)] = file
    return found


def read_everything(store: PostgresStore, entries: list[MemoryEntry]) -> None:
    found = list(store.scan("ann", payload=True))
    assert [differences(a, b) for a, b in zip(found, entries, strict=True)] == [[]] * len(entries)
    assert len(list(store.keys("ann"))) == len(entries)
    assert len(store.search("ann", "sky", 100)) == len(entries)
    assert store.ledger.history("ann", entries[0].id)[0].what == "added"


def test_flipped_bits_never_give_wrong_data(server: Server, make_entry: MakeEntry) -> None:
    entries = [make_entry(f"The sky is green, {i}.", namespace="ann") for i in range(12)]
    store = PostgresStore.open(server.url())
    store.put_many("ann", entries)
    files = files_of(server, store)
    assert len(files) >= 8, "the premise of this test"
    store.close()
    refused: dict[str, str] = {}
    for name, path in files.items():
        server.stop()
        original = path.read_bytes()
        flipped = bytearray(original)
        for page in range(0, len(flipped), 8192):
            flipped[page + 8100] ^= 0x10
        path.write_bytes(flipped)
        server.start()
        store = PostgresStore.open(server.url())
        try:
            read_everything(store, entries)
        except StoreError as error:
            refused[name.removeprefix("reweaving.")] = str(error)
        store.close()
        server.stop()
        path.write_bytes(original)
        server.start()
    assert {name.rsplit("_", 1)[0] for name in refused} >= {"entries", "keys", "payloads", "events"}
    assert all("holds a page that is not what was written" in why for why in refused.values())
    store = PostgresStore.open(server.url())
    read_everything(store, entries)
    store.close()
