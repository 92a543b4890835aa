"""Mending the rows of a SQLite store: what is damaged loses that part, or is taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import apsw

from reweaving.errors import DamagedEntryError
from reweaving.stores import codec
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.connection import rows
from reweaving.stores.progress import Progress
from reweaving.stores.sqlite_ledger import enter

if TYPE_CHECKING:
    from reweaving.stores.sqlite_session import SqliteSession

NO_PAYLOAD = "its payload file is missing"
_NO_KEY = "its retrieval key is missing"
_NO_ROW = "its row is missing"
_COLUMNS = tuple(each.name for each in fields(Row))
_STORED = f"SELECT {', '.join(_COLUMNS)}, digest FROM entries WHERE number = ?"  # noqa: S608
_UPDATE = f"UPDATE entries SET {', '.join(f'{name} = ?' for name in _COLUMNS)}, digest = ?"  # noqa: S608


@dataclass
class Mended:
    """How many entries needed nothing, and ids to reasons of the others."""

    intact: int = 0
    rebuilt: dict[str, str] = field(default_factory=dict)
    keyless: dict[str, str] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)


def read(store: SqliteSession, connection: apsw.Connection, namespace: str, at: int) -> None:
    """Read one entry with all that belongs to it.

    Raises
    ------
    DamagedEntryError
        With what is wrong.
    """
    row = _row(connection, namespace, at)
    _check_key(store, connection, namespace, at, row)
    _check_payload(store, namespace, row)


def mend(store: SqliteSession, namespace: str, progress: Progress) -> Mended:
    """Mend every entry of a namespace in one transaction, and build its word index again."""
    mended = Mended()
    with store.writing() as connection:
        sql = "SELECT number, id FROM entries WHERE namespace = ? ORDER BY number"
        known = [(int(at), str(name)) for at, name in rows(connection, sql, (namespace,))]
        for done, (at, entry_id) in enumerate(known):
            progress(done, len(known), "mending entries")
            _mend_one(store, connection, namespace, at, entry_id, mended)
        progress(len(known), len(known), "mending entries")
        for what, ids in (
            ("repaired", {**mended.rebuilt, **mended.keyless}),
            ("set aside", mended.aside),
        ):
            if ids:
                enter(connection, namespace, what, [(entry_id, {}) for entry_id in ids])
        # Rows that were taken out may have had other words than the index knows them by.
        connection.execute("INSERT INTO lexicon (lexicon) VALUES ('rebuild')")
        connection.execute("REINDEX")
    return mended


def _mend_one(
    store: SqliteSession,
    connection: apsw.Connection,
    namespace: str,
    at: int,
    entry_id: str,
    mended: Mended,
) -> None:
    try:
        row = _row(connection, namespace, at)
        plain = store.seal.opened_row(namespace, row)
    except DamagedEntryError as error:
        connection.execute("DELETE FROM entries WHERE number = ?", (at,))
        mended.aside[entry_id] = error.reason
        return
    bad_key = _problem(lambda: _check_key(store, connection, namespace, at, row))
    bad_payload = _problem(lambda: _check_payload(store, namespace, row))
    if not bad_key and not bad_payload:
        mended.intact += 1
        return
    if bad_payload and not plain.token_ids:
        connection.execute("DELETE FROM entries WHERE number = ?", (at,))
        mended.aside[entry_id] = f"{bad_payload}, and it has no token ids to be read again"
        return
    changes: dict[str, Any] = {}
    if bad_payload:
        changes |= {"codec": "replay", "payload": None, "payload_bytes": 0}
        mended.rebuilt[entry_id] = bad_payload
    if bad_key:
        changes |= {"key_dtype": None, "key_shape": None, "key_digest": None}
        connection.execute("DELETE FROM keys WHERE number = ?", (at,))
        if not bad_payload:
            mended.keyless[entry_id] = bad_key
    stored = store.seal.sealed_row(namespace, replace(plain, **changes))
    connection.execute(
        f"{_UPDATE} WHERE number = ?",
        (*(getattr(stored, name) for name in _COLUMNS), stored.digest, at),
    )


def _problem(check: Callable[[], None]) -> str:
    try:
        check()
    except DamagedEntryError as error:
        return error.reason
    return ""


def _row(connection: apsw.Connection, namespace: str, at: int) -> Row:
    found = rows(connection, _STORED, (at,))
    if not found:
        raise DamagedEntryError(f"row {at} is in an index and not in its table", _NO_ROW)
    *values, digest = found[0]
    row = Row(*values)
    codec.check_row(namespace, row, digest)
    return row


def _check_key(
    store: SqliteSession, connection: apsw.Connection, namespace: str, at: int, row: Row
) -> None:
    if row.key_digest is None:
        return
    found = rows(connection, "SELECT state FROM keys WHERE number = ?", (at,))
    if not found:
        raise codec.damaged(namespace, row.id, _NO_KEY)
    opened = store.seal.opened(namespace, Encoded(row, found[0][0], None))
    codec.decode_key(namespace, opened.row, opened.key or b"")


def _check_payload(store: SqliteSession, namespace: str, row: Row) -> None:
    if row.payload is None:
        return
    data = store.payloads.read(namespace, row.payload)
    if data is None:
        raise codec.damaged(namespace, row.id, NO_PAYLOAD)
    opened = store.seal.opened(namespace, Encoded(row, None, data))
    codec.decode(namespace, opened.row, None, opened.payload)
