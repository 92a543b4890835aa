"""What is read from a SQLite store, row by row and page by page."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import apsw

from reweaving.errors import DamagedEntryError
from reweaving.stores import codec, columns, lexicon
from reweaving.stores.base import Holding, KeyMark, KeyState, MemoryStore, Selection
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import number, rows, value
from reweaving.stores.encryption import Seal
from reweaving.stores.key_mark import key_mark
from reweaving.stores.ram_words import RamWords
from reweaving.stores.sqlite_naming import naming
from reweaving.stores.sqlite_session import SqliteSession
from reweaving.types import MemoryEntry

COLUMNS = tuple(field.name for field in fields(Row))
SELECTED = ", ".join(f"entries.{name}" for name in (*COLUMNS, "digest"))
_GENERATION = "SELECT generation FROM namespaces WHERE namespace = ?"
_PAGE = 256  # entries that a scan reads at a time


class SqliteReading(MemoryStore):
    """The half of a `SqliteStore` that only reads."""

    def __init__(self, session: SqliteSession) -> None:
        self._session = session
        self._words = RamWords()

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found: dict[str, MemoryEntry] = {}
        with self._session.reading() as connection, naming(connection, namespace, ids=ids):
            for wanted in _chunks(list(ids)):
                marks = ", ".join("?" * len(wanted))
                found_rows = rows(
                    connection,
                    f"SELECT {SELECTED} FROM entries WHERE namespace = ? AND id IN ({marks})",  # noqa: S608
                    (namespace, *wanted),
                )
                for values in found_rows:
                    row = checked_row(namespace, values)
                    with naming(connection, namespace, ids=[row.id]):
                        read = self._present(connection, namespace, row, payload)
                    if read is not None:
                        found[row.id] = read
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def namespaces(self) -> list[str]:
        """Namespaces that hold an entry, a note or an event, in alphabetical order."""
        sql = (
            "SELECT namespace FROM entries UNION SELECT namespace FROM notes "
            "UNION SELECT namespace FROM events ORDER BY namespace"
        )
        with self._session.reading() as connection:
            # Notes of the whole store stand under the empty name.
            return [str(row[0]) for row in rows(connection, sql) if row[0]]

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so, from the index over ids."""
        sql = (
            "SELECT id FROM entries WHERE namespace = ? AND id >= ? "
            "AND substr(id, 1, length(?)) = ? ORDER BY id"
        )
        with self._session.reading() as connection:
            bindings = (namespace, beginning, beginning, beginning)
            return [str(row[0]) for row in rows(connection, sql, bindings)]

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries in (session, position) order, or newest first; pages are read under the lock."""
        chosen = selection or Selection()
        order = "created DESC, number DESC" if chosen.newest_first else "session, position, number"
        with self._session.reading() as connection:
            where, bindings = _conditions(namespace, chosen, self._session.seal)
            hidden = chosen.text is not None and self._session.seal.hides_content
            read = f"number, {SELECTED}" if hidden else "number, text"
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
            yield self._key_state(namespace, item)

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which entries have a key, without reading keys."""
        with self._session.reading() as connection:
            found = rows(
                connection,
                "SELECT id, key_digest, trust FROM entries "
                "WHERE namespace = ? AND key_digest IS NOT NULL",
                (namespace,),
            )
        for entry_id, digest, trust in found:
            yield KeyMark(entry_id, key_mark(digest), trust)

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries, read without their payloads."""
        found: dict[str, KeyState] = {}
        with self._session.reading() as connection, naming(connection, namespace, ids=ids):
            for wanted in _chunks(list(ids)):
                marks = ", ".join("?" * len(wanted))
                read = rows(
                    connection,
                    f"SELECT keys.state, {SELECTED} FROM entries JOIN keys USING (number) "  # noqa: S608
                    f"WHERE namespace = ? AND id IN ({marks})",
                    (namespace, *wanted),
                )
                for state, *values in read:
                    item = Encoded(checked_row(namespace, values), state, None)
                    key = self._key_state(namespace, self._session.seal.opened(namespace, item))
                    found[key.id] = key
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first, without reading states or texts."""
        with self._session.reading() as connection:
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
        with self._session.reading() as connection:
            if not self._session.seal.hides_content:
                return lexicon.search(connection, namespace, text, limit)
            generation = number(connection, _GENERATION, (namespace,))
            texts = functools.partial(self._texts, connection, namespace)
            return self._words.search(namespace, generation, texts, text, limit)

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out at `now`."""
        with self._session.reading() as connection:
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

    def _page(self, namespace: str, numbers: Sequence[int], payload: bool) -> list[MemoryEntry]:
        marks = ", ".join("?" * len(numbers))
        with self._session.reading() as connection:
            with naming(connection, namespace, at=numbers):
                found = rows(
                    connection,
                    f"SELECT number, {SELECTED} FROM entries "  # noqa: S608
                    f"WHERE namespace = ? AND number IN ({marks})",
                    (namespace, *numbers),
                )
            by_number = {values[0]: checked_row(namespace, values[1:]) for values in found}
            read = (
                self._present(connection, namespace, by_number[number], payload)
                for number in numbers
                if number in by_number
            )
            return [entry for entry in read if entry is not None]

    def _present(
        self, connection: apsw.Connection, namespace: str, row: Row, payload: bool
    ) -> MemoryEntry | None:
        """The entry of a row; None when another process has deleted it since the row was read."""
        try:
            return self._entry(connection, namespace, row, payload)
        except DamagedEntryError:
            sql = f"SELECT {SELECTED} FROM entries WHERE namespace = ? AND id = ?"  # noqa: S608
            found = rows(connection, sql, (namespace, row.id))
            if not found:
                return None
            fresh = checked_row(namespace, found[0])
            if (fresh.payload, fresh.key_digest) == (row.payload, row.key_digest):
                raise
            return self._entry(connection, namespace, fresh, payload)  # its states were exchanged

    def _entry(
        self, connection: apsw.Connection, namespace: str, row: Row, payload: bool
    ) -> MemoryEntry:
        if not payload:
            return codec.decode(
                namespace, self._session.seal.opened_row(namespace, row), None, None
            )
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
            data = self._session.payloads.read(namespace, row.payload)
            if data is None:
                raise codec.damaged(namespace, row.id, "its payload file is missing")
        plain = self._session.seal.opened(namespace, Encoded(row, key, data))
        return codec.decode(namespace, plain.row, plain.key, plain.payload)

    @staticmethod
    def _key_state(namespace: str, item: Encoded) -> KeyState:
        row, key = item.row, item.key or b""
        session, position = columns.decode_session(row.session), row.position
        return KeyState(row.id, session, position, codec.decode_key(namespace, row, key))

    def _text(self, namespace: str, values: Sequence[Any]) -> str:
        return self._session.seal.opened_row(namespace, checked_row(namespace, values)).text

    def _texts(self, connection: apsw.Connection, namespace: str) -> list[tuple[str, str]]:
        sql = f"SELECT {SELECTED} FROM entries WHERE namespace = ? ORDER BY number"  # noqa: S608
        opened = (checked_row(namespace, values) for values in rows(connection, sql, (namespace,)))
        return [(row.id, self._session.seal.opened_row(namespace, row).text) for row in opened]

    def _key_rows(self, namespace: str) -> list[Encoded]:
        with self._session.reading() as connection:
            found = rows(
                connection,
                f"SELECT keys.state, {SELECTED} FROM entries JOIN keys USING (number) "  # noqa: S608
                "WHERE namespace = ? ORDER BY session, position, number",
                (namespace,),
            )
            sealed = [
                Encoded(checked_row(namespace, values[1:]), values[0], None) for values in found
            ]
            return [self._session.seal.opened(namespace, item) for item in sealed]


def checked_row(namespace: str, values: Sequence[Any]) -> Row:
    """The row of selected columns, checked against the digest that stands last."""
    row = Row(*values[:-1])
    codec.check_row(namespace, row, values[-1])
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


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _PAGE):
        yield items[start : start + _PAGE]
