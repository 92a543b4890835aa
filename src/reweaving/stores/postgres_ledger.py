"""The ledger in the same PostgreSQL database as the entries."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from reweaving.errors import InputError
from reweaving.stores.ledger import Counts, Event, Ledger
from reweaving.stores.postgres_rows import escaped, unescaped
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection

_COUNTS = """
SELECT count(*), coalesce(sum(length(token_ids)), 0) / 4, count(DISTINCT session),
       coalesce(sum(pinned), 0)
FROM entries WHERE namespace = %s
"""
_KEY_BYTES = "SELECT coalesce(sum(length(state)), 0) FROM keys WHERE namespace = %s"
_PAYLOAD_BYTES = """
SELECT coalesce(sum(payload_bytes), 0) FROM (
    SELECT max(payload_bytes) AS payload_bytes FROM entries
    WHERE namespace = %s AND payload IS NOT NULL GROUP BY payload
) AS payloads
"""
_NUMBERS = """
UPDATE namespaces SET last_event = last_event + %s WHERE namespace = %s RETURNING last_event
"""


class PostgresLedger(Ledger):
    """Generations, notes and events of a `PostgresStore`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def generation(self, namespace: str) -> int:
        """The namespace's generation; 0 before its first entry."""
        sql = "SELECT generation FROM namespaces WHERE namespace = %s"
        return self._sessions.read(namespace, lambda connection: number(connection, sql, namespace))

    def note(self, namespace: str, key: str) -> Any:
        """The JSON value kept under `key`, or None."""
        return self.notes(namespace).get(key)

    def notes(self, namespace: str) -> dict[str, Any]:
        """Every note of the namespace."""

        def work(connection: Connection) -> dict[str, Any]:
            sql = "SELECT key, value FROM notes WHERE namespace = %s ORDER BY key"
            found = connection.execute(sql, (namespace,))
            return {unescaped(key): json.loads(value) for key, value in found}

        return self._sessions.read(namespace, work)

    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a JSON value under `key`; None removes it."""
        text = _json(key, value)
        self._sessions.write(
            namespace, lambda connection, _: _write_note(connection, namespace, key, text)
        )

    def history(self, namespace: str, entry_id: str) -> list[Event]:
        """What happened to an entry, oldest first."""
        return self.events(namespace, entry_id)

    def events(self, namespace: str, entry_id: str | None = None) -> list[Event]:
        """What happened in the namespace, or to one entry, oldest first."""
        one = "" if entry_id is None else " AND entry_id = %s"
        wanted = (namespace,) if entry_id is None else (namespace, entry_id)

        def work(connection: Connection) -> list[Event]:
            found = connection.execute(
                f"SELECT entry_id, what, at, detail FROM events "  # noqa: S608
                f"WHERE namespace = %s{one} ORDER BY number",
                wanted,
            )
            return [Event(row[0], row[1], row[2], json.loads(row[3])) for row in found]

        return self._sessions.read(namespace, work)

    def replace_events(self, namespace: str, events: Sequence[Event]) -> None:
        """Put these events in the place of all that are kept of their entries."""

        def work(connection: Connection, _: bool) -> None:
            ids = list({event.entry_id for event in events})
            sql = "DELETE FROM events WHERE namespace = %s AND entry_id = ANY(%s)"
            connection.execute(sql, (namespace, ids))
            _write_events(connection, namespace, events)

        self._sessions.write(namespace, work)

    def counts(self, namespace: str) -> Counts:
        """How much the namespace holds; equal payloads count once."""

        def work(connection: Connection) -> Counts:
            totals = connection.execute(_COUNTS, (namespace,)).fetchone() or (0, 0, 0, 0)
            entries, tokens, sessions, pinned = (int(total) for total in totals)
            key_bytes = number(connection, _KEY_BYTES, namespace)
            payload_bytes = number(connection, _PAYLOAD_BYTES, namespace)
            return Counts(entries, tokens, sessions, pinned, key_bytes, payload_bytes)

        return self._sessions.read(namespace, work)

    def clear(self, namespace: str, keep: Sequence[str] = ()) -> None:
        """Remove events of a namespace, and its notes but those under `keep`."""
        kept = [escaped(key) for key in keep]

        def work(connection: Connection, _: bool) -> None:
            sql = "DELETE FROM notes WHERE namespace = %s AND key <> ALL(%s)"
            connection.execute(sql, (namespace, kept))
            connection.execute("DELETE FROM events WHERE namespace = %s", (namespace,))

        self._sessions.write(namespace, work)


def enter(
    connection: Connection,
    namespace: str,
    what: str,
    happened: Iterable[tuple[str, dict[str, Any]]],
) -> None:
    """Enter events and raise the generation; called inside the transaction of the change."""
    now = time.time()
    events = [Event(entry_id, what, now, detail) for entry_id, detail in happened]
    _write_events(connection, namespace, events)
    connection.execute(
        "UPDATE namespaces SET generation = generation + 1 WHERE namespace = %s", (namespace,)
    )


def write_note(connection: Connection, namespace: str, key: str, value: Any) -> None:
    """Keep a JSON value, inside the caller's transaction; None removes it."""
    _write_note(connection, namespace, key, _json(key, value))


def number(connection: Connection, sql: str, *bindings: object) -> int:
    """First column of the first row as an integer; 0 when there is none."""
    found = connection.execute(sql, bindings).fetchone()
    return int(found[0]) if found else 0


def _write_events(connection: Connection, namespace: str, events: Sequence[Event]) -> None:
    """Number events on from the last one; the caller holds the namespace."""
    last = number(connection, _NUMBERS, len(events), namespace)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO events (namespace, number, entry_id, what, at, detail) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (namespace, place, event.entry_id, event.what, event.at, json.dumps(event.detail))
                for place, event in enumerate(events, start=last - len(events) + 1)
            ],
        )


def _json(key: str, value: Any) -> str | None:
    try:
        return None if value is None else json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"note {key!r} is not JSON: {error}") from error


def _write_note(connection: Connection, namespace: str, key: str, text: str | None) -> None:
    if text is None:
        sql = "DELETE FROM notes WHERE namespace = %s AND key = %s"
        connection.execute(sql, (namespace, escaped(key)))
    else:
        connection.execute(
            "INSERT INTO notes (namespace, key, value) VALUES (%s, %s, %s) "
            "ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value",
            (namespace, escaped(key), text),
        )
