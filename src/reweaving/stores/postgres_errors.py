"""What PostgreSQL and its driver raise, as this project's errors; which of it may be tried again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from psycopg import conninfo, errors
from psycopg_pool import PoolClosed, PoolTimeout

from reweaving.errors import (
    DamagedEntryError,
    InputError,
    ReweavingError,
    StoreClosedError,
    StoreError,
    StoreFormatError,
)
from reweaving.stores.columns import no_text

# Rolled back by the server for the sake of another transaction: the same again may succeed.
_COLLISIONS = (errors.SerializationFailure, errors.DeadlockDetected)
# What it means for a memory; the first that fits counts.
_MEANINGS: tuple[
    tuple[tuple[type[psycopg.Error], ...], type[StoreError] | type[InputError], str], ...
] = (
    (
        _COLLISIONS,
        StoreError,
        "{name}: another transaction was in the way each time ({told}); try again",
    ),
    (
        (errors.LockNotAvailable,),
        StoreError,
        "{name} was locked by another process for longer than the busy timeout; try again, or open "
        "it with a longer busy_timeout_seconds",
    ),
    (
        (errors.DataCorrupted, errors.IndexCorrupted),
        DamagedEntryError,
        "{name} holds a page that is not what was written ({told}); restore the store from a backup",
    ),
    (
        (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction),
        StoreFormatError,
        "{name} has lost tables of the memory, or was migrated by a newer version ({told}); close "
        "it, and open it again",
    ),
    (
        (errors.InsufficientPrivilege,),
        StoreError,
        "{name}: the role may not do this ({told}); grant it, or use another role",
    ),
    (
        (errors.ReadOnlySqlTransaction,),
        StoreError,
        "{name} is a standby or read-only; add target_session_attrs=read-write and the primary's "
        "host to the address",
    ),
    (
        (errors.DiskFull, errors.OutOfMemory),
        StoreError,
        "{name} has no space left ({told}); nothing of this call was stored",
    ),
    (
        (errors.QueryCanceled,),
        StoreError,
        "{name} broke the call off ({told}); nothing of it was stored. Try again, or let the role's "
        "statement_timeout be longer",
    ),
    (
        (psycopg.DataError, errors.ProgramLimitExceeded),
        InputError,
        "{name} cannot store this: {told}",
    ),
)
_SECRETS = {
    "oauth_client_secret",
    "passfile",
    "password",
    "scram_client_key",
    "scram_server_key",
    "sslkey",
    "sslpassword",
}


def shown(location: str) -> str:
    """The address without its secrets, for messages."""
    try:
        parts = conninfo.conninfo_to_dict(location)
    except psycopg.ProgrammingError:
        return "the address"
    public = {name: str(value) for name, value in parts.items() if name not in _SECRETS}
    return "PostgreSQL at " + conninfo.make_conninfo("", **public)


def lost(error: BaseException, connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the connection broke; what was not committed did not happen."""
    return isinstance(error, psycopg.Error) and (connection.broken or connection.closed)


def collided(error: BaseException) -> bool:
    """Whether the server rolled the transaction back because of another one."""
    return isinstance(error, _COLLISIONS)


@contextlib.contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what psycopg raises into this project's errors; `name` is the address as `shown`."""
    try:
        yield
    except ReweavingError:
        raise
    except PoolClosed as error:
        raise closed(name) from error
    except PoolTimeout as error:
        raise StoreError(
            f"{name} gave no connection within the busy timeout: the server cannot be reached, or "
            "all connections of this process were in use; check that it runs, or open the memory "
            "with a longer busy_timeout_seconds"
        ) from error
    except UnicodeEncodeError as error:
        raise no_text(error) from error
    except psycopg.Error as error:
        raise _meaning(name, error) from error


def _meaning(name: str, error: psycopg.Error) -> StoreError | InputError:
    for kinds, made, text in _MEANINGS:
        if isinstance(error, kinds):
            return made(text.format(name=name, told=_first_line(error)))
    if isinstance(error, psycopg.OperationalError):
        return unreachable(name, error)
    return StoreError(f"{name}: {_first_line(error)}")


def closed(name: str) -> StoreClosedError:
    """The error for a store that was closed."""
    return StoreClosedError(f"the memory at {name} was closed; open it again with Memory.open")


def in_doubt(error: StoreError) -> StoreError:
    """The error for a change of which nobody knows whether it was stored."""
    return StoreError(
        f"{error}. The connection broke while the change was being stored: whether it was is not "
        "known. Look for it when the server is back, before doing it again"
    )


def unreachable(name: str, error: BaseException) -> StoreError:
    """The error for a server that does not answer."""
    return StoreError(
        f"{name} cannot be reached ({_first_line(error)}); check that the server runs, and the "
        "host, port, user, password and database of the address"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
