"""The store on one machine: a SQLite file, and payload files beside it."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Self

import apsw

from reweaving.errors import ConflictError, InputError, StoreClosedError, StoreFormatError
from reweaving.stores import codec, columns, lexicon, rotation
from reweaving.stores.base import Deletion, Holding, KeyState, MemoryStore, Room, Selection
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import connect, number, rows, translated, value
from reweaving.stores.disk import Disk
from reweaving.stores.encryption import Seal, seal_for
from reweaving.stores.master_key import StoreKey
from reweaving.stores.payloads import FilePayloads, PayloadStore, RamPayloads
from reweaving.stores.ram_words import RamWords
from reweaving.stores.sqlite_ledger import SqliteLedger, enter
from reweaving.stores.sqlite_naming import naming
from reweaving.stores.sqlite_parts import DATABASE, SqliteParts
from reweaving.stores.sqlite_replacing import LeftOutError, replace_states
from reweaving.stores.sqlite_rescue import remove_leftovers
from reweaving.stores.sqlite_upkeep import SqliteUpkeep
from reweaving.types import MemoryEntry

__all__ = ["DATABASE", "SqliteStore"]

_COLUMNS = tuple(field.name for field in fields(Row))
_SELECTED = ", ".join(f"entries.{name}" for name in (*_COLUMNS, "digest"))
_PAGE = 256  # entries that a scan reads at a time


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
        self._words = RamWords()
        lexicon.install(connection)
        self._opened: Seal | None = None

    @classmethod
    def open(
        cls, location: str, *, busy_timeout_seconds: float = 10.0, disk: Disk | None = None
    ) -> Self:
        """Open the folder at `location`, or a store in RAM for ``":memory:"``.

        Parameters
        ----------
        disk
            What folders and payload files are written with.
        """
        if location == ":memory:":
            return cls(connect(None, busy_timeout_seconds), RamPayloads(), location)
        folder = Path(location)
        disk = disk or Disk()
        _check_folder(folder)
        with translated(str(folder)):
            disk.make_folder(folder)
        connection = connect(folder / DATABASE, busy_timeout_seconds)
        return cls(connection, FilePayloads(folder / "payloads", disk), str(folder))

    @property
    def ledger(self) -> SqliteLedger:
        """Generations, notes and events."""
        return self._ledger

    @property
    def upkeep(self) -> SqliteUpkeep:
        """Checking, mending and copying."""
        return SqliteUpkeep(self._parts)

    @property
    def _parts(self) -> SqliteParts:
        return SqliteParts(
            database_path=None if self._name == ":memory:" else Path(self._name) / DATABASE,
            payloads=self._payloads,
            reading=self._reading,
            writing=self._writing,
            find_seal=lambda: self._seal,
            sweep=self._sweep,
            replacing_database=self._replacing_database,
        )

    def unlock(self, key: StoreKey | None) -> None:
        """Use `key` for everything from now on; an empty store becomes encrypted with it."""
        with self._reading() as connection:
            header = rotation.read_header(connection)
            if header is None and key is not None:
                header = self._first_header(key)
            self._opened = seal_for(header, key, self._name)
            unswept = rotation.is_unswept(connection)
        if unswept:  # a rotation was killed after its commit
            self._sweep_all()

    def rotate_key(self, key: StoreKey | None) -> dict[str, str]:
        """Encrypt all namespaces with another key, or with none, in one transaction."""
        header = None if key is None else key.new_header()
        seal = seal_for(header, key, self._name)
        with self._lock:
            with self._writing() as connection:
                rotation.reseal(connection, self._payloads, self._seal, seal, header)
            self._opened = seal
        return self._sweep_all()

    @property
    def _seal(self) -> Seal:
        """What stands between this store and its disk; refused before `unlock` where it is encrypted."""
        if self._opened is None:
            with self._reading() as connection:
                self._opened = seal_for(rotation.read_header(connection), None, self._name)
        return self._opened

    def _first_header(self, key: StoreKey) -> dict[str, Any] | None:
        """The header of a store that becomes encrypted now; None when it holds entries already."""
        with self._transaction() as connection:
            header = rotation.read_header(connection)  # another process may have been faster
            if header is None and not rotation.namespaces(connection):
                header = key.new_header()
                rotation.write_header(connection, header)
        return header

    def _sweep_all(self) -> dict[str, str]:
        """Remove what an earlier key left, from payloads, pages and the log."""
        with self._reading() as connection:
            known = rotation.namespaces(connection)
        files: dict[str, str] = {}
        for namespace in known:
            files |= self._sweep(namespace)
        files |= self._rewrite()
        with self._writing() as connection:
            rotation.mark_swept(connection)
        return files

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction; payloads reach the disk before it commits."""
        if not entries and room is None:
            return
        plain = [codec.encode(entry) for entry in entries]
        freed: list[Row] = []
        with self._writing() as connection:
            encoded = [self._seal.seal(namespace, item) for item in plain]
            payloads = {item.row.payload: item.payload for item in encoded}
            if room is not None:
                freed = self._make_room(connection, namespace, room)
            self._payloads.write_many(
                namespace, {name: data for name, data in payloads.items() if name and data}
            )
            for item in encoded:
                self._insert(connection, namespace, item)
            if encoded:
                enter(connection, namespace, "added", [(item.row.id, {}) for item in encoded])
        self._unlink_unused(namespace, freed)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found: dict[str, MemoryEntry] = {}
        with self._reading() as connection, naming(connection, namespace, ids=ids):
            for wanted in _chunks(list(ids)):
                marks = ", ".join("?" * len(wanted))
                found_rows = rows(
                    connection,
                    f"SELECT {_SELECTED} FROM entries WHERE namespace = ? AND id IN ({marks})",  # noqa: S608
                    (namespace, *wanted),
                )
                for values in found_rows:
                    row = _row(namespace, values)
                    with naming(connection, namespace, ids=[row.id]):
                        found[row.id] = self._entry(connection, namespace, row, payload)
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; counters change without a new generation."""
        edited: list[tuple[str, dict[str, Any]]] = []
        shrunk: list[Row] = []
        changed = 0
        with self._writing() as connection:
            for entry_id, change in changes.items():
                row = self._find(connection, namespace, entry_id)
                if row is None:
                    continue
                changed += 1
                self._change(connection, namespace, row, change)
                if "codec" in change:
                    shrunk.append(row)
                if not change.keys() <= columns.COUNTERS:
                    edited.append((entry_id, {"fields": sorted(change)}))
            if edited:
                enter(connection, namespace, "updated", edited)
        self._unlink_unused(namespace, shrunk)
        return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete rows in one transaction, then unlink payloads that no row names any more."""
        with self._writing() as connection:
            gone = self._delete(connection, namespace, ids, "forgotten")
        return Deletion(
            ids=tuple(row.id for row in gone),
            tokens=sum(len(row.token_ids) // 4 for row in gone),
            files=dict.fromkeys(self._unlink_unused(namespace, gone), "unlinked"),
        )

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states in one transaction, then unlink payloads that nobody names."""
        try:
            with self._writing() as connection:
                before = replace_states(
                    self._parts, connection, namespace, entries,
                    what=what, notes=notes or {}, whole=whole,
                )  # fmt: skip
        except LeftOutError as left:
            return left.ids
        self._unlink_unused(namespace, before)
        return ()

    def namespaces(self) -> list[str]:
        """Namespaces that hold an entry, a note or an event, in alphabetical order."""
        sql = (
            "SELECT namespace FROM entries UNION SELECT namespace FROM notes "
            "UNION SELECT namespace FROM events ORDER BY namespace"
        )
        with self._reading() as connection:
            # Notes of the whole store stand under the empty name.
            return [str(row[0]) for row in rows(connection, sql) if row[0]]

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so, from the index over ids."""
        sql = (
            "SELECT id FROM entries WHERE namespace = ? AND id >= ? "
            "AND substr(id, 1, length(?)) = ? ORDER BY id"
        )
        with self._reading() as connection:
            bindings = (namespace, beginning, beginning, beginning)
            return [str(row[0]) for row in rows(connection, sql, bindings)]

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries in (session, position) order, or newest first; pages are read under the lock."""
        chosen = selection or Selection()
        order = "created DESC, number DESC" if chosen.newest_first else "session, position, number"
        with self._reading() as connection:
            where, bindings = _conditions(namespace, chosen, self._seal)
            hidden = chosen.text is not None and self._seal.hides_words
            read = f"number, {_SELECTED}" if hidden else "number, text"
            if chosen.text is None:
                read = "number"  # which an index knows: no row is read yet
            numbers = [
                row[0]
                for row in connection.execute(
                    f"SELECT {read} FROM entries WHERE {where} ORDER BY {order}",  # noqa: S608
                    bindings,
                )
                if chosen.text is None
                or chosen.text.casefold()
                in (self._text(namespace, row[1:]) if hidden else str(row[1])).casefold()
            ]
        for page in _chunks(numbers[: chosen.limit]):
            yield from self._page(namespace, page, payload)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys in (session, position) order, read without their payloads."""
        for item in self._key_rows(namespace):
            row, key = item.row, item.key or b""
            session, position = columns.decode_session(row.session), row.position
            yield KeyState(row.id, session, position, codec.decode_key(namespace, row, key))

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first, without reading states or texts."""
        with self._reading() as connection:
            found = rows(
                connection,
                "SELECT id, layers, tier, pinned, length(token_ids) / 4, "
                "payload_bytes + coalesce(length(state), 0), relevance_score, created, "
                "access_count, last_access FROM entries LEFT JOIN keys USING (number) "
                "WHERE namespace = ? ORDER BY created, number",
                (namespace,),
            )
        for entry_id, layers, tier, pinned, *numbers in found:
            yield Holding(entry_id, columns.decode_layers(layers), tier, bool(pinned), *numbers)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and BM25 scores, best first; only the namespace's own words are counted."""
        with self._reading() as connection:
            if not self._seal.hides_words:
                return lexicon.search(connection, namespace, text, limit)
            generation = self._ledger.generation(namespace)
            texts = functools.partial(self._texts, connection, namespace)
            return self._words.search(namespace, generation, texts, text, limit)

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out at `now`."""
        with self._reading() as connection:
            # Asked for with every read: left to itself, SQLite would walk over the whole namespace.
            sql = (
                "SELECT id FROM entries INDEXED BY entries_by_expiry "
                "WHERE expires_at <= ? AND namespace = ? ORDER BY number"
            )
            try:
                found = rows(connection, sql, (now, namespace))
            except (apsw.CorruptError, apsw.IOError):
                # An index can be built again, and its damage is no reason to read nothing.
                unindexed = sql.replace("INDEXED BY entries_by_expiry", "NOT INDEXED")
                found = rows(connection, unindexed, (now, namespace))
            return [str(row[0]) for row in found]

    def erase(self, namespace: str) -> dict[str, str]:
        """Rewrite the database without gaps, truncate its log, sweep payloads nobody names."""
        if self._name != ":memory:":
            remove_leftovers(Path(self._name))
        return self._sweep(namespace) | self._rewrite()

    def _sweep(self, namespace: str) -> dict[str, str]:
        """Unlink the namespace's payloads that nobody names."""
        with self._writing() as connection:
            used = [
                str(row[0])
                for row in connection.execute(
                    "SELECT DISTINCT payload FROM entries "
                    "WHERE namespace = ? AND payload IS NOT NULL",
                    (namespace,),
                )
            ]
            return dict.fromkeys(self._payloads.sweep(namespace, used), "unlinked")

    def _rewrite(self) -> dict[str, str]:
        """Write every page of the database anew, and truncate its log."""
        with self._reading() as connection:
            connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
            # secure_delete zeroes freed cells, but copies that a page kept when SQLite moved
            # cells to its neighbour are gone only when every page is written anew.
            connection.execute("VACUUM")
            if self._name == ":memory:":
                return {}
            ((busy, _, _),) = rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        state = "busy" if busy else "truncated"
        return {DATABASE: "busy" if busy else "rewritten", f"{DATABASE}-wal": state}

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

    def _make_room(self, connection: apsw.Connection, namespace: str, room: Room) -> list[Row]:
        """Evict and move what `room` names; returns the rows that are gone."""
        sql = "SELECT generation FROM namespaces WHERE namespace = ?"
        if number(connection, sql, (namespace,)) != room.generation:
            raise ConflictError(
                f"namespace {namespace!r} was changed by another writer meanwhile; nothing was "
                "stored, try again"
            )
        connection.executemany(
            "UPDATE entries SET tier = ? WHERE namespace = ? AND id = ?",
            [(tier, namespace, entry_id) for entry_id, tier in room.moved.items()],
        )
        return self._delete(connection, namespace, room.evicted, "evicted")

    def _delete(
        self, connection: apsw.Connection, namespace: str, ids: Sequence[str], why: str
    ) -> list[Row]:
        """Delete rows and enter why; returns the rows that were there."""
        found = [self._find(connection, namespace, entry_id) for entry_id in dict.fromkeys(ids)]
        gone = [row for row in found if row is not None]
        connection.executemany(
            "DELETE FROM entries WHERE namespace = ? AND id = ?",
            [(namespace, row.id) for row in gone],
        )
        if gone:
            enter(connection, namespace, why, [(row.id, {}) for row in gone])
        return gone

    def _unlink_unused(self, namespace: str, rows_before: Sequence[Row]) -> list[str]:
        """Unlink the payloads of rows that are gone, as far as no other row names them."""
        payloads = {row.payload for row in rows_before if row.payload}
        if not payloads:
            return []
        # A second transaction: a file may go only when the loss of its last row is durable, and
        # no writer may refer to it in between.
        with self._writing() as connection:
            free = [name for name in payloads if not _is_used(connection, namespace, name)]
            return self._payloads.remove_many(namespace, free)

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
        encoded = columns.encode_change(
            row.id, {name: new for name, new in change.items() if name != "accesses"}
        )
        plain = self._seal.opened_row(namespace, row)
        stored = self._seal.sealed_row(namespace, replace(plain, **encoded))
        after = {name: getattr(stored, name) for name in _COLUMNS}
        changed = {name: new for name, new in after.items() if new != getattr(row, name)}
        changed["digest"] = stored.digest
        assignments = "".join(f", {name} = ?" for name in changed)
        connection.execute(
            f"UPDATE entries SET access_count = access_count + ?{assignments} "  # noqa: S608
            "WHERE namespace = ? AND id = ?",
            (accesses, *changed.values(), namespace, row.id),
        )

    def _page(self, namespace: str, numbers: Sequence[int], payload: bool) -> list[MemoryEntry]:
        marks = ", ".join("?" * len(numbers))
        with self._reading() as connection:
            with naming(connection, namespace, at=numbers):
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
            return codec.decode(namespace, self._seal.opened_row(namespace, row), None, None)
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
        plain = self._seal.opened(namespace, Encoded(row, key, data))
        return codec.decode(namespace, plain.row, plain.key, plain.payload)

    def _text(self, namespace: str, values: Sequence[Any]) -> str:
        return self._seal.opened_row(namespace, _row(namespace, values)).text

    def _texts(self, connection: apsw.Connection, namespace: str) -> list[tuple[str, str]]:
        sql = f"SELECT {_SELECTED} FROM entries WHERE namespace = ? ORDER BY number"  # noqa: S608
        opened = (_row(namespace, values) for values in rows(connection, sql, (namespace,)))
        return [(row.id, self._seal.opened_row(namespace, row).text) for row in opened]

    def _key_rows(self, namespace: str) -> list[Encoded]:
        with self._reading() as connection:
            found = rows(
                connection,
                f"SELECT keys.state, {_SELECTED} FROM entries JOIN keys USING (number) "  # noqa: S608
                "WHERE namespace = ? ORDER BY session, position, number",
                (namespace,),
            )
            sealed = [Encoded(_row(namespace, values[1:]), values[0], None) for values in found]
            return [self._seal.opened(namespace, item) for item in sealed]

    @contextlib.contextmanager
    def _replacing_database(self) -> Iterator[tuple[Path, float]]:
        """Let go of the database while another one is put in its place."""
        with self._reading() as connection:
            seconds = number(connection, "PRAGMA busy_timeout") / 1000
            connection.close()
            path = Path(self._name) / DATABASE
            try:
                yield path, seconds
            finally:
                self._connection = connect(path, seconds)
                lexicon.install(self._connection)

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
        """A transaction, in a store that still has the key that this one knows."""
        with self._transaction() as connection:
            self._seal.require(rotation.read_header(connection))
            yield connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
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
    # In this order: whoever creates a memory here meanwhile begins with the database.
    if folder.is_dir() and any(folder.iterdir()) and not (folder / DATABASE).exists():
        raise StoreFormatError(
            f"{folder} holds other files and no memory; choose an empty or a new folder"
        )


def _row(namespace: str, values: Sequence[Any]) -> Row:
    """The row of selected columns, checked against the digest that stands last."""
    row = Row(*values[:-1])
    if row.digest != values[-1]:
        raise codec.damaged(namespace, row.id, "its row does not match its checksum")
    return row


def _conditions(namespace: str, chosen: Selection, seal: Seal) -> tuple[str, tuple[Any, ...]]:
    where, bindings = ["namespace = ?"], [namespace]
    if chosen.session is not None:
        where.append("session = ?")
        bindings.append(seal.session(namespace, columns.encode_session(chosen.session)))
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
