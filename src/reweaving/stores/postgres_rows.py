"""Rows of PostgreSQL and back: column lists out of `Row`, text with any character, checked digests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reweaving.stores import codec, columns
from reweaving.stores.base import Holding
from reweaving.stores.codec import Encoded, Row

if TYPE_CHECKING:
    from reweaving.stores.encryption import Seal
    from reweaving.stores.postgres_tables import Connection
    from reweaving.types import MemoryEntry

COLUMNS = tuple(field.name for field in fields(Row))
_SELECTED = ", ".join(f"entries.{name}" for name in (*COLUMNS, "digest"))
ALONE = f"{_SELECTED} FROM entries"
WITH_KEY = f"{_SELECTED}, keys.state FROM entries LEFT JOIN keys USING (namespace, id)"
WITH_STATES = (
    f"{_SELECTED}, keys.state, payloads.data FROM entries LEFT JOIN keys USING (namespace, id) "
    "LEFT JOIN payloads ON payloads.namespace = entries.namespace "
    "AND payloads.digest = entries.payload"
)
_HOLDINGS = """
SELECT id, layers, tier, pinned <> 0, length(token_ids) / 4,
       payload_bytes + coalesce(length(keys.state), 0), relevance_score, created, access_count,
       last_access
FROM entries LEFT JOIN keys USING (namespace, id)
WHERE namespace = %s ORDER BY created, number
"""
# PostgreSQL's text holds every character but NUL. It is written as SUB and "0", and SUB as SUB and "1".
_ESCAPE, _NUL = "\x1a", "\x00"
_ESCAPED = re.compile(f"{_ESCAPE}([01])")


def select(
    connection: Connection, namespace: str, ids: Sequence[str], selected: str = ALONE
) -> dict[str, Sequence[Any]]:
    """Values of `ALONE`, `WITH_KEY` or `WITH_STATES` for entries of these ids, by id."""
    sql = f"SELECT {selected} WHERE entries.namespace = %s AND entries.id = ANY(%s)"
    # Binary: text would double the size of the states on their way.
    found = connection.execute(sql, (namespace, list(ids)), binary=True)
    return {str(values[0]): values for values in found}


def holdings(connection: Connection, namespace: str) -> list[Holding]:
    """Size and use of every entry, oldest first."""
    found = connection.execute(_HOLDINGS, (namespace,))
    return [
        Holding(entry_id, columns.decode_layers(layers), *rest) for entry_id, layers, *rest in found
    ]


def escaped(value: Any) -> Any:
    """The value as PostgreSQL can hold it: strings without NUL, all others as they are."""
    if not isinstance(value, str) or (_NUL not in value and _ESCAPE not in value):
        return value
    return value.replace(_ESCAPE, f"{_ESCAPE}1").replace(_NUL, f"{_ESCAPE}0")


def unescaped(value: Any) -> Any:
    """What `escaped` was given."""
    if not isinstance(value, str) or _ESCAPE not in value:
        return value
    return _ESCAPED.sub(lambda found: _NUL if found[1] == "0" else _ESCAPE, value)


def column_values(row: Row) -> tuple[Any, ...]:
    """Values of `COLUMNS`."""
    return tuple(escaped(getattr(row, name)) for name in COLUMNS)


def read_row(values: Sequence[Any]) -> Row:
    """The row of `ALONE`, as it is; for what is about to be deleted."""
    return Row(*(unescaped(value) for value in values[: len(COLUMNS)]))


def checked_row(namespace: str, values: Sequence[Any]) -> Row:
    """The row of `ALONE`, checked against its digest.

    Raises
    ------
    DamagedEntryError
        When the row is not what was written.
    """
    row = read_row(values)
    codec.check_row(namespace, row, values[len(COLUMNS)])
    return row


def checked_key(namespace: str, row: Row, key: bytes | None) -> bytes | None:
    """The key's bytes, refused when they are missing; `codec` checks them against their digest."""
    if row.key_digest is not None and key is None:
        raise codec.damaged(namespace, row.id, "its retrieval key is missing")
    return None if row.key_digest is None else key


def stored(namespace: str, values: Sequence[Any]) -> Encoded:
    """Row, key and payload of `WITH_STATES`; their bytes are still to be checked.

    Raises
    ------
    DamagedEntryError
        When the row is not what was written, or key or payload are missing.
    """
    row = checked_row(namespace, values)
    key, payload = values[len(COLUMNS) + 1 :]
    if row.payload is not None and payload is None:
        raise codec.damaged(namespace, row.id, "its payload is missing")
    return Encoded(row, checked_key(namespace, row, key), payload)


def entry(namespace: str, values: Sequence[Any], seal: Seal) -> MemoryEntry:
    """The entry of `ALONE` or `WITH_STATES`, checked.

    Raises
    ------
    DamagedEntryError
        When row, key or payload is not what was written.
    """
    if len(values) == len(COLUMNS) + 1:
        row = seal.opened_row(namespace, checked_row(namespace, values))
        return codec.decode(namespace, row, None, None)
    item = seal.opened(namespace, stored(namespace, values))
    return codec.decode(namespace, item.row, item.key, item.payload)
