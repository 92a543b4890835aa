"""Other states for entries that are there, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import apsw

from reweaving.stores import codec
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import rows
from reweaving.stores.replacing import LeftOutError, pages, with_states_of
from reweaving.stores.sqlite_ledger import enter, write_note
from reweaving.stores.sqlite_reading import SELECTED, checked_row

if TYPE_CHECKING:
    from reweaving.stores.sqlite_session import SqliteSession
    from reweaving.types import MemoryEntry

_PAGE = 32  # entries whose states are in RAM at a time
_COLUMNS = tuple(each.name for each in fields(Row))


def replace_states(
    store: SqliteSession,
    connection: apsw.Connection,
    namespace: str,
    entries: Iterable[MemoryEntry],
    *,
    what: str,
    notes: Mapping[str, Any],
    whole: bool,
) -> list[Row]:
    """Inside the caller's transaction; returns the rows as they were.

    Raises
    ------
    LeftOutError
        With `whole`, when some entries were not replaced; the caller rolls back.
    """
    before: list[Row] = []
    for page in pages(entries, _PAGE):
        items = [store.seal.seal(namespace, codec.encode(entry)) for entry in page]
        payloads = {item.row.payload: item.payload for item in items}
        store.payloads.write_many(
            namespace, {name: data for name, data in payloads.items() if name and data}
        )
        for item in items:
            before += _replace(store, connection, namespace, item)
    if whole:
        done = {row.id for row in before}
        sql = "SELECT id FROM entries WHERE namespace = ? ORDER BY session, position, number"
        left = [str(name) for (name,) in rows(connection, sql, (namespace,)) if name not in done]
        if left:
            raise LeftOutError(tuple(left))
    for key, value in notes.items():
        write_note(connection, namespace, key, value)
    if before:
        enter(connection, namespace, what, [(row.id, {}) for row in before])
    return before


def _replace(
    store: SqliteSession, connection: apsw.Connection, namespace: str, item: Encoded
) -> list[Row]:
    sql = f"SELECT number, {SELECTED} FROM entries WHERE namespace = ? AND id = ?"  # noqa: S608
    found = rows(connection, sql, (namespace, item.row.id))
    if not found:
        return []
    ((at, *values),) = found
    row = checked_row(namespace, values)
    plain = store.seal.opened_row(namespace, row)
    fresh = store.seal.opened_row(namespace, item.row)
    changed = with_states_of(plain, fresh)
    stored = store.seal.sealed_row(namespace, changed)
    connection.execute(
        f"UPDATE entries SET {', '.join(f'{name} = ?' for name in _COLUMNS)}, digest = ? "  # noqa: S608
        "WHERE number = ?",
        (*(getattr(stored, name) for name in _COLUMNS), stored.digest, at),
    )
    connection.execute("DELETE FROM keys WHERE number = ?", (at,))
    if item.key is not None:
        connection.execute("INSERT INTO keys VALUES (?, ?)", (at, item.key))
    return [row]
