"""What a writer does inside its transaction on a SQLite store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import apsw

from reweaving.errors import ConflictError, InputError
from reweaving.stores import columns
from reweaving.stores.base import Room
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import number
from reweaving.stores.encryption import Seal
from reweaving.stores.sqlite_ledger import enter
from reweaving.stores.sqlite_reading import COLUMNS, SELECTED, checked_row


def insert(connection: apsw.Connection, namespace: str, item: Encoded) -> None:
    """A new row, and its retrieval key.

    Raises
    ------
    InputError
        When the id is taken.
    """
    row = item.row
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    try:
        connection.execute(
            f"INSERT INTO entries (namespace, digest, {', '.join(COLUMNS)}) "  # noqa: S608
            f"VALUES ({marks})",
            (namespace, row.digest, *(getattr(row, name) for name in COLUMNS)),
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


def change(
    connection: apsw.Connection, namespace: str, row: Row, wanted: Mapping[str, Any], seal: Seal
) -> None:
    """Change fields of a row, as `MemoryStore.update_many` says."""
    accesses = wanted.get("accesses", 0)
    encoded = columns.encode_change(
        row.id, {name: new for name, new in wanted.items() if name != "accesses"}
    )
    plain = seal.opened_row(namespace, row)
    stored = seal.sealed_row(namespace, replace(plain, **encoded))
    after = {name: getattr(stored, name) for name in COLUMNS}
    changed = {name: new for name, new in after.items() if new != getattr(row, name)}
    changed["digest"] = stored.digest
    assignments = "".join(f", {name} = ?" for name in changed)
    connection.execute(
        f"UPDATE entries SET access_count = access_count + ?{assignments} "  # noqa: S608
        "WHERE namespace = ? AND id = ?",
        (accesses, *changed.values(), namespace, row.id),
    )


def make_room(connection: apsw.Connection, namespace: str, room: Room) -> list[Row]:
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
    return delete(connection, namespace, room.evicted, "evicted")


def delete(connection: apsw.Connection, namespace: str, ids: Sequence[str], why: str) -> list[Row]:
    """Delete rows and enter why; returns the rows that were there."""
    found = [find(connection, namespace, entry_id) for entry_id in dict.fromkeys(ids)]
    gone = [row for row in found if row is not None]
    connection.executemany(
        "DELETE FROM entries WHERE namespace = ? AND id = ?",
        [(namespace, row.id) for row in gone],
    )
    if gone:
        enter(connection, namespace, why, [(row.id, {}) for row in gone])
    return gone


def find(
    connection: apsw.Connection, namespace: str, entry_id: str, *, checked: bool = False
) -> Row | None:
    """The row of an entry, as it is stored, or None.

    Raises
    ------
    DamagedEntryError
        With `checked`, when it is not what was written: a change would give damage a fresh checksum.
    """
    values = connection.execute(
        f"SELECT {SELECTED} FROM entries WHERE namespace = ? AND id = ?",  # noqa: S608
        (namespace, entry_id),
    ).fetchone()
    if values is None:
        return None
    return checked_row(namespace, values) if checked else Row(*values[:-1])


def is_used(connection: apsw.Connection, namespace: str, payload: str) -> bool:
    """Whether a row names the payload."""
    sql = "SELECT count(*) FROM entries WHERE namespace = ? AND payload = ?"
    return number(connection, sql, (namespace, payload)) > 0
