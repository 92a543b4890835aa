"""One opened SQLite store: its connection, its lock, its key, and where its payloads are."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw

from reweaving.errors import StoreClosedError, StoreError
from reweaving.stores import lexicon, rotation
from reweaving.stores.connection import connect, number, translated, value
from reweaving.stores.disk import Disk
from reweaving.stores.encryption import Seal, is_sealed, seal_for
from reweaving.stores.header_copy import COPY, HeaderCopy
from reweaving.stores.master_key import StoreKey
from reweaving.stores.payloads import PayloadStore

DATABASE = "memory.sqlite3"
IN_RAM = ":memory:"


class SqliteSession:
    """What the parts of a `SqliteStore` work on.

    Life: made by the store; `unlock` and `seal` decide what stands between it and its disk;
    `reading` and `writing` lend its one connection, under its lock, as often as they are wanted, on
    any thread; `close` gives it back.

    Parameters
    ----------
    name
        The store's folder, or ``":memory:"``.
    """

    def __init__(
        self,
        connection: apsw.Connection,
        payloads: PayloadStore,
        name: str,
        disk: Disk | None = None,
    ) -> None:
        self.payloads, self.name = payloads, name
        self._copy = HeaderCopy(self.folder, disk)
        self._connection: apsw.Connection | None = connection
        self._lock = threading.RLock()
        self._opened: Seal | None = None
        self._checked: int | None = None  # the version of the database whose header was compared
        lexicon.install(connection)

    @property
    def folder(self) -> Path | None:
        """None for a store in RAM."""
        return None if self.name == IN_RAM else Path(self.name)

    @property
    def database_path(self) -> Path | None:
        """None for a store in RAM."""
        return None if self.folder is None else self.folder / DATABASE

    @property
    def seal(self) -> Seal:
        """What stands between this store and its disk; refused before `unlock` where it is encrypted."""
        if self._opened is None:
            with self._lent() as connection:
                self._opened = seal_for(rotation.read_header(connection), None, self.name)
        return self._opened

    def unlock(self, key: StoreKey | None) -> bool:
        """Use `key` from now on; returns whether a rotation ended before its files were swept."""
        with self._lent() as connection:
            header = rotation.read_header(connection)
            if header is None and key is not None:
                header = self._first_header(key)
            if header is None:
                self._require_plain(connection)
            self._opened = seal_for(header, key, self.name)
            self._copy.keep(header)
            return rotation.is_unswept(connection)

    def rotate(self, key: StoreKey | None) -> None:
        """Encrypt all namespaces with another key, or with none, in one transaction."""
        header = None if key is None else key.new_header()
        seal = seal_for(header, key, self.name)
        with self._lock:
            with self.writing() as connection:
                self._copy.keep(rotation.read_header(connection), header)
                rotation.reseal(connection, self.payloads, self.seal, seal, header)
            self._opened = seal
            self._copy.keep(header)

    def close(self) -> None:
        """Close the connection; the log goes into the database when nobody else has it open."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def replacing_database(self) -> Iterator[tuple[Path, float]]:
        """Let go of the database while another one is put in its place."""
        with self._lent() as connection:
            seconds = number(connection, "PRAGMA busy_timeout") / 1000
            connection.close()
            path = Path(self.name) / DATABASE
            try:
                yield path, seconds
            finally:
                self._connection, self._checked = connect(path, seconds), None
                lexicon.install(self._connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """The connection, under this store's lock, to a store that still has the key that this one knows."""
        with self._lent() as connection:
            # It changes when another connection has changed the database, and only then.
            version = number(connection, "PRAGMA data_version")
            if self._opened is not None and version != self._checked:
                self._opened.require(rotation.read_header(connection))
                self._checked = version
            yield connection

    @contextlib.contextmanager
    def _lent(self) -> Iterator[apsw.Connection]:
        """The connection, under this store's lock, with SQLite's errors translated."""
        with self._lock, translated(self.name):
            if self._connection is None:
                raise StoreClosedError(
                    f"the memory at {self.name} was closed; open it again with Memory.open"
                )
            yield self._connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """A transaction, in a store that still has the key that this one knows."""
        with self._transaction() as connection:
            self.seal.require(rotation.read_header(connection))
            yield connection

    def _first_header(self, key: StoreKey) -> dict[str, Any] | None:
        """The header of a store that becomes encrypted now; None when it holds entries already."""
        with self._transaction() as connection:
            header = rotation.read_header(connection)  # another process may have been faster
            if header is None and not rotation.namespaces(connection):
                header = key.new_header()
                self._copy.keep(header)
                rotation.write_header(connection, header)
        return header

    def _require_plain(self, connection: apsw.Connection) -> None:
        """Refuse a store whose entries are encrypted and whose header is lost."""
        try:
            found = value(connection, "SELECT metadata FROM entries LIMIT 1")
        except (apsw.IOError, apsw.CorruptError):
            return  # a damaged page tells nothing, and must not keep `repair` from opening the store
        if isinstance(found, str) and is_sealed(found):
            raise StoreError(
                f"the memory at {self.name} has lost the header of its encryption, without which no "
                f"key opens it; bring it back from {COPY} with: cmr memory repair"
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        """The connection inside one transaction, which is rolled back by any exception."""
        with self._lent() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
