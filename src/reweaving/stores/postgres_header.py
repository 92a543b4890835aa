"""Whether a database is encrypted, with which key, and its one switch from one key to another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reweaving.stores.encryption import Seal, seal_for
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres_selecting import names
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import SCHEMA, Connection

_HEADER = "SELECT header FROM encryption"
# A role that may not rewrite what an earlier key left, or not note that it did, leaves it to others.
_TO_SWEEP = f"""
SELECT EXISTS (SELECT 1 FROM encryption WHERE NOT swept)
    AND has_table_privilege('encryption', 'UPDATE')
    AND (SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
         WHERE relnamespace = '{SCHEMA}'::regnamespace AND relkind = 'r' AND relispartition)
"""  # noqa: S608
_SWEPT = "UPDATE encryption SET swept = true WHERE header IS NOT DISTINCT FROM %s"
_ENTRIES = "SELECT EXISTS (SELECT 1 FROM entries WHERE namespace = %s)"


class PostgresHeader:
    """Holds the `Seal` of one opened `PostgresStore`.

    Life: made by the store; `unlock` decides what stands between it and its database; every
    writer's transaction calls `require`, while a lock keeps the key from being changed, and every
    reader's `watch`.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._opened: Seal | None = None
        sessions.guard, sessions.watch = self.require, self.watch

    @property
    def seal(self) -> Seal:
        """The seal at the moment; refused before `unlock` where the database is encrypted."""
        if self._opened is None:
            self._opened = seal_for(self._read(), None, self._sessions.name)
        return self._opened

    def require(self, connection: Connection) -> None:
        """Refuse to write in a database whose key is not the one that this store knows."""
        header = read(connection)
        if self._opened is None:
            self._opened = seal_for(header, None, self._sessions.name)
        self._opened.require(header)

    def watch(self, text: str | None) -> None:
        """Refuse to read what is sealed otherwise than this store knows; `text` as it is stored."""
        if self._opened is not None:
            self._opened.require(_header(text))

    def unlock(self, key: StoreKey | None) -> bool:
        """Use `key` from now on; returns whether this role is to rewrite what an earlier key left."""
        self._opened = None  # what another process made of the key is what is asked for
        header = self._read()
        if header is None and key is not None:
            header = self._sessions.alone(lambda connection, _: _first(connection, key))
        self._opened = seal_for(header, key, self._sessions.name)
        found = self._sessions.read("", lambda connection: connection.execute(_TO_SWEEP).fetchone())
        return found == (True,)

    def use(self, seal: Seal) -> None:
        """Go on with another seal, because the key was changed here."""
        self._opened = seal

    def mark_swept(self) -> None:
        """Note that no table holds anything of a key before this one, unless it was changed again."""
        text = _text(self.seal.header)
        self._sessions.alone(lambda connection, _: connection.execute(_SWEPT, (text,)))

    def _read(self) -> dict[str, Any] | None:
        return self._sessions.read("", read)


def read(connection: Connection) -> dict[str, Any] | None:
    """The database's header, or None where nothing is encrypted."""
    found = connection.execute(_HEADER).fetchone()
    return _header(None if found is None else found[0])


def write(connection: Connection, header: dict[str, Any] | None, *, swept: bool) -> None:
    """Keep another header, in a transaction that is alone; None where nothing is encrypted."""
    connection.execute("DELETE FROM encryption")
    connection.execute(
        "INSERT INTO encryption (header, swept) VALUES (%s, %s)", (_text(header), swept)
    )


def each_namespace(connection: Connection) -> Iterator[str]:
    """Names of all namespaces; while one is at hand, the transaction sees its rows."""
    connection.execute("SELECT set_config('reweaving.directory', 'on', true)")
    known = names(connection)
    for namespace in known:
        connection.execute("SELECT set_config('reweaving.namespace', %s, true)", (namespace,))
        yield namespace


def _first(connection: Connection, key: StoreKey) -> dict[str, Any] | None:
    """The header of a database that becomes encrypted now; None when it holds entries already."""
    header = read(connection)  # another process may have been faster
    if header is not None:
        return header
    for namespace in each_namespace(connection):
        if connection.execute(_ENTRIES, (namespace,)).fetchone() == (True,):
            return None
    header = key.new_header()
    write(connection, header, swept=True)
    return header


def _header(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _text(header: dict[str, Any] | None) -> str | None:
    """The header as it is stored: read and written again, it is the same text."""
    return None if header is None else json.dumps(header)
