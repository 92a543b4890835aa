"""Ids of entries that meet conditions, in their order, and names of what a database holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reweaving.stores import columns
from reweaving.stores.base import Selection
from reweaving.stores.encryption import Seal
from reweaving.stores.postgres_rows import ALONE, checked_row, unescaped
from reweaving.stores.postgres_tables import Connection

_BEGINNING = """
SELECT id FROM entries
WHERE namespace = %(namespace)s AND id >= %(beginning)s AND starts_with(id, %(beginning)s)
ORDER BY id
"""
_EXPIRED = "SELECT id FROM entries WHERE namespace = %s AND expires_at <= %s ORDER BY number"
_KEYS = "SELECT id, key_digest, trust FROM entries WHERE namespace = %s AND key_digest IS NOT NULL"
_HOLDS = """
SELECT EXISTS (SELECT 1 FROM entries WHERE namespace = %(namespace)s)
    OR EXISTS (SELECT 1 FROM notes WHERE namespace = %(namespace)s)
    OR EXISTS (SELECT 1 FROM events WHERE namespace = %(namespace)s)
"""


def chosen(connection: Connection, namespace: str, selection: Selection, seal: Seal) -> list[str]:
    """Ids of a selection, in its order."""
    conditions: dict[str, Any] = {"namespace = %s": namespace}
    if selection.session is not None:
        session = columns.encode_session(selection.session)
        conditions["session = %s"] = seal.session(namespace, session)
    if selection.before is not None:
        conditions["created < %s"] = selection.before
    where = " AND ".join(conditions)
    order = "created DESC, number DESC" if selection.newest_first else "session, position, number"
    # Upper and lower case is Python's affair: the server's depends on its locale.
    if selection.text is None:
        sql = f"SELECT id FROM entries WHERE {where} ORDER BY {order} LIMIT %s"  # noqa: S608
        found = connection.execute(sql, (*conditions.values(), selection.limit))
        return [str(entry_id) for (entry_id,) in found]
    wanted = selection.text.casefold()
    read = ALONE if seal.hides_content else "id, text FROM entries"
    rows = connection.execute(
        f"SELECT {read} WHERE {where} ORDER BY {order}",
        tuple(conditions.values()),
    )
    ids = [str(row[0]) for row in rows if wanted in _text(namespace, row, seal).casefold()]
    return ids[: selection.limit]


def _text(namespace: str, values: Sequence[Any], seal: Seal) -> str:
    if seal.hides_content:
        return seal.opened_row(namespace, checked_row(namespace, values)).text
    return str(unescaped(values[1]))


def beginning(connection: Connection, namespace: str, start: str) -> list[str]:
    """Ids that begin with `start`, in alphabetical order."""
    wanted = {"namespace": namespace, "beginning": start}
    return [str(entry_id) for (entry_id,) in connection.execute(_BEGINNING, wanted)]


def key_digests(connection: Connection, namespace: str) -> list[tuple[str, str, str]]:
    """Id, digest of the key and trust of every entry that has a key."""
    found = connection.execute(_KEYS, (namespace,))
    return [(str(entry_id), str(digest), str(trust)) for entry_id, digest, trust in found]


def expired(connection: Connection, namespace: str, now: float) -> list[str]:
    """Ids of entries whose time had run out at `now`, oldest first."""
    return [str(entry_id) for (entry_id,) in connection.execute(_EXPIRED, (namespace, now))]


def names(connection: Connection) -> list[str]:
    """Every namespace that was ever written; the transaction has to be one for the directory."""
    found = connection.execute("SELECT namespace FROM namespaces ORDER BY namespace")
    return [str(name) for (name,) in found]


def holds(connection: Connection, namespace: str) -> bool:
    """Whether the namespace has an entry, a note or an event."""
    return connection.execute(_HOLDS, {"namespace": namespace}).fetchone() == (True,)
