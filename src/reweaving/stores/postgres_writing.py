"""What a writer does inside its transaction; it holds the namespace, so nobody else writes there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reweaving.errors import ConflictError, InputError
from reweaving.stores import columns
from reweaving.stores.base import Room
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.encryption import Seal
from reweaving.stores.postgres_ledger import number
from reweaving.stores.postgres_rows import (
    COLUMNS,
    column_values,
    escaped,
    read_row,
    select,
)
from reweaving.stores.postgres_tables import Connection
from reweaving.stores.postgres_words import LEXICON, lexical

_NUMBERS = """
UPDATE namespaces SET last_entry = last_entry + %s WHERE namespace = %s RETURNING last_entry
"""
_ENTRY = (
    f"INSERT INTO entries (namespace, number, digest, lexicon, {', '.join(COLUMNS)}) "  # noqa: S608
    f"VALUES (%s, %s, %s, {LEXICON}, {', '.join(['%s'] * len(COLUMNS))})"
)
_KEY = "INSERT INTO keys (namespace, id, state, embedding) VALUES (%s, %s, %b, %s::vector)"
# A payload that lies there already is replaced only when it is damaged.
_PAYLOAD = """
INSERT INTO payloads (namespace, digest, data) VALUES (%s, %s, %b)
ON CONFLICT (namespace, digest) DO UPDATE SET data = excluded.data
WHERE payloads.data <> excluded.data
"""
_DELETE = "DELETE FROM entries WHERE namespace = %s AND id = ANY(%s)"
_DELETE_UNUSED = """
DELETE FROM payloads WHERE namespace = %s AND NOT EXISTS (
    SELECT 1 FROM entries
    WHERE entries.namespace = payloads.namespace AND entries.payload = payloads.digest
)
"""
_DELETE_PAYLOADS = f"{_DELETE_UNUSED} AND digest = ANY(%s)"


def is_stored(
    connection: Connection, namespace: str, encoded: Sequence[Encoded], again: bool
) -> bool:
    """Whether an earlier try, of which nobody knew what became of it, has stored these entries.

    Raises
    ------
    InputError
        When an id is taken.
    """
    ids = [item.row.id for item in encoded]
    sql = "SELECT id, digest FROM entries WHERE namespace = %s AND id = ANY(%s)"
    there = {str(row[0]): str(row[1]) for row in connection.execute(sql, (namespace, ids))}
    twins = [entry_id for entry_id, times in Counter(ids).items() if times > 1]
    others = [
        item.row.id
        for item in encoded
        if item.row.id in there and not (again and there[item.row.id] == item.row.digest)
    ]
    for entry_id in (*others, *twins):
        raise InputError(
            f"entry {entry_id} is in namespace {namespace!r} already; nothing was stored. "
            "Give the new entry another id"
        )
    return bool(there)


def insert(
    connection: Connection,
    namespace: str,
    encoded: Sequence[Encoded],
    directions: Sequence[str | None],
) -> None:
    """Rows, payloads and keys; `directions` are those of `postgres_vectors`, one for each entry."""
    last = number(connection, _NUMBERS, len(encoded), namespace)
    entries = []
    for place, item in enumerate(encoded, start=last - len(encoded) + 1):
        own = (namespace, place, item.row.digest, lexical(item.row.text))
        entries.append((*own, *column_values(item.row)))
    with connection.cursor() as cursor:
        cursor.executemany(_ENTRY, entries)
    insert_states(connection, namespace, encoded, directions)


def insert_states(
    connection: Connection,
    namespace: str,
    encoded: Sequence[Encoded],
    directions: Sequence[str | None],
) -> None:
    """Payloads and keys of entries whose rows are there, and have no key yet."""
    payloads = {item.row.payload: item.payload for item in encoded if item.payload is not None}
    keys = [
        (namespace, item.row.id, item.key, direction)
        for item, direction in zip(encoded, directions, strict=True)
        if item.key is not None
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_PAYLOAD, [(namespace, name, data) for name, data in payloads.items()])
        cursor.executemany(_KEY, keys)


def delete_unused_payloads(connection: Connection, namespace: str) -> None:
    """Delete the namespace's payloads that no row names."""
    connection.execute(_DELETE_UNUSED, (namespace,))


def delete_payloads(connection: Connection, namespace: str, rows: Sequence[Row]) -> None:
    """Delete payloads of rows that are gone or changed, as far as no other row names them."""
    digests = list({row.payload for row in rows if row.payload})
    if digests:
        connection.execute(_DELETE_PAYLOADS, (namespace, digests))


def make_room(connection: Connection, namespace: str, room: Room, again: bool) -> list[Row]:
    """Evict and move what `room` says; returns the rows that were evicted.

    Raises
    ------
    ConflictError
        When the namespace has changed since; not when an earlier try has made this very change.
    """
    there = select(connection, namespace, [*room.evicted, *room.moved])
    tiers = {entry_id: read_row(values).tier for entry_id, values in there.items()}
    left = [entry_id for entry_id in room.evicted if entry_id in there]
    unmoved = [name for name, tier in room.moved.items() if tiers.get(name, tier) != tier]
    if again and not left and not unmoved:
        return []
    sql = "SELECT generation FROM namespaces WHERE namespace = %s"
    generation = number(connection, sql, namespace)
    if generation != room.generation:
        raise ConflictError(
            f"namespace {namespace!r} was changed by another writer (generation {generation}, not "
            f"{room.generation}); nothing was written. Work the change out again"
        )
    for entry_id in unmoved:
        columns.tier(entry_id, "tier", room.moved[entry_id])
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE entries SET tier = %s WHERE namespace = %s AND id = %s",
            [(room.moved[entry_id], namespace, entry_id) for entry_id in unmoved],
        )
    return delete(connection, namespace, left)


def change(
    connection: Connection,
    namespace: str,
    row: Row,
    change: Mapping[str, Any],
    again: bool,
    seal: Seal,
) -> bool:
    """Write what changes in a row; False when an earlier try has done so already.

    An access that an earlier try may have counted is not counted again.
    """
    accesses = change.get("accesses", 0)
    changed = columns.encode_change(
        row.id, {name: new for name, new in change.items() if name != "accesses"}
    )
    plain = seal.opened_row(namespace, row)
    new_plain = replace(plain, **changed)
    if again and new_plain == plain:
        return False
    new_row = seal.sealed_row(namespace, new_plain)
    after = {name: getattr(new_row, name) for name in COLUMNS}
    altered = {name: value for name, value in after.items() if value != getattr(row, name)}
    assignments = {"digest = %s": new_row.digest, "access_count = access_count + %s": accesses}
    assignments |= {f"{name} = %s": escaped(value) for name, value in altered.items()}
    if "text" in altered:
        assignments[f"lexicon = {LEXICON}"] = lexical(new_row.text)
    connection.execute(
        f"UPDATE entries SET {', '.join(assignments)} WHERE namespace = %s AND id = %s",  # noqa: S608
        (*assignments.values(), namespace, row.id),
    )
    if row.payload != new_row.payload:
        delete_payloads(connection, namespace, [row])
    return True


def rewrite_row(connection: Connection, namespace: str, row: Row) -> None:
    """Put another row in the place of the one with its id, words and all."""
    assignments = ", ".join(f"{name} = %s" for name in (*COLUMNS, "digest"))
    connection.execute(
        f"UPDATE entries SET {assignments}, lexicon = {LEXICON} "  # noqa: S608
        "WHERE namespace = %s AND id = %s",
        (*column_values(row), row.digest, lexical(row.text), namespace, row.id),
    )


def delete(connection: Connection, namespace: str, ids: Sequence[str]) -> list[Row]:
    """Delete entries, and payloads that no entry names any more; returns the rows there were."""
    found = select(connection, namespace, ids)
    rows = [read_row(found[entry_id]) for entry_id in dict.fromkeys(ids) if entry_id in found]
    connection.execute(_DELETE, (namespace, [row.id for row in rows]))
    delete_payloads(connection, namespace, rows)
    return rows
