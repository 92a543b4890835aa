"""A SQLite connection as this project wants it: durable, checked, loud about foreign files."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import apsw.sqlite_extra

from reweaving.errors import DamagedEntryError, ReweavingError, StoreError, StoreFormatError
from reweaving.stores import migrations

APPLICATION_ID = 0x434D5231  # "CMR1"
_CHECKSUM_BYTES = 8  # what the checksum VFS needs at the end of each page


def connect(path: Path | None, busy_timeout_seconds: float) -> apsw.Connection:
    """Open or create the database at `path`, or one in RAM; migrate it to this version's format.

    Raises
    ------
    StoreFormatError
        When the file is not a store of this project, or one of a newer format.
    StoreError
        When it cannot be opened or written.
    """
    name = ":memory:" if path is None else str(path)
    with translated(name):
        vfs = None if path is None else _checksum_vfs()
        connection = apsw.Connection(name, vfs=vfs)
        try:
            connection.set_busy_timeout(int(busy_timeout_seconds * 1000))
            _check_format(connection, name)
            if vfs is not None and _is_empty(connection):
                _reserve_checksums(connection)
            _apply_pragmas(connection, busy_timeout_seconds)
            migrations.migrate(connection, APPLICATION_ID)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what SQLite and the file system raise into this project's errors."""
    try:
        yield
    except ReweavingError:
        raise
    except apsw.NotADBError as error:
        raise StoreFormatError(f"{name} is not a memory of this project: {error}") from error
    except apsw.BusyError as error:
        raise StoreError(
            f"{name} was locked by another process for longer than the busy timeout; "
            "try again, or open it with a longer busy_timeout_seconds"
        ) from error
    except apsw.FullError as error:
        raise StoreError(f"no space is left for {name}; nothing of this call was stored") from error
    except (apsw.CorruptError, apsw.IOError, UnicodeDecodeError) as error:
        raise DamagedEntryError(
            f"{name} holds a page that is not what was written ({error}); "
            "restore the store from a backup"
        ) from error
    except apsw.CantOpenError as error:
        raise StoreError(f"{name} cannot be opened: {error}; check path and rights") from error
    except apsw.ReadOnlyError as error:
        raise StoreError(f"{name} cannot be written: {error}; check its rights") from error
    except OSError as error:
        raise StoreError(
            f"{error.filename or name}: {error.strerror}; nothing of this call was stored"
        ) from error


def rows(
    connection: apsw.Connection, sql: str, bindings: tuple[Any, ...] = ()
) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return list(connection.execute(sql, bindings))


def value(connection: apsw.Connection, sql: str, bindings: tuple[Any, ...] = ()) -> Any:
    """First column of the first row, or None."""
    found = rows(connection, sql, bindings)
    return found[0][0] if found else None


def number(connection: apsw.Connection, sql: str, bindings: tuple[Any, ...] = ()) -> int:
    """First column of the first row as an integer; 0 when there is none."""
    found = value(connection, sql, bindings)
    return found if isinstance(found, int) else 0


@functools.cache
def _checksum_vfs() -> str | None:
    """Name of the VFS that keeps a checksum on each page; None where APSW came without it."""
    if apsw.sqlite_extra.has("cksumvfs") is None:
        return None
    default = apsw.vfs_names()[0]
    host = apsw.Connection(":memory:")
    try:
        apsw.sqlite_extra.load(host, "cksumvfs")
    finally:
        host.close()
    # The extension makes itself the default of the whole process; other users keep theirs.
    apsw.set_default_vfs(default)
    return "cksmvfs"


def _is_empty(connection: apsw.Connection) -> bool:
    return number(connection, "PRAGMA page_count") == 0


def _check_format(connection: apsw.Connection, name: str) -> None:
    application = number(connection, "PRAGMA application_id")
    tables = number(connection, "SELECT count(*) FROM sqlite_schema")
    if application != APPLICATION_ID and tables:
        raise StoreFormatError(
            f"{name} is a SQLite database, but not a memory of this project; choose another folder"
        )
    version = number(connection, "PRAGMA user_version")
    if version > migrations.FORMAT:
        raise StoreFormatError(
            f"{name} has format {version}, and this version of reweaving reads up to "
            f"{migrations.FORMAT}; update with: pip install --upgrade reweaving"
        )


def _reserve_checksums(connection: apsw.Connection) -> None:
    import ctypes

    reserve = ctypes.c_int(_CHECKSUM_BYTES)
    connection.file_control("main", apsw.SQLITE_FCNTL_RESERVE_BYTES, ctypes.addressof(reserve))


def _apply_pragmas(connection: apsw.Connection, busy_timeout_seconds: float) -> None:
    deadline = time.monotonic() + busy_timeout_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except apsw.BusyError:
            # Changing the mode does not wait for the busy timeout by itself.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    for pragma in ("synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA temp_store = MEMORY")
