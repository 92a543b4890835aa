"""Whether a database is encrypted, with which key, and its one switch from one key to another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reweaving.stores.encryption import Seal, seal_for
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres_selecting import names
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection

_HEADER = "SELECT header FROM encryption"
_UNSWEPT = "SELECT count(*) FROM encryption WHERE NOT swept"
_ENTRIES = "SELECT EXISTS (SELECT 1 FROM entries WHERE namespace = %s)"


class PostgresHeader:
    """Holds the `Seal` of one opened `PostgresStore`.

    Life: made by the store; `unlock` decides what stands between it and its database; every
    writer's transaction calls `require`, while a lock keeps the key from being changed.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._opened: Seal | None = None
        sessions.guard = self.require

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

    def unlock(self, key: StoreKey | None) -> bool:
        """Use `key` from now on; returns whether a rotation ended before tables were rewritten."""
        header = self._read()
        if header is None and key is not None:
            header = self._sessions.alone(lambda connection, _: _first(connection, key))
        self._opened = seal_for(header, key, self._sessions.name)
        found = self._sessions.read("", lambda connection: connection.execute(_UNSWEPT).fetchone())
        return found != (0,)

    def use(self, seal: Seal) -> None:
        """Go on with another seal, because the key was changed here."""
        self._opened = seal

    def mark_swept(self) -> None:
        """Note that no table holds anything of an earlier key any more."""
        self._sessions.alone(
            lambda connection, _: connection.execute("UPDATE encryption SET swept = true")
        )

    def _read(self) -> dict[str, Any] | None:
        return self._sessions.read("", read)


def read(connection: Connection) -> dict[str, Any] | None:
    """The database's header, or None where nothing is encrypted."""
    found = connection.execute(_HEADER).fetchone()
    return None if found is None or found[0] is None else json.loads(found[0])


def write(connection: Connection, header: dict[str, Any] | None, *, swept: bool) -> None:
    """Keep another header, in a transaction that is alone; None where nothing is encrypted."""
    text = None if header is None else json.dumps(header)
    connection.execute("DELETE FROM encryption")
    connection.execute("INSERT INTO encryption (header, swept) VALUES (%s, %s)", (text, swept))


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
