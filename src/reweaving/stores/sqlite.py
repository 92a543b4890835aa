"""The store on one machine: a SQLite file, and payload files beside it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Self

import apsw

from reweaving.errors import InputError, StoreClosedError, StoreFormatError
from reweaving.stores import codec, columns, lexicon
from reweaving.stores.base import Deletion, KeyState, MemoryStore, Selection
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import connect, number, rows, translated, value
from reweaving.stores.payloads import FilePayloads, PayloadStore, RamPayloads
from reweaving.stores.sqlite_ledger import SqliteLedger, enter
from reweaving.types import MemoryEntry

DATABASE = "memory.sqlite3"
_COLUMNS = tuple(field.name for field in fields(Row))
_SELECTED = ", ".join(f"entries.{name}" for name in (*_COLUMNS, "digest"))
_PAGE = 256  # entries that a scan reads at a time
_COUNTERS = {"accesses", "last_access", "expires_at", "tier"}  # change nothing that is recalled


class SqliteStore(MemoryStore):
    """Entries in ``<folder>/memory.sqlite3``, payloads in ``<folder>/payloads/``.

    One connection for each opened store, guarded by a lock; other processes open their own.
    Write-ahead log, a sync for each commit, and where APSW brings it a checksum on each page.
    """

    def __init__(self, connection: apsw.Connection, payloads: PayloadStore, name: str) -> None:
        self._connection: apsw.Connection | None = connection
        self._payloads = payloads
        self._name = name
        self._lock = threading.RLock()
        self._ledger = SqliteLedger(self._reading, self._writing)
        lexicon.install(connection)

    @classmethod
    def open(cls, location: str, *, busy_timeout_seconds: float = 10.0) -> Self:
        """Open the folder at `location`, or a store in RAM for ``":memory:"``."""
        if location == ":memory:":
            return cls(connect(None, busy_timeout_seconds), RamPayloads(), location)
        folder = Path(location)
        _check_folder(folder)
        with translated(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
        connection = connect(folder / DATABASE, busy_timeout_seconds)
        return cls(connection, FilePayloads(folder / "payloads"), str(folder))

    @property
    def ledger(self) -> SqliteLedger:
        """Generations, notes and events."""
        return self._ledger

    def put_many(self, namespace: str, entries: Sequence[MemoryEntry]) -> None:
        """Store all entries in one transaction; payloads reach the disk before it commits."""
        if not entries:
            return
        encoded = [codec.encode(entry) for entry in entries]
        payloads = {item.row.payload: item.payload for item in encoded}
        with self._writing() as connection:
            self._payloads.write_many(
                namespace, {name: data for name, data in payloads.items() if name and data}
            )
            for item in encoded:
                self._insert(connection, namespace, item)
            enter(connection, namespace, "added", [(item.row.id, {}) for item in encoded])

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found: dict[str, MemoryEntry] = {}
        with self._reading() as connection:
            for wanted in _chunks(list(ids)):
                marks = ", ".join("?" * len(wanted))
                found_rows = rows(
                    connection,
                    f"SELECT {_SELECTED} FROM entries WHERE namespace = ? AND id IN ({marks})",  # noqa: S608
                    (namespace, *wanted),
                )
                for values in found_rows:
                    row = _row(namespace, values)
                    found[row.id] = self._entry(connection, namespace, row, payload)
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; counters change without a new generation."""
        edited: list[tuple[str, dict[str, Any]]] = []
        changed = 0
        with self._writing() as connection:
            for entry_id, change in changes.items():
                row = self._find(connection, namespace, entry_id)
                if row is None:
                    continue
                changed += 1
                self._change(connection, namespace, row, change)
                if not change.keys() <= _COUNTERS:
                    edited.append((entry_id, {"fields": sorted(change)}))
            if edited:
                enter(connection, namespace, "updated", edited)
        return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete rows in one transaction, then unlink payloads that no row names any more."""
        gone: list[Row] = []
        with self._writing() as connection:
            for entry_id in dict.fromkeys(ids):
                row = self._find(connection, namespace, entry_id)
                if row is not None:
                    gone.append(row)
                    connection.execute(
                        "DELETE FROM entries WHERE namespace = ? AND id = ?", (namespace, entry_id)
                    )
            if gone:
                enter(connection, namespace, "forgotten", [(row.id, {}) for row in gone])
        payloads = {row.payload for row in gone if row.payload}
        unlinked: list[str] = []
        # A second transaction: a file may go only when the loss of its last row is durable, and
        # no writer may refer to it in between.
        with self._writing() as connection:
            free = [name for name in payloads if not _is_used(connection, namespace, name)]
            unlinked = self._payloads.remove_many(namespace, free)
        return Deletion(
            ids=tuple(row.id for row in gone),
            tokens=sum(len(row.token_ids) // 4 for row in gone),
            files=dict.fromkeys(unlinked, "unlinked"),
        )

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries in (session, position) order, or newest first; pages are read under the lock."""
        chosen = selection or Selection()
        order = "created DESC, number DESC" if chosen.newest_first else "session, position, number"
        where, bindings = _conditions(namespace, chosen)
        with self._reading() as connection:
            numbers = [
                row[0]
                for row in connection.execute(
                    f"SELECT number, text FROM entries WHERE {where} ORDER BY {order}",  # noqa: S608
                    bindings,
                )
                if chosen.text is None or chosen.text.casefold() in str(row[1]).casefold()
            ]
        for page in _chunks(numbers[: chosen.limit]):
            yield from self._page(namespace, page, payload)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys in (session, position) order, read without their payloads."""
        for row, key in self._key_rows(namespace):
            session, position = columns.decode_session(row.session), row.position
            yield KeyState(row.id, session, position, codec.decode_key(namespace, row, key))

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and BM25 scores, best first; only the namespace's own words are counted."""
        with self._reading() as connection:
            return lexicon.search(connection, namespace, text, limit)

    def erase(self, namespace: str) -> dict[str, str]:
        """Rewrite the database without gaps, truncate its log, sweep payloads nobody names."""
        files: dict[str, str] = {}
        with self._writing() as connection:
            used = [
                str(row[0])
                for row in connection.execute(
                    "SELECT DISTINCT payload FROM entries "
                    "WHERE namespace = ? AND payload IS NOT NULL",
                    (namespace,),
                )
            ]
            files |= dict.fromkeys(self._payloads.sweep(namespace, used), "unlinked")
        with self._reading() as connection:
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
            # secure_delete zeroes freed cells, but copies that a page kept when SQLite moved
            # cells to its neighbour are gone only when every page is written anew.
            connection.execute("VACUUM")
            if self._name == ":memory:":
                return files
            ((busy, _, _),) = rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        state = "busy" if busy else "truncated"
        return files | {DATABASE: "busy" if busy else "rewritten", f"{DATABASE}-wal": state}

    def close(self) -> None:
        """Close the connection; the log goes into the database when nobody else has it open."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _insert(self, connection: apsw.Connection, namespace: str, item: Encoded) -> None:
        row = item.row
        marks = ", ".join("?" * (len(_COLUMNS) + 2))
        try:
            connection.execute(
                f"INSERT INTO entries (namespace, digest, {', '.join(_COLUMNS)}) "  # noqa: S608
                f"VALUES ({marks})",
                (namespace, row.digest, *(getattr(row, name) for name in _COLUMNS)),
            )
        except apsw.ConstraintError as error:
            raise InputError(
                f"entry {row.id} is in namespace {namespace!r} already; nothing was stored. "
                "Give the new entry another id"
            ) from error
        if item.key is not None:
            connection.execute(
                "INSERT INTO keys VALUES (?, ?)", (connection.last_insert_rowid(), item.key)
            )

    def _find(self, connection: apsw.Connection, namespace: str, entry_id: str) -> Row | None:
        values = connection.execute(
            f"SELECT {_SELECTED} FROM entries WHERE namespace = ? AND id = ?",  # noqa: S608
            (namespace, entry_id),
        ).fetchone()
        return None if values is None else Row(*values[:-1])

    def _change(
        self, connection: apsw.Connection, namespace: str, row: Row, change: Mapping[str, Any]
    ) -> None:
        accesses = change.get("accesses", 0)
        changed = columns.encode_change(
            row.id, {name: new for name, new in change.items() if name != "accesses"}
        )
        changed["digest"] = replace(row, **changed).digest
        assignments = "".join(f", {name} = ?" for name in changed)
        connection.execute(
            f"UPDATE entries SET access_count = access_count + ?{assignments} "  # noqa: S608
            "WHERE namespace = ? AND id = ?",
            (accesses, *changed.values(), namespace, row.id),
        )

    def _page(self, namespace: str, numbers: Sequence[int], payload: bool) -> list[MemoryEntry]:
        marks = ", ".join("?" * len(numbers))
        with self._reading() as connection:
            found = rows(
                connection,
                f"SELECT number, {_SELECTED} FROM entries "  # noqa: S608
                f"WHERE namespace = ? AND number IN ({marks})",
                (namespace, *numbers),
            )
            by_number = {values[0]: _row(namespace, values[1:]) for values in found}
            return [
                self._entry(connection, namespace, by_number[number], payload)
                for number in numbers
                if number in by_number
            ]

    def _entry(
        self, connection: apsw.Connection, namespace: str, row: Row, payload: bool
    ) -> MemoryEntry:
        if not payload:
            return codec.decode(namespace, row, None, None)
        key = None
        if row.key_digest is not None:
            found = value(
                connection,
                "SELECT state FROM keys JOIN entries USING (number) WHERE namespace = ? AND id = ?",
                (namespace, row.id),
            )
            if not isinstance(found, bytes):
                raise codec.damaged(namespace, row.id, "its retrieval key is missing")
            key = found
        data = None
        if row.payload is not None:
            data = self._payloads.read(namespace, row.payload)
            if data is None:
                raise codec.damaged(namespace, row.id, "its payload file is missing")
        return codec.decode(namespace, row, key, data)

    def _key_rows(self, namespace: str) -> list[tuple[Row, bytes]]:
        with self._reading() as connection:
            found = rows(
                connection,
                f"SELECT keys.state, {_SELECTED} FROM entries JOIN keys USING (number) "  # noqa: S608
                "WHERE namespace = ? ORDER BY session, position, number",
                (namespace,),
            )
        return [(_row(namespace, values[1:]), values[0]) for values in found]

    @contextlib.contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        """The connection, under this store's lock, with SQLite's errors translated."""
        with self._lock, translated(self._name):
            if self._connection is None:
                raise StoreClosedError(
                    f"the memory at {self._name} was closed; open it again with Memory.open"
                )
            yield self._connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        """The connection inside one transaction, which is rolled back by any exception."""
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def _check_folder(folder: Path) -> None:
    """Refuse to put a store among somebody's files."""
    if folder.exists() and not folder.is_dir():
        raise StoreFormatError(f"{folder} is a file; a memory is a folder, choose another path")
    if folder.is_dir() and not (folder / DATABASE).exists() and any(folder.iterdir()):
        raise StoreFormatError(
            f"{folder} holds other files and no memory; choose an empty or a new folder"
        )


def _row(namespace: str, values: Sequence[Any]) -> Row:
    """The row of selected columns, checked against the digest that stands last."""
    row = Row(*values[:-1])
    if row.digest != values[-1]:
        raise codec.damaged(namespace, row.id, "its row does not match its checksum")
    return row


def _conditions(namespace: str, chosen: Selection) -> tuple[str, tuple[Any, ...]]:
    where, bindings = ["namespace = ?"], [namespace]
    if chosen.session is not None:
        where.append("session = ?")
        bindings.append(columns.encode_session(chosen.session))
    conditions: tuple[Any, ...] = tuple(bindings)
    if chosen.before is not None:
        where.append("created < ?")
        conditions += (chosen.before,)
    return " AND ".join(where), conditions


def _is_used(connection: apsw.Connection, namespace: str, payload: str) -> bool:
    sql = "SELECT count(*) FROM entries WHERE namespace = ? AND payload = ?"
    return number(connection, sql, (namespace, payload)) > 0


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _PAGE):
        yield items[start : start + _PAGE]
