"""From an address to open connections: its secrets kept, the database fit, its schema up to date."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import conninfo
from psycopg_pool import ConnectionPool

from reweaving.errors import InputError, StoreError
from reweaving.stores.postgres_errors import shown, translated, unreachable
from reweaving.stores.postgres_migrations import migrate, search_path
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection

_MOST_CONNECTIONS = 8
# A host that vanished without a word is noticed within half a minute, unless the address says else.
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def connect(location: str, busy_timeout_seconds: float) -> Sessions:
    """Connect to the database at `location`, bring its schema up to date, and open the pool.

    Raises
    ------
    InputError
        When `location` is no address of PostgreSQL.
    StoreError
        When the server cannot be reached, or lacks something.
    StoreFormatError
        When the schema belongs to something else, or is of a newer format.
    """
    options = _options(location, busy_timeout_seconds)
    name = shown(location)
    try:
        first: Connection = psycopg.connect(location, **options)
    except psycopg.OperationalError as error:
        raise unreachable(name, error) from error
    with translated(name), first:
        _require_utf8(first, name)
        migrate(first, name, busy_timeout_seconds)
        path = search_path(first)
    pool: ConnectionPool[Connection] = ConnectionPool(
        location,
        kwargs=options,
        min_size=1,
        max_size=_MOST_CONNECTIONS,
        open=False,
        reconnect_timeout=0.0,
    )
    with translated(name):
        # Waited for: its threads draw from `random`, which is not done behind a caller's back.
        pool.open(wait=True, timeout=max(2.0, busy_timeout_seconds))
    return Sessions(pool, name, path, busy_timeout_seconds)


def _options(location: str, busy_timeout_seconds: float) -> dict[str, Any]:
    """How to connect, beside what the address says itself."""
    try:
        given = conninfo.conninfo_to_dict(location)
    except psycopg.ProgrammingError:
        # What libpq says quotes the part that it stumbled over, which is as often as not a password.
        raise InputError(
            "this is no address of PostgreSQL; one looks like "
            "postgresql://user@host:5432/database, and in it a password's characters other than "
            "letters and digits are written as % and two hexadecimal digits"
        ) from None
    options = {
        "connect_timeout": max(2, int(busy_timeout_seconds)),
        "application_name": "reweaving",
        **_KEEPALIVE,
    }
    return {
        **{key: value for key, value in options.items() if key not in given},
        "client_encoding": "UTF8",  # whatever the address says: texts hold any character
        "autocommit": True,
        # Statements are not prepared: a pooler may hand the next one to another server connection.
        "prepare_threshold": None,
    }


def _require_utf8(connection: Connection, name: str) -> None:
    """Refuse a database that cannot hold every character."""
    found = connection.execute("SELECT current_setting('server_encoding')").fetchone()
    if found != ("UTF8",):
        raise StoreError(
            f"{name} is encoded as {found[0] if found else None}, and texts need UTF8; make another "
            "database with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )
