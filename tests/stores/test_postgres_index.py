"""The derived index in the database: what it survives, whose it is, and what it saves."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import torch

from reweaving.memory.memory import Memory
from reweaving.retrieval.candidates import CandidateReader
from reweaving.stores import postgres_migrations as migrations
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import TABLES, partition_of
from tests.retrieval.test_candidates import ask, ids, questions, told, two_stages
from tests.stores.conftest import MakeEntry
from tests.stores.indexed import keep_index
from tests.stores.postgres_server import Server, running_server

pytest_plugins = ["tests.stores.postgres_server"]


@pytest.fixture
def store(postgres_url: str) -> Iterator[PostgresStore]:
    opened = PostgresStore.open(postgres_url)
    yield opened
    opened.close()


def test_another_process_reads_it_instead_of_all_keys(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = questions(1)[0]
    with Memory.open(postgres_url, "ann") as memory:
        memory.add(told(0, 200))
        expected = ids(ask(two_stages(memory), question))
    monkeypatch.setattr(CandidateReader, "_built", lambda *_: pytest.fail("all keys are read"))
    with Memory.open(postgres_url, "ann") as memory:
        assert ids(ask(two_stages(memory), question)) == expected
        memory.add(told(3, 10))
        assert len(ask(two_stages(memory), question)) == 8


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reweaving.indexes SET data = set_byte(data, length(data) - 70, "
        "get_byte(data, length(data) - 70) # 1)",
        "UPDATE reweaving.indexes SET data = set_byte(data, 40, get_byte(data, 40) # 1)",
        "UPDATE reweaving.indexes SET data = substr(data, 1, length(data) - 1)",
        "UPDATE reweaving.indexes SET data = ''",
        "UPDATE reweaving.indexes SET part = part + 1",
    ],
    ids=["flipped", "header", "cut off", "empty", "a part is missing"],
)
def test_damage_is_never_read(
    store: PostgresStore,
    make_entry: MakeEntry,
    postgres_server: Server,
    postgres_database: str,
    change: str,
) -> None:
    store.put_many("ann", [make_entry() for _ in range(4)])
    keep_index(store, "ann")
    postgres_server.execute(change, postgres_database)
    assert store.load_index("ann") is None
    index = keep_index(store, "ann")
    found = store.load_index("ann")
    assert found is not None
    assert found.marked() == index.marked()
    postgres_server.execute(change, postgres_database)
    store.erase("ann")  # nobody knows what is in it
    assert store.load_index("ann") is None
    left = postgres_server.execute("SELECT count(*) FROM reweaving.indexes", postgres_database)
    assert left == [(0,)]


def test_a_broken_page_costs_the_index_and_no_answer(make_entry: MakeEntry) -> None:
    with running_server() as server:
        store = PostgresStore.open(server.url())
        store.put_many("ann", [make_entry(key_state=torch.randn(4, 80)) for _ in range(40)])
        keep_index(store, "ann")
        part = store._sessions.read("ann", lambda c: partition_of(c, "indexes", "ann"))
        ((file,),) = server.execute(
            "SELECT pg_relation_filepath(reltoastrelid) FROM pg_class "
            f"WHERE oid = 'reweaving.{part}'::regclass"
        )
        store.close()
        server.stop()
        path = server.data / str(file)
        damaged = bytearray(path.read_bytes())
        assert damaged, "the premise: the index lies out of line"
        damaged[8100] ^= 0x10
        path.write_bytes(damaged)
        server.start()
        store = PostgresStore.open(server.url())
        assert store.load_index("ann") is None
        assert len(list(store.keys("ann"))) == 40
        store.close()


def test_a_role_that_may_not_is_served_without(
    store: PostgresStore, postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    store.put_many("ann", [make_entry()])
    index = keep_index(store, "ann")
    name = f"part_{postgres_database}"[:60]
    postgres_server.execute(f"CREATE ROLE {name} LOGIN")
    postgres_server.execute(f"GRANT USAGE ON SCHEMA reweaving TO {name}", postgres_database)
    others = ", ".join(f"reweaving.{table}" for table in TABLES if table != "indexes")
    postgres_server.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {others}, reweaving.format TO {name}",
        postgres_database,
    )
    limited = PostgresStore.open(postgres_server.url(postgres_database, name))
    assert limited.load_index("ann") is None
    assert not limited.save_index("ann", index, limited.ledger.generation("ann"))
    limited.delete_many("ann", [entry.id for entry in limited.scan("ann")])
    assert list(limited.scan("ann")) == []
    limited.close()
    postgres_server.execute(f"DROP OWNED BY {name}", postgres_database)
    postgres_server.execute(f"DROP ROLE {name}")


def test_who_may_use_the_other_tables_may_use_this_one_after_the_migration(
    postgres_server: Server, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres_server.create_database()
    everything = migrations.MIGRATIONS, migrations.FORMAT
    monkeypatch.setattr(migrations, "MIGRATIONS", everything[0][:3])
    monkeypatch.setattr(migrations, "FORMAT", 3)
    owner, served = f"owner_{database}"[:60], f'Served "{database}'[:60]
    quoted = '"' + served.replace('"', '""') + '"'
    for sql in (
        f"CREATE ROLE {owner} LOGIN",
        f"CREATE ROLE {quoted} LOGIN",
        f"CREATE SCHEMA reweaving AUTHORIZATION {owner}",
        "CREATE EXTENSION vector",
    ):
        postgres_server.execute(sql, database)
    PostgresStore.open(postgres_server.url(database, owner)).close()
    for sql in (
        f"GRANT USAGE ON SCHEMA reweaving TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reweaving TO {quoted}",
    ):
        postgres_server.execute(sql, database)
    monkeypatch.undo()
    PostgresStore.open(postgres_server.url(database)).close()  # a superuser comes first
    address = psycopg.conninfo.make_conninfo(postgres_server.url(database), user=served)
    store = PostgresStore.open(address)
    store.put_many("ann", [make_entry()])
    keep_index(store, "ann")
    assert store.load_index("ann") is not None
    store.close()
    owned = PostgresStore.open(postgres_server.url(database, owner))
    receipt = owned.erase("ann")
    assert {name.rsplit("_", 1)[0]: what for name, what in receipt.items()} == {
        **dict.fromkeys(TABLES, "rewritten"),
        "wal": "kept",
    }
    owned.close()
    postgres_server.drop_database(database)
    for role in (owner, quoted):
        postgres_server.execute(f"DROP ROLE {role}")
