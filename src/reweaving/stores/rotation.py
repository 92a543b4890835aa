"""Another key for everything in a SQLite store: one transaction, every item read back before it ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import apsw

from reweaving.errors import StoreError
from reweaving.stores import codec
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import rows, value
from reweaving.stores.digest import is_payload, payload_digest
from reweaving.stores.encryption import Seal
from reweaving.stores.payloads import PayloadStore

_STORE = ""  # no user's namespace has this name: notes of the whole store are kept under it
HEADER, _UNSWEPT = "encryption", "unswept"
_COLUMNS = tuple(field.name for field in fields(Row))
_PAGE = 32  # entries whose states are in RAM at a time


def read_header(connection: apsw.Connection) -> dict[str, Any] | None:
    """The store's header, or None where nothing is encrypted."""
    sql = "SELECT value FROM notes WHERE namespace = ? AND key = ?"
    text = value(connection, sql, (_STORE, HEADER))
    return None if text is None else json.loads(str(text))


def write_header(connection: apsw.Connection, header: dict[str, Any] | None) -> None:
    """Keep another header, inside the caller's transaction; None for a store without encryption."""
    _write(connection, HEADER, header)


def is_unswept(connection: apsw.Connection) -> bool:
    """Whether a rotation ended before files of the earlier key were removed."""
    sql = "SELECT count(*) FROM notes WHERE namespace = ? AND key = ?"
    return bool(value(connection, sql, (_STORE, _UNSWEPT)))


def mark_swept(connection: apsw.Connection) -> None:
    """Note that no file of an earlier key is left."""
    _write(connection, _UNSWEPT, None)


def namespaces(connection: apsw.Connection) -> list[str]:
    """All namespaces that have entries."""
    return [str(row[0]) for row in rows(connection, "SELECT DISTINCT namespace FROM entries")]


def reseal(
    connection: apsw.Connection,
    payloads: PayloadStore,
    old: Seal,
    new: Seal,
    header: dict[str, Any] | None,
) -> None:
    """Re-encrypt every entry of every namespace, inside the caller's transaction.

    Payloads get new names, so the files of the old key stay beside those of the new one until the
    transaction is through: whenever the process dies, one of the two keys opens everything.

    Parameters
    ----------
    header
        Of the new key; becomes the store's with the same commit.

    Raises
    ------
    DamagedEntryError
        When an entry cannot be read with the old key; nothing is changed.
    StoreError
        When what was written does not read back as it was; nothing is changed.
    """
    for namespace in namespaces(connection):
        for page in _pages(connection, namespace):
            _reseal_page(connection, payloads, namespace, page, old, new)
    write_header(connection, header)
    _write(connection, _UNSWEPT, True)


def _pages(connection: apsw.Connection, namespace: str) -> Iterator[Sequence[int]]:
    sql = "SELECT number FROM entries WHERE namespace = ? ORDER BY number"
    numbers = [int(row[0]) for row in rows(connection, sql, (namespace,))]
    for start in range(0, len(numbers), _PAGE):
        yield numbers[start : start + _PAGE]


def _reseal_page(
    connection: apsw.Connection,
    payloads: PayloadStore,
    namespace: str,
    numbers: Sequence[int],
    old: Seal,
    new: Seal,
) -> None:
    plain = {
        at: intact(namespace, old.opened(namespace, _stored(connection, payloads, at)))
        for at in numbers
    }
    sealed = {at: new.seal(namespace, item) for at, item in plain.items()}
    files = {item.row.payload: item.payload for item in sealed.values()}
    payloads.write_many(namespace, {name: data for name, data in files.items() if name and data})
    for at, item in sealed.items():
        _update(connection, at, item)
    for at in numbers:
        # Read back from where it lies now, not from what is at hand.
        if new.opened(namespace, _stored(connection, payloads, at)) != plain[at]:
            raise StoreError(
                f"entry {plain[at].row.id} of namespace {namespace!r} did not read back with the new "
                "key as it was; the key was not changed"
            )


def _stored(connection: apsw.Connection, payloads: PayloadStore, number: int) -> Encoded:
    ((namespace, key, digest, *values),) = rows(
        connection,
        f"SELECT namespace, keys.state, digest, {', '.join(_COLUMNS)} "  # noqa: S608
        "FROM entries LEFT JOIN keys USING (number) WHERE number = ?",
        (number,),
    )
    row = Row(*values)
    codec.check_row(namespace, row, digest)
    if row.key_digest is not None and key is None:
        raise codec.damaged(namespace, row.id, "its retrieval key is missing")
    payload = None if row.payload is None else payloads.read(namespace, row.payload)
    if row.payload is not None and payload is None:
        raise codec.damaged(namespace, row.id, "its payload file is missing")
    return Encoded(row, key, payload)


def intact(namespace: str, item: Encoded) -> Encoded:
    """An opened item, its payload under the name that it would get today: it may have an older one.

    Raises
    ------
    DamagedEntryError
        When key or payload is not what was written: damage gets no fresh seal.
    """
    key, payload = item.key, item.payload
    changed = None
    if key is not None and hashlib.sha256(key).hexdigest() != item.row.key_digest:
        changed = "retrieval key"
    elif payload is not None and not is_payload(payload, item.row.payload or ""):
        changed = "payload"
    if changed is not None:
        raise codec.damaged(namespace, item.row.id, f"its {changed} does not match its checksum")
    if payload is None:
        return item
    return replace(item, row=replace(item.row, payload=payload_digest(payload)))


def _update(connection: apsw.Connection, number: int, item: Encoded) -> None:
    assignments = ", ".join(f"{name} = ?" for name in (*_COLUMNS, "digest"))
    connection.execute(
        f"UPDATE entries SET {assignments} WHERE number = ?",  # noqa: S608
        (*(getattr(item.row, name) for name in _COLUMNS), item.row.digest, number),
    )
    if item.key is not None:
        connection.execute("UPDATE keys SET state = ? WHERE number = ?", (item.key, number))


def _write(connection: apsw.Connection, key: str, value: Any) -> None:
    connection.execute("DELETE FROM notes WHERE namespace = ? AND key = ?", (_STORE, key))
    if value is not None:
        connection.execute("INSERT INTO notes VALUES (?, ?, ?)", (_STORE, key, json.dumps(value)))
