"""Forgetting for good in PostgreSQL: rewritten tables, and a write-ahead log without the past.

What a server has to be told, and what cannot be promised:

* A deleted row stays in its page, and a dropped page in its file, until ``VACUUM FULL`` has written
  the partition, its indexes and its out-of-line values anew. That needs the tables' owner. While any
  transaction anywhere in the database is older than the deletion, the rows are kept for it.
* The write-ahead log holds what was written. After a switch to a new segment and a checkpoint the
  old segments are not needed any more, but are *recycled*: renamed for later use with their content.
  They are overwritten here, one switch after the other. That needs a superuser.
* Standbys replay the rewriting by themselves, and recycle segments of their own, at their own
  checkpoints. Archived segments, backups, file-system snapshots, and blocks of a disk that held a
  removed file are out of reach. What is known of it stands in the receipt.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from psycopg import errors

from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import (
    PARTITIONS,
    SCHEMA,
    TABLES,
    Connection,
    partition_of,
)

_SEGMENT = re.compile(r"[0-9A-F]{24}")
_MOST_SEGMENTS = 256  # of 16 MB: what is overwritten at most for one receipt
_PAUSE_SECONDS = 0.05


def erase(sessions: Sessions, namespace: str) -> dict[str, str]:
    """Rewrite the namespace's partitions and clear the log, as far as the role's rights go.

    Returns
    -------
    dict
        Partition to ``"rewritten"``, ``"busy"`` (somebody was reading for longer than the busy
        timeout) or ``"kept"`` (the role does not own it); ``"wal"`` to ``"overwritten"``,
        ``"recycled"`` (old content lies in files that wait to be overwritten) or ``"kept"`` (the
        role may not, or a standby, a slot or the archive still needs it); ``"archive"`` to
        ``"kept"`` where the server has one.
    """
    with sessions.bare() as connection:
        own = [partition_of(connection, table, namespace) for table in TABLES]
    return _cleared(sessions, own)


def erase_everything(sessions: Sessions) -> dict[str, str]:
    """`erase` for all namespaces at once."""
    return _cleared(sessions, [f"{table}_{part}" for table in TABLES for part in range(PARTITIONS)])


def _cleared(sessions: Sessions, partitions: Sequence[str]) -> dict[str, str]:
    with sessions.bare() as connection:
        receipt = {
            partition: _rewrite(connection, partition, sessions.patience_seconds)
            for partition in partitions
        }
        receipt["wal"] = _clear_log(connection)
        archive = connection.execute("SELECT current_setting('archive_mode')").fetchone()
        if archive != ("off",):
            receipt["archive"] = "kept"
        return receipt


def _rewrite(connection: Connection, partition: str, patience_seconds: float) -> str:
    """VACUUM FULL until no dead row is left in the partition."""
    deadline = time.monotonic() + patience_seconds
    told: list[int] = []

    def hear(said: errors.Diagnostic) -> None:
        # Messages come in the server's language, so only their form is relied on: the detail of
        # the one about the rewritten table begins with the number of dead rows it had to keep.
        found = re.search(r"\d+", said.message_detail or "")
        if said.severity_nonlocalized == "INFO" and found:
            told.append(int(found[0]))

    connection.add_notice_handler(hear)
    try:
        connection.execute(
            "SELECT set_config('lock_timeout', %s, false)",
            (f"{max(1, int(patience_seconds * 1000))}ms",),
        )
        while True:
            told.clear()
            try:
                connection.execute(f"VACUUM (FULL, VERBOSE) {SCHEMA}.{partition}")
            except errors.LockNotAvailable:
                return "busy"
            if not told:
                return "kept"  # refused, with no more than a warning
            if not any(told):
                return "rewritten"
            if time.monotonic() > deadline:
                return "busy"
            time.sleep(_PAUSE_SECONDS)
    finally:
        connection.remove_notice_handler(hear)
        connection.execute("RESET lock_timeout")


def _clear_log(connection: Connection) -> str:
    """Leave no segment of the write-ahead log that holds what was written before now."""
    try:
        current = _next_segment(connection)
        connection.execute("CHECKPOINT")
        segments = _segments(connection)
    except errors.InsufficientPrivilege:
        return "kept"
    if any(segment < current for segment in segments):
        return "kept"
    # Files beyond the current segment are old ones under new names, with their old content.
    newest = max(segments)
    for _ in range(_MOST_SEGMENTS):
        if current > newest:
            return "overwritten"
        current = _next_segment(connection)
    return "recycled"


def _next_segment(connection: Connection) -> str:
    """Go on in the next segment; the server fills what is left of the old one with zeros."""
    message = "SELECT pg_logical_emit_message(false, 'reweaving', '')"
    connection.execute(message)  # a segment in which nothing stands is not left
    connection.execute("SELECT pg_switch_wal()")
    connection.execute(message)
    found = connection.execute("SELECT pg_walfile_name(pg_current_wal_insert_lsn())").fetchone()
    return str(found[0]) if found else ""


def _segments(connection: Connection) -> list[str]:
    """Names of the log's files: timeline and place, so that they sort by age."""
    found = connection.execute("SELECT name FROM pg_ls_waldir()").fetchall()
    return [str(name) for (name,) in found if _SEGMENT.fullmatch(str(name))]
