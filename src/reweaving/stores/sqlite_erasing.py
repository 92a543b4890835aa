"""Forgetting for good in a SQLite store: pages, log and payload files without what was deleted."""

from __future__ import annotations

from collections.abc import Sequence

from reweaving.stores import rotation
from reweaving.stores.codec import Row
from reweaving.stores.connection import rows
from reweaving.stores.sqlite_rescue import remove_leftovers
from reweaving.stores.sqlite_session import DATABASE, SqliteSession
from reweaving.stores.sqlite_writing import is_used


def erase(session: SqliteSession, namespace: str) -> dict[str, str]:
    """Rewrite the database without gaps, truncate its log, sweep payloads nobody names."""
    if session.folder is not None:
        remove_leftovers(session.folder)
    return sweep(session, namespace) | _rewrite(session)


def sweep(session: SqliteSession, namespace: str) -> dict[str, str]:
    """Unlink the namespace's payloads that nobody names."""
    with session.writing() as connection:
        used = [
            str(row[0])
            for row in connection.execute(
                "SELECT DISTINCT payload FROM entries WHERE namespace = ? AND payload IS NOT NULL",
                (namespace,),
            )
        ]
        return dict.fromkeys(session.payloads.sweep(namespace, used), "unlinked")


def sweep_all(session: SqliteSession) -> dict[str, str]:
    """Remove what an earlier key left, from payloads, pages and the log."""
    with session.reading() as connection:
        known = rotation.namespaces(connection)
    files: dict[str, str] = {}
    for namespace in known:
        files |= sweep(session, namespace)
    files |= _rewrite(session)
    with session.writing() as connection:
        rotation.mark_swept(connection)
    return files


def unlink_unused(session: SqliteSession, namespace: str, rows_before: Sequence[Row]) -> list[str]:
    """Unlink the payloads of rows that are gone, as far as no other row names them."""
    payloads = {row.payload for row in rows_before if row.payload}
    if not payloads:
        return []
    # A second transaction: a file may go only when the loss of its last row is durable, and
    # no writer may refer to it in between.
    with session.writing() as connection:
        free = [name for name in payloads if not is_used(connection, namespace, name)]
        return session.payloads.remove_many(namespace, free)


def _rewrite(session: SqliteSession) -> dict[str, str]:
    """Write every page of the database anew, and truncate its log."""
    with session.reading() as connection:
        connection.execute("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
        # secure_delete zeroes freed cells, but copies that a page kept when SQLite moved
        # cells to its neighbour are gone only when every page is written anew.
        connection.execute("VACUUM")
        if session.folder is None:
            return {}
        ((busy, _, _),) = rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    state = "busy" if busy else "truncated"
    return {DATABASE: "busy" if busy else "rewritten", f"{DATABASE}-wal": state}
