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

import contextlib
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence

import psycopg
from psycopg import errors

from reweaving.errors import StoreError
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import (
    PARTITIONS,
    SCHEMA,
    TABLES,
    Connection,
    milliseconds,
    partition_of,
)

_SEGMENT = re.compile(r"[0-9A-F]{24}")
_MOST_SEGMENTS = 256  # of 16 MB: what is overwritten at most for one receipt
_MOST_REWRITES = 3  # of one partition, each after what held its dead rows has ended
_PAUSE_SECONDS = 0.05
_SWEEPING = 0x434D5233  # advisory lock of whoever rewrites everything, "CMR3"
_EVERYTHING = tuple(f"{table}_{part}" for table in TABLES for part in range(PARTITIONS))

_NOW = "SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text"
# What the server asks for the oldest transaction that may still see a deleted row. A plain VACUUM
# sees none; a replication slot's is of whatever stands behind it.
_HOLDERS = """
SELECT EXISTS (
    SELECT 1 FROM pg_stat_activity
    WHERE (datname = current_database() OR backend_type = 'walsender')
        AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
        AND greatest(age(backend_xid), age(backend_xmin)) > age(%(now)s::xid)
) OR EXISTS (
    SELECT 1 FROM pg_prepared_xacts
    WHERE database = current_database() AND age(transaction) > age(%(now)s::xid)
) OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE age(xmin) > age(%(now)s::xid))
"""
_log = logging.getLogger(__name__)


def erase(sessions: Sessions, namespace: str) -> dict[str, str]:
    """Rewrite the namespace's partitions and clear the log, as far as the role's rights go.

    What was deleted is committed before: nothing that the server does not manage is raised, it
    stands in the receipt.

    Returns
    -------
    dict
        Partition to ``"rewritten"``, ``"busy"`` (somebody was reading for longer than the busy
        timeout, or the server broke off) or ``"kept"`` (the role does not own it); ``"wal"`` to
        ``"overwritten"``, ``"recycled"`` (old content lies in files that wait to be overwritten) or
        ``"kept"`` (the role may not, or a standby, a slot or the archive still needs it);
        ``"archive"`` to ``"kept"`` where the server has one.

    Raises
    ------
    StoreError
        When there is no connection.
    """
    with sessions.bare() as connection:
        own = [partition_of(connection, table, namespace) for table in TABLES]
        return _cleared(connection, own, sessions.patience_seconds)


def erase_everything(sessions: Sessions) -> dict[str, str]:
    """`erase` for all namespaces at once, by one process at a time; raises no `StoreError`.

    Everything is ``"busy"`` while another process does the same, or when there is no connection.
    """
    receipt = dict.fromkeys(_EVERYTHING, "busy") | {"wal": "kept"}
    try:
        with _sweeping(sessions) as alone:
            if alone:
                with sessions.bare() as connection:
                    receipt = _cleared(connection, _EVERYTHING, sessions.patience_seconds)
    except StoreError as error:
        _log.warning("what an earlier key left is not removed yet: %s", error)
    return receipt


def is_rewritten(receipt: Mapping[str, str]) -> bool:
    """Whether no table holds anything any more of what was deleted, by a receipt for everything."""
    return all(receipt[partition] == "rewritten" for partition in _EVERYTHING)


@contextlib.contextmanager
def _sweeping(sessions: Sessions) -> Iterator[bool]:
    """Whether this process is the one that rewrites everything, until it is through.

    Its lock is a transaction's, so that it ends with it also behind a pooler. That transaction has
    no snapshot: nothing is kept for it.
    """
    with sessions.bare() as connection:
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            sql = "SELECT pg_try_advisory_xact_lock(%s)"
            yield connection.execute(sql, (_SWEEPING,)).fetchone() == (True,)
        finally:
            with contextlib.suppress(psycopg.Error):
                connection.execute("ROLLBACK")


def _cleared(
    connection: Connection, partitions: Sequence[str], patience_seconds: float
) -> dict[str, str]:
    archive = connection.execute("SELECT current_setting('archive_mode')").fetchone()
    patience = _Patience(patience_seconds)
    try:
        connection.execute("SELECT set_config('statement_timeout', '0', false)")
        receipt = {name: _rewrite(connection, name, patience) for name in partitions}
        receipt["wal"] = _clear_log(connection)
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.execute("RESET statement_timeout")
            connection.execute("RESET lock_timeout")
    return receipt if archive == ("off",) else receipt | {"archive": "kept"}


class _Patience:
    """What is left of the busy timeout: waiting uses it up, and rewriting takes as long as it takes."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def spend(self, since: float) -> None:
        """Take off what has gone by since a time of `time.monotonic`."""
        self.seconds = max(0.0, self.seconds - (time.monotonic() - since))


def _rewrite(connection: Connection, partition: str, patience: _Patience) -> str:
    """VACUUM FULL until no dead row is left in the partition."""
    for _ in range(_MOST_REWRITES):
        try:
            left = _vacuum(connection, partition, patience)
            if not left:
                return "kept" if left is None else "rewritten"
            if not _outlast(connection, patience):
                break
        except psycopg.Error as error:
            _log.warning("%s.%s is not rewritten: %s", SCHEMA, partition, error)
            break
    return "busy"


def _vacuum(connection: Connection, partition: str, patience: _Patience) -> int | None:
    """Rewrite the partition; returns how many dead rows it had to keep, or None where it may not."""
    told: list[int] = []

    def hear(said: errors.Diagnostic) -> None:
        # Messages come in the server's language, so only their form is relied on: the detail of
        # the one about the rewritten table begins with the number of dead rows it had to keep.
        found = re.search(r"\d+", said.message_detail or "")
        if said.severity_nonlocalized == "INFO" and found:
            told.append(int(found[0]))

    longest = milliseconds(max(_PAUSE_SECONDS, patience.seconds))
    connection.execute("SELECT set_config('lock_timeout', %s, false)", (longest,))
    connection.add_notice_handler(hear)
    began = time.monotonic()
    try:
        connection.execute(f"VACUUM (FULL, VERBOSE) {SCHEMA}.{partition}")
    except errors.LockNotAvailable:
        patience.spend(began)
        raise
    finally:
        connection.remove_notice_handler(hear)
    return sum(told) if told else None  # refused, with no more than a warning


def _outlast(connection: Connection, patience: _Patience) -> bool:
    """Wait until nobody is left to whom what was deleted before now may still be shown."""
    now = connection.execute(_NOW).fetchone()
    began = time.monotonic()
    try:
        while connection.execute(_HOLDERS, {"now": now[0] if now else None}).fetchone() == (True,):
            if time.monotonic() - began > patience.seconds:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True
    finally:
        patience.spend(began)


def _clear_log(connection: Connection) -> str:
    """Leave no segment of the write-ahead log that holds what was written before now."""
    try:
        current = _next_segment(connection)
        connection.execute("CHECKPOINT")
        segments = _segments(connection)
        if any(segment < current for segment in segments):
            return "kept"
        # Files beyond the current segment are old ones under new names, with their old content.
        newest = max(segments)
        for _ in range(_MOST_SEGMENTS):
            if current > newest:
                return "overwritten"
            current = _next_segment(connection)
        return "recycled"
    except psycopg.Error as error:
        if not isinstance(error, errors.InsufficientPrivilege):  # which is no news
            _log.warning("the write-ahead log is not cleared: %s", error)
        return "kept"


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
