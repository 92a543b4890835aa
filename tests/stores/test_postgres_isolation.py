"""Law 9 below the store: the server itself shows a transaction one namespace only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from reweaving.errors import StoreError
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import PARTITIONS, TABLES
from tests.stores.conftest import MakeEntry
from tests.stores.indexed import keep_index
from tests.stores.postgres_server import Server

pytest_plugins = ["tests.stores.postgres_server"]

EVERY = [name for table in TABLES for name in (table, *(f"{table}_{i}" for i in range(PARTITIONS)))]


@pytest.fixture(params=["served", "owner"])
def role(
    request: pytest.FixtureRequest, postgres_server: Server, postgres_database: str
) -> Iterator[str]:
    """A role that may read and write every table; one that owns them is bound as well."""
    name = f"{request.param}_{postgres_database}"[:60]
    postgres_server.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS")
    postgres_server.execute(f"GRANT USAGE ON SCHEMA reweaving TO {name}", postgres_database)
    if request.param == "served":
        sql = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reweaving TO {}"
        postgres_server.execute(sql.format(name), postgres_database)
    else:
        for table in (*EVERY, "format"):
            sql = f"ALTER TABLE reweaving.{table} OWNER TO {name}"
            postgres_server.execute(sql, postgres_database)
    yield name
    postgres_server.execute(f"DROP OWNED BY {name}", postgres_database)
    postgres_server.execute(f"DROP ROLE {name}")


@pytest.fixture
def url(postgres_server: Server, postgres_database: str, role: str) -> str:
    return postgres_server.url(postgres_database, role)


@pytest.fixture
def filled(url: str, make_entry: MakeEntry) -> str:
    """The address of a store in which ann and bob have something in every table."""
    store = PostgresStore.open(url)
    for namespace in ("ann", "bob"):
        store.put_many(namespace, [make_entry(f"The secret of {namespace}.")])
        store.ledger.set_note(namespace, "calibration", {"threshold": 0.5})
        keep_index(store, namespace)
    store.close()
    return url


def seen(connection: psycopg.Connection[Any]) -> dict[str, set[str]]:
    """Namespaces of the rows that each table and each partition shows."""
    return {
        table: {
            str(name)
            for (name,) in connection.execute(f"SELECT namespace FROM reweaving.{table}").fetchall()
        }
        for table in EVERY
    }


def test_a_query_sees_its_own_namespace_only(
    filled: str, postgres_server: Server, postgres_database: str
) -> None:
    with psycopg.connect(postgres_server.url(postgres_database)) as superuser:
        everything = seen(superuser)
    assert all(everything[table] == {"ann", "bob"} for table in TABLES), "the premise of this test"
    with psycopg.connect(filled, autocommit=True) as connection:
        nothing: dict[str, set[str]] = {table: set() for table in EVERY}
        assert seen(connection) == nothing
        with connection.transaction():
            connection.execute("SET LOCAL reweaving.namespace = 'ann'")
            own = seen(connection)
            assert all(own[table] == {"ann"} for table in TABLES)
            assert all(names <= {"ann"} for names in own.values())
        assert seen(connection) == nothing, "the setting ends with its transaction"
        with connection.transaction():
            connection.execute("SET LOCAL reweaving.namespace = 'carl'")
            assert seen(connection) == nothing


def test_nobody_writes_into_another_namespace(filled: str) -> None:
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("SET reweaving.namespace = 'ann'")
        for sql in (
            "UPDATE reweaving.entries SET text = 'x' WHERE namespace = 'bob'",
            "DELETE FROM reweaving.payloads WHERE namespace = 'bob'",
            "DELETE FROM reweaving.notes WHERE namespace = 'bob'",
            "DELETE FROM reweaving.indexes WHERE namespace = 'bob'",
        ):
            assert connection.execute(sql).rowcount == 0
        for sql in (
            "INSERT INTO reweaving.notes VALUES ('bob', 'key', '1')",
            "UPDATE reweaving.notes SET namespace = 'bob'",
            "INSERT INTO reweaving.payloads VALUES ('bob', 'digest', '')",
            "INSERT INTO reweaving.indexes VALUES ('bob', 1, '')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                connection.execute(sql)
    store = PostgresStore.open(filled)
    assert [entry.text for entry in store.scan("bob", payload=True)] == ["The secret of bob."]
    store.close()


def test_the_whole_store_works_under_the_policies(url: str, make_entry: MakeEntry) -> None:
    store = PostgresStore.open(url)
    entry = make_entry("The secret is Aurora.", namespace="ann")
    store.put_many("ann", [entry, make_entry("another")])
    store.put_many("bob", [make_entry("Aurora as well", id=entry.id)])
    store.update_many("ann", {entry.id: {"text": "The secret was Aurora.", "accesses": 1}})
    assert [hit[0] for hit in store.search("ann", "aurora", 5)] == [entry.id]
    assert entry.key_state is not None
    assert store.nearest("ann", entry.key_state, 1)[0][0] == entry.id
    assert len(list(store.keys("ann"))) == len(list(store.holdings("ann"))) == 2
    assert store.namespaces() == ["ann", "bob"]
    assert store.delete_many("ann", [entry.id]).ids == (entry.id,)
    assert [e.what for e in store.ledger.history("ann", entry.id)] == [
        "added",
        "updated",
        "forgotten",
    ]
    assert store.ledger.counts("ann").entries == 1
    assert [e.id for e in store.get_many("bob", [entry.id])] == [entry.id]
    store.close()


def test_a_pooled_connection_keeps_no_namespace(filled: str) -> None:
    """A pooler on the way may give it to somebody else."""
    store = PostgresStore.open(filled)
    assert len(list(store.scan("ann"))) == 1
    assert store.namespaces() == ["ann", "bob"]
    with store._sessions.bare() as connection:
        for name in ("namespace", "directory"):
            kept = connection.execute(
                f"SELECT current_setting('reweaving.{name}', true)"
            ).fetchone()
            assert kept in ((None,), ("",)), name
        assert set().union(*seen(connection).values()) == set()
    store.close()


def test_a_role_with_too_few_rights_is_told(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    name = f"reader_{postgres_database}"[:60]
    postgres_server.execute(f"CREATE ROLE {name} LOGIN")
    postgres_server.execute(f"GRANT USAGE ON SCHEMA reweaving TO {name}", postgres_database)
    postgres_server.execute(
        f"GRANT SELECT ON ALL TABLES IN SCHEMA reweaving TO {name}", postgres_database
    )
    store = PostgresStore.open(postgres_server.url(postgres_database, name))
    assert list(store.scan("ann")) == []
    with pytest.raises(StoreError, match="grant it"):
        store.put_many("ann", [make_entry()])
    store.close()
    postgres_server.execute(f"DROP OWNED BY {name}", postgres_database)
    postgres_server.execute(f"DROP ROLE {name}")
