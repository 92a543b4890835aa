"""The ledger in the same SQLite file as the entries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import apsw

from reweaving.errors import InputError
from reweaving.stores.connection import number, rows, value
from reweaving.stores.ledger import Counts, Event, Ledger


class SqliteLedger(Ledger):
    """Generations, notes and events of a `SqliteStore`.

    Parameters
    ----------
    reading, writing
        The store's own contexts: they hold its lock, and yield its connection.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[apsw.Connection]],
        writing: Callable[[], AbstractContextManager[apsw.Connection]],
    ) -> None:
        self._reading = reading
        self._writing = writing

    def generation(self, namespace: str) -> int:
        """The namespace's generation; 0 before its first entry."""
        with self._reading() as connection:
            sql = "SELECT generation FROM namespaces WHERE namespace = ?"
            return number(connection, sql, (namespace,))

    def note(self, namespace: str, key: str) -> Any:
        """The JSON value kept under `key`, or None."""
        with self._reading() as connection:
            sql = "SELECT value FROM notes WHERE namespace = ? AND key = ?"
            text = value(connection, sql, (namespace, key))
        return None if text is None else json.loads(str(text))

    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a JSON value under `key`; None removes it."""
        with self._writing() as connection:
            write_note(connection, namespace, key, value)

    def history(self, namespace: str, entry_id: str) -> list[Event]:
        """What happened to an entry, oldest first."""
        with self._reading() as connection:
            found = rows(
                connection,
                "SELECT entry_id, what, at, detail FROM events "
                "WHERE namespace = ? AND entry_id = ? ORDER BY number",
                (namespace, entry_id),
            )
        return [Event(row[0], row[1], row[2], json.loads(row[3])) for row in found]

    def counts(self, namespace: str) -> Counts:
        """How much the namespace holds; equal payloads count once."""
        with self._reading() as connection:
            ((entries, tokens, sessions, pinned),) = rows(
                connection,
                "SELECT count(*), coalesce(sum(length(token_ids)), 0) / 4, "
                "count(DISTINCT session), coalesce(sum(pinned), 0) "
                "FROM entries WHERE namespace = ?",
                (namespace,),
            )
            key_bytes = number(
                connection,
                "SELECT sum(length(state)) FROM keys JOIN entries USING (number) "
                "WHERE namespace = ?",
                (namespace,),
            )
            payload_bytes = number(
                connection,
                "SELECT sum(payload_bytes) FROM (SELECT max(payload_bytes) AS payload_bytes "
                "FROM entries WHERE namespace = ? AND payload IS NOT NULL GROUP BY payload)",
                (namespace,),
            )
        return Counts(entries, tokens, sessions, pinned, key_bytes, payload_bytes)

    def clear(self, namespace: str, keep: Sequence[str] = ()) -> None:
        """Remove events of a namespace, and its notes but those under `keep`."""
        marks = ", ".join("?" * len(keep))
        with self._writing() as connection:
            connection.execute(
                f"DELETE FROM notes WHERE namespace = ? AND key NOT IN ({marks})",  # noqa: S608
                (namespace, *keep),
            )
            connection.execute("DELETE FROM events WHERE namespace = ?", (namespace,))


def write_note(connection: apsw.Connection, namespace: str, key: str, value: Any) -> None:
    """Keep a JSON value, inside the caller's transaction; None removes it."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"note {key!r} is not JSON: {error}") from error
    if value is None:
        connection.execute("DELETE FROM notes WHERE namespace = ? AND key = ?", (namespace, key))
    else:
        connection.execute(
            "INSERT INTO notes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (namespace, key, text),
        )


def enter(
    connection: apsw.Connection,
    namespace: str,
    what: str,
    happened: Iterable[tuple[str, dict[str, Any]]],
) -> None:
    """Enter events and raise the generation; called inside the transaction of the change."""
    now = time.time()
    connection.executemany(
        "INSERT INTO events (namespace, entry_id, what, at, detail) VALUES (?, ?, ?, ?, ?)",
        [(namespace, entry_id, what, now, json.dumps(detail)) for entry_id, detail in happened],
    )
    connection.execute(
        "INSERT INTO namespaces VALUES (?, 1) "
        "ON CONFLICT DO UPDATE SET generation = generation + 1",
        (namespace,),
    )
