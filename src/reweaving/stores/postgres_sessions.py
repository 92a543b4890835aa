"""Transactions of one namespace on pooled connections, tried again when a connection breaks."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from reweaving.errors import StoreError
from reweaving.stores.postgres_errors import (
    closed,
    collided,
    in_doubt,
    lost,
    translated,
)
from reweaving.stores.postgres_tables import SCHEMA, Connection, milliseconds

T = TypeVar("T")

# The pool tries to connect when it is asked for a connection, and waits longer and longer after
# failures: it is told to give up at once and asked anew, so that a server that is back is noticed.
_ASKING_SECONDS = 0.5
_PAUSE_SECONDS = 0.02  # before the next try
_LOG = logging.getLogger(__name__)

# Everything is set for one transaction only, so that a pooler between here and the server may
# hand each transaction to another of its connections. The last column is the encryption's header as
# the transaction sees it.
_SETTINGS = f"""
SELECT set_config('reweaving.namespace', %(namespace)s, true),
       set_config('reweaving.directory', %(directory)s, true),
       set_config('search_path', %(search_path)s, true),
       set_config('lock_timeout', %(lock_timeout)s, true),
       set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                  WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true),
       (SELECT header FROM {SCHEMA}.encryption)
"""  # noqa: S608
_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
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

    Life: made by `postgres_connecting.connect`, used by the store and its ledger from any thread,
    closed once.

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
    watch
        Called in every reader's transaction with the encryption's header, before anything is read;
        raises when the key that this process knows is not the one that this reader would need.
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
        self.watch: Callable[[str | None], None] | None = None

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

        return self._persist(_READING, namespace, once, directory=directory)

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
                    settings = self._settings(namespace, directory)
                    seen = connection.execute(_SETTINGS, settings).fetchone()
                    if begin == _READING and self.watch is not None and seen is not None:
                        self.watch(seen[-1])
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
            "lock_timeout": milliseconds(self._patience_seconds),
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
