"""Tables of the schema: partitioned by namespace, each partition guarded, no value in statistics."""

from __future__ import annotations

from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from reweaving.errors import StoreFormatError

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

SCHEMA = "reweaving"
TABLES = ("entries", "keys", "payloads", "namespaces", "notes", "events", "indexes")
"""All that hold something of a namespace."""

PARTITIONS = 8  # of each table, by a hash of the namespace


def milliseconds(seconds: float) -> str:
    """A time as a setting of the server; never 0, which would mean for ever."""
    return f"{max(1, int(seconds * 1000))}ms"


def partition(connection: Connection, table: str) -> None:
    """Give a new table its partitions, and guard them."""
    for part in range(PARTITIONS):
        connection.execute(
            f"CREATE TABLE {table}_{part} PARTITION OF {table} "
            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        )
    _guard(connection, table)
    keep_out_of_statistics(connection, table)


def belong_like(connection: Connection, table: str, model: str) -> None:
    """Give a table of a later format the owner and the grants of an earlier one.

    Roles that were told what they may do know nothing of tables that came since.
    """
    granted = connection.execute(
        "SELECT grantee, CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee) END, "
        "privilege_type FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = %s::regclass",
        (f"{SCHEMA}.{model}",),
    ).fetchall()
    for _, name, privilege in granted:
        whom = sql.Identifier(name) if name else sql.SQL("PUBLIC")
        connection.execute(
            sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(privilege), sql.Identifier(table), whom)
        )
    found = connection.execute(
        "SELECT tableowner, tableowner = current_user FROM pg_tables "
        "WHERE schemaname = %s AND tablename = %s",
        (SCHEMA, model),
    ).fetchone()
    if found is None or found[1]:
        return
    for owned in (table, *(f"{table}_{part}" for part in range(PARTITIONS))):
        connection.execute(
            sql.SQL("ALTER TABLE {} OWNER TO {}").format(
                sql.Identifier(owned), sql.Identifier(found[0])
            )
        )


def partition_of(connection: Connection, table: str, namespace: str) -> str:
    """Name of the partition that holds a namespace's rows of a table."""
    for part in range(PARTITIONS):
        found = connection.execute(
            "SELECT satisfies_hash_partition(%s::regclass, %s, %s, %s::text)",
            (f"{SCHEMA}.{table}", PARTITIONS, part, namespace),
        ).fetchone()
        if found == (True,):
            return f"{table}_{part}"
    raise StoreFormatError(f"table {SCHEMA}.{table} has no partition for namespace {namespace!r}")


def _guard(connection: Connection, table: str) -> None:
    """Rows can be seen and written only by who has named their namespace, the owner included.

    Each partition is guarded as well: a table's policies hold for queries that name that table.
    """
    for guarded in (table, *(f"{table}_{part}" for part in range(PARTITIONS))):
        connection.execute(f"ALTER TABLE {guarded} ENABLE ROW LEVEL SECURITY")
        connection.execute(f"ALTER TABLE {guarded} FORCE ROW LEVEL SECURITY")
        connection.execute(
            f"CREATE POLICY own ON {guarded} "
            "USING (namespace = current_setting('reweaving.namespace', true))"
        )


def keep_out_of_statistics(connection: Connection, table: str) -> None:
    """ANALYZE copies values into the catalog, where no deletion would reach them."""
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND attname NOT IN ('namespace', 'number')",
        (f"{SCHEMA}.{table}",),
    ).fetchall()
    for (column,) in columns:
        connection.execute(f"ALTER TABLE {table} ALTER {column} SET STATISTICS 0")
