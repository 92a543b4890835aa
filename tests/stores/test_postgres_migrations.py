"""PostgreSQL's schema: brought up to date by whoever comes first, and by nobody twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import psycopg
import pytest

from reweaving.errors import StoreError, StoreFormatError
from reweaving.stores import postgres_migrations as migrations
from reweaving.stores.codec import Row
from reweaving.stores.postgres import PostgresStore
from reweaving.stores.postgres_tables import TABLES
from tests.stores.conftest import MakeEntry
from tests.stores.postgres_server import Server
from tests.stores.same import differences

pytest_plugins = ["tests.stores.postgres_server"]


@pytest.fixture
def new_database(postgres_server: Server) -> Iterator[str]:
    """Name of a database that holds nothing."""
    name = postgres_server.create_database()
    yield name
    postgres_server.drop_database(name)


def test_every_column_of_a_row_is_in_the_schema(
    postgres_server: Server, postgres_database: str
) -> None:
    """A field that is new in `Row` needs a migration at the end of `postgres_migrations`."""
    types = {"str": "text", "int": "bigint", "float": "double precision", "bytes": "bytea"}
    expected = {}
    for field in fields(Row):
        name, _, nothing = str(field.type).partition(" | ")
        expected[field.name] = (types[name], "YES" if nothing else "NO")
    found = {
        column: (kind, nullable)
        for column, kind, nullable in postgres_server.execute(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_schema = 'reweaving' AND table_name = 'entries'",
            postgres_database,
        )
    }
    for own in ("namespace", "number", "digest", "lexicon"):
        del found[own]
    assert found == expected


def test_every_key_begins_with_the_namespace(
    postgres_server: Server, postgres_database: str
) -> None:
    """So that a distributed PostgreSQL can keep all rows of a namespace in one place."""
    tables = ",".join(f"reweaving.{table}" for table in TABLES)
    found = postgres_server.execute(
        "SELECT relname, indisunique, attname FROM pg_index "
        "JOIN pg_class ON pg_class.oid = indexrelid "
        "JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] "
        f"WHERE indrelid = ANY('{{{tables}}}'::regclass[])",
        postgres_database,
    )
    assert {name for name, unique, _ in found if unique} == {f"{table}_pkey" for table in TABLES}
    others = {name: first for name, _, first in found if first != "namespace"}
    assert others == {"keys_by_direction": "embedding"}, "one graph for each partition"
    partitioned = postgres_server.execute(
        "SELECT count(*) FROM pg_partitioned_table WHERE partstrat = 'h'", postgres_database
    )
    assert partitioned == [(len(TABLES),)]


@pytest.mark.parametrize("isolation", ["read committed", "serializable"])
def test_many_open_a_new_database_at_once(
    postgres_server: Server, new_database: str, make_entry: MakeEntry, isolation: str
) -> None:
    """Whatever isolation the database's transactions have by default."""
    setting = f"SET default_transaction_isolation = '{isolation}'"
    postgres_server.execute(f"ALTER DATABASE {new_database} {setting}")
    url = postgres_server.url(new_database)
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(lambda _: PostgresStore.open(url), range(6)))
    for number, store in enumerate(stores):
        store.put_many("ann", [make_entry(str(number))])
    assert len(list(stores[0].scan("ann", payload=True))) == 6
    for store in stores:
        store.close()


def test_whoever_waits_too_long_for_another_migration_says_so(
    postgres_server: Server, new_database: str
) -> None:
    url = postgres_server.url(new_database)
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (migrations._LOCK,))
        with pytest.raises(StoreError, match="busy_timeout_seconds"):
            PostgresStore.open(url, busy_timeout_seconds=0.3)
    PostgresStore.open(url).close()


def test_a_database_that_cannot_hold_every_character_is_refused(postgres_server: Server) -> None:
    name = f"latin_{uuid.uuid4().hex}"
    postgres_server.execute(
        f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    )
    with pytest.raises(StoreError, match=r"LATIN1.*CREATE DATABASE … ENCODING 'UTF8' TEMPLATE"):
        PostgresStore.open(postgres_server.url(name))
    postgres_server.drop_database(name)


def test_an_older_format_is_brought_up_to_date(
    postgres_server: Server,
    new_database: str,
    make_entry: MakeEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = postgres_server.url(new_database)
    entry = make_entry(namespace="ann")
    store = PostgresStore.open(url)
    store.put_many("ann", [entry])
    store.close()

    def add_column(connection: migrations.Connection) -> None:
        connection.execute("ALTER TABLE entries ADD later text")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, add_column])
    monkeypatch.setattr(migrations, "FORMAT", len(migrations.MIGRATIONS))
    for _ in range(2):
        store = PostgresStore.open(url)
        (found,) = store.get_many("ann", [entry.id])
        assert differences(found, entry) == []
        store.close()
    assert postgres_server.execute("SELECT version FROM reweaving.format", new_database) == [
        (migrations.FORMAT,)
    ]
    monkeypatch.undo()
    with pytest.raises(StoreFormatError, match="pip install --upgrade reweaving"):
        PostgresStore.open(url)


def test_every_format_can_be_reached_from_the_first(
    postgres_server: Server, new_database: str, make_entry: MakeEntry
) -> None:
    """One migration after the other gives the columns that all at once give."""
    with psycopg.connect(postgres_server.url(new_database), autocommit=True) as connection:
        everything = migrations.MIGRATIONS, migrations.FORMAT
        for number in range(1, migrations.FORMAT + 1):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(migrations, "MIGRATIONS", everything[0][:number])
                patch.setattr(migrations, "FORMAT", number)
                migrations.migrate(connection, "a test", 10.0)
    store = PostgresStore.open(postgres_server.url(new_database))
    entry = make_entry(namespace="ann", tags=("a",), valid_until=3.0)
    store.put_many("ann", [entry])
    assert differences(store.get_many("ann", [entry.id])[0], entry) == []
    store.close()


def test_a_failed_migration_changes_nothing(
    postgres_server: Server, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_server.url(postgres_database)

    def fail(connection: migrations.Connection) -> None:
        connection.execute("DROP TABLE keys")
        raise RuntimeError("half way")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, fail])
    monkeypatch.setattr(migrations, "FORMAT", len(migrations.MIGRATIONS))
    with pytest.raises(RuntimeError, match="half way"):
        PostgresStore.open(url)
    monkeypatch.undo()
    store = PostgresStore.open(url)
    assert list(store.keys("ann")) == []
    store.close()


def test_a_schema_of_something_else_is_refused(postgres_server: Server, new_database: str) -> None:
    postgres_server.execute("CREATE SCHEMA reweaving", new_database)
    postgres_server.execute("CREATE TABLE reweaving.accounts (owner text)", new_database)
    with pytest.raises(StoreFormatError, match="no memory of this project"):
        PostgresStore.open(postgres_server.url(new_database))
    tables = postgres_server.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'reweaving'", new_database
    )
    assert tables == [("accounts",)]


def test_a_role_without_rights_is_told_whom_to_ask(
    postgres_server: Server, new_database: str
) -> None:
    postgres_server.execute("CREATE ROLE visitor LOGIN")
    url = postgres_server.url(new_database, "visitor")
    with pytest.raises(StoreError, match="CREATE EXTENSION vector"):
        PostgresStore.open(url)
    postgres_server.execute("CREATE EXTENSION vector", new_database)
    with pytest.raises(StoreError, match="owns the database or its schema"):
        PostgresStore.open(url)
    postgres_server.execute("CREATE SCHEMA reweaving AUTHORIZATION visitor", new_database)
    PostgresStore.open(url).close()


def test_pgvector_may_live_in_a_schema_of_its_own(
    postgres_server: Server, new_database: str, make_entry: MakeEntry
) -> None:
    postgres_server.execute('CREATE SCHEMA "Our extensions"', new_database)
    postgres_server.execute('CREATE EXTENSION vector SCHEMA "Our extensions"', new_database)
    store = PostgresStore.open(postgres_server.url(new_database))
    entry = make_entry()
    store.put_many("ann", [entry])
    assert entry.key_state is not None
    assert [hit[0] for hit in store.nearest("ann", entry.key_state, 3)] == [entry.id]
    store.close()


def test_an_old_pgvector_is_refused(
    postgres_server: Server, new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_OLDEST_PGVECTOR", (99, 0))
    with pytest.raises(StoreError, match="ALTER EXTENSION vector UPDATE"):
        PostgresStore.open(postgres_server.url(new_database))


def test_nothing_of_an_entry_gets_into_the_planners_statistics(
    postgres_server: Server, postgres_database: str, make_entry: MakeEntry
) -> None:
    store = PostgresStore.open(postgres_server.url(postgres_database))
    store.put_many("ann", [make_entry(f"The sky is green {i}.") for i in range(50)])
    store.close()
    postgres_server.execute("ANALYZE", postgres_database)
    known = postgres_server.execute(
        "SELECT DISTINCT attname FROM pg_stats WHERE schemaname = 'reweaving' "
        "AND tablename <> 'format'",
        postgres_database,
    )
    assert {name for (name,) in known} == {"namespace", "number"}
