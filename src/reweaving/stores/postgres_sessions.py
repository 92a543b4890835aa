"""Transactions of one namespace on pooled connections, tried again when a connection breaks."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import psycopg
from psycopg import conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from reweaving.errors import InputError, StoreError
from reweaving.stores.postgres_errors import (
    closed,
    collided,
    in_doubt,
    lost,
    shown,
    translated,
    unreachable,
)
from reweaving.stores.postgres_migrations import migrate, search_path
from reweaving.stores.postgres_tables import Connection

T = TypeVar("T")

_MOST_CONNECTIONS = 8
# The pool tries to connect when it is asked for a connection, and waits longer and longer after
# failures: it is told to give up at once and asked anew, so that a server that is back is noticed.
_ASKING_SECONDS = 0.5
_PAUSE_SECONDS = 0.02  # before the next try
# A host that vanished without a word is noticed within half a minute, unless the address says else.
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
_LOG = logging.getLogger(__name__)

# Everything is set for one transaction only, so that a pooler between here and the server may
# hand each transaction to another of its connections.
_SETTINGS = """
SELECT set_config('reweaving.namespace', %(namespace)s, true),
       set_config('reweaving.directory', %(directory)s, true),
       set_config('search_path', %(search_path)s, true),
       set_config('lock_timeout', %(lock_timeout)s, true),
       set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                  WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)
"""
# What is read behind a lock has to be as new as the lock, whatever the role's default is.
_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
# Whoever writes in a namespace holds its row, so that writes follow each other and number alike.
# Writers share a lock that whoever changes the encryption key holds alone.
_SHARED = "SELECT pg_advisory_xact_lock_shared(%s)"
_ALONE = "SELECT pg_advisory_xact_lock(%s)"
_KEY_LOCK = 0x434D5232  # "CMR2"
_TAKE = "INSERT INTO namespaces (namespace) VALUES (%s) ON CONFLICT DO NOTHING"
_HOLD = "SELECT 1 FROM namespaces WHERE namespace = %s FOR UPDATE"


class Sessions:
    """Connections to one database.

    Life: made by `connect`, used by the store and its ledger from any thread, closed once.

    Parameters
    ----------
    pool
        Opened; its connections are in autocommit mode.
    name
        The address without its secrets.
    path
        Schemas in which names are looked up.
    patience_seconds
        How long a call waits for a lock, a free connection, or a server that comes back.

    Attributes
    ----------
    guard
        Called in every writer's transaction before it changes anything; raises when it may not.
    """

    def __init__(
        self,
        pool: ConnectionPool[Connection],
        name: str,
        path: str,
        patience_seconds: float,
    ) -> None:
        self.name = name
        self._pool = pool
        self._path = path
        self._patience_seconds = patience_seconds
        self._closed = False
        self.guard: Callable[[Connection], None] | None = None

    def read(
        self, namespace: str, work: Callable[[Connection], T], *, directory: bool = False
    ) -> T:
        """What `work` returns, on one consistent state of the database; retried until it works.

        Parameters
        ----------
        directory
            Whether the names of all namespaces may be read.
        """

        def once(connection: Connection, _: bool) -> T:
            return work(connection)

        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        return self._persist(begin, namespace, once, directory=directory)

    def write(self, namespace: str, work: Callable[[Connection, bool], T]) -> T:
        """What `work` returns, in one transaction that is committed.

        Parameters
        ----------
        work
            Called with the connection and with whether an earlier call of it may have been
            committed: the connection broke while the server was asked to. Then it has to look
            what it finds done, and do the rest.
        """

        def held(connection: Connection, again: bool) -> T:
            connection.execute(_SHARED, (_KEY_LOCK,))
            if self.guard is not None:
                self.guard(connection)
            connection.execute(_TAKE, (namespace,))
            connection.execute(_HOLD, (namespace,))
            return work(connection, again)

        return self._persist(_WRITING, namespace, held)

    def alone(self, work: Callable[[Connection, bool], T]) -> T:
        """What `work` returns, in one transaction during which nobody writes anywhere in the store."""

        def locked(connection: Connection, again: bool) -> T:
            connection.execute(_ALONE, (_KEY_LOCK,))
            return work(connection, again)

        return self._persist(_WRITING, "", locked)

    @contextlib.contextmanager
    def bare(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what cannot be done inside of one."""
        connection = self._take(self._patience_seconds)
        try:
            with translated(self.name):
                yield connection
        finally:
            self._pool.putconn(connection)

    @property
    def patience_seconds(self) -> float:
        """How long a call waits for others."""
        return self._patience_seconds

    def close(self) -> None:
        """Close all connections; closing twice is allowed."""
        self._closed = True
        self._pool.close()

    def _persist(
        self,
        begin: str,
        namespace: str,
        work: Callable[[Connection, bool], T],
        *,
        directory: bool = False,
    ) -> T:
        deadline: float | None = None
        again = False
        while True:
            left = self._patience_seconds if deadline is None else deadline - time.monotonic()
            try:
                connection = self._take(left)
            except StoreError as error:
                raise (in_doubt(error) if again else error) from error.__cause__
            attempt = _Attempt(connection)
            try:
                with translated(self.name), attempt:
                    connection.execute(begin)
                    connection.execute(_SETTINGS, self._settings(namespace, directory))
                    return attempt.commit(work(connection, again))
            except StoreError as error:
                again = again or attempt.committing
                deadline = deadline or time.monotonic() + self._patience_seconds
                if not attempt.retriable or time.monotonic() > deadline:
                    # What `work` itself raises, it says after having looked.
                    doubtful = again and isinstance(error.__cause__, psycopg.Error)
                    raise (in_doubt(error) if doubtful else error) from error.__cause__
                _LOG.warning("%s; trying again", error)
                time.sleep(_PAUSE_SECONDS)
            finally:
                self._pool.putconn(connection)

    def _take(self, seconds: float) -> Connection:
        """A connection that is free or new."""
        if self._closed:
            raise closed(self.name)
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            with translated(self.name):
                try:
                    # A pool that is asked for no time at all gives nothing even when it could.
                    return self._pool.getconn(max(0.1, min(left, _ASKING_SECONDS)))
                except PoolTimeout:
                    if left <= _ASKING_SECONDS:
                        raise

    def _settings(self, namespace: str, directory: bool) -> dict[str, str]:
        return {
            "namespace": namespace,
            "directory": "on" if directory else "off",
            "search_path": self._path,
            "lock_timeout": f"{max(1, int(self._patience_seconds * 1000))}ms",
        }


class _Attempt:
    """One try of a transaction; knows afterwards whether it may be tried again.

    Attributes
    ----------
    committing
        The server was asked to commit, and has not said that it did.
    retriable
        The connection broke, or the server rolled back because of another transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.committing = False
        self.retriable = False

    def commit(self, result: T) -> T:
        """Commit, and hand the result through."""
        self.committing = True
        self._connection.execute("COMMIT")
        self.committing = False
        return result

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            return
        broke = lost(error, self._connection)
        self.retriable = broke or collided(error)
        self.committing = self.committing and broke
        if not broke:
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")


def connect(location: str, busy_timeout_seconds: float) -> Sessions:
    """Connect to the database at `location`, bring its schema up to date, and open the pool.

    Raises
    ------
    InputError
        When `location` is no address of PostgreSQL.
    StoreError
        When the server cannot be reached, or lacks something.
    StoreFormatError
        When the schema belongs to something else, or is of a newer format.
    """
    try:
        given = conninfo.conninfo_to_dict(location)
    except psycopg.ProgrammingError as error:
        raise InputError(
            f"this is no address of PostgreSQL ({str(error).strip()}); one looks like "
            "postgresql://user@host:5432/database"
        ) from error
    name = shown(location)
    options: dict[str, Any] = {
        "connect_timeout": max(2, int(busy_timeout_seconds)),
        "application_name": "reweaving",
        **_KEEPALIVE,
    }
    options = {key: value for key, value in options.items() if key not in given}
    # Statements are not prepared: a pooler may hand the next one to another server connection.
    options |= {"autocommit": True, "prepare_threshold": None}
    try:
        first: Connection = psycopg.connect(location, **options)
    except psycopg.OperationalError as error:
        raise unreachable(name, error) from error
    with translated(name), first:
        migrate(first, name)
        path = search_path(first)
    pool: ConnectionPool[Connection] = ConnectionPool(
        location,
        kwargs=options,
        min_size=1,
        max_size=_MOST_CONNECTIONS,
        open=False,
        reconnect_timeout=0.0,
    )
    with translated(name):
        # Waited for: its threads draw from `random`, which is not done behind a caller's back.
        pool.open(wait=True, timeout=max(2.0, busy_timeout_seconds))
    return Sessions(pool, name, path, busy_timeout_seconds)
