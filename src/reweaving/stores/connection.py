"""A SQLite connection as this project wants it: durable, checked, loud about foreign files."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import apsw.sqlite_extra

from reweaving.errors import (
    DamagedEntryError,
    ReweavingError,
    StoreError,
    StoreFormatError,
)
from reweaving.stores import migrations
from reweaving.stores.columns import no_text
from reweaving.stores.write_ahead_log import require_whole

APPLICATION_ID = 0x434D5231  # "CMR1"
_CHECKSUM_BYTES = 8  # what the checksum VFS needs at the end of each page
# What a broken disk or file says when it is read; all else that goes wrong with files is writing.
_READING = {
    apsw.SQLITE_IOERR_READ,
    apsw.SQLITE_IOERR_SHORT_READ,
    apsw.SQLITE_IOERR_DATA,
    apsw.SQLITE_IOERR_CORRUPTFS,
}
_OPENING = threading.Lock()
_OPENED: dict[str, weakref.WeakSet[apsw.Connection]] = {}  # path to this process's connections


class DamagedPageError(DamagedEntryError):
    """A page of the database is not what was written; it is not known whose it is."""


def connect(path: Path | None, busy_timeout_seconds: float) -> apsw.Connection:
    """Open or create the database at `path`, or one in RAM; migrate it to this version's format.

    Raises
    ------
    StoreFormatError
        When the file is not a store of this project, or one of a newer format.
    DamagedEntryError
        When its log has lost what was acknowledged; nothing is changed.
    StoreError
        When it cannot be opened or written.
    """
    name = ":memory:" if path is None else str(path)
    with translated(name):
        vfs = None if path is None else checksum_vfs()
        connection = _opened(name, vfs)
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


def _opened(name: str, vfs: str | None) -> apsw.Connection:
    if vfs is None and name == ":memory:":
        return apsw.Connection(name)
    with _OPENING:
        connections = _OPENED.setdefault(os.path.realpath(name), weakref.WeakSet())
        if not len(connections):
            require_whole(Path(name))
        connection = apsw.Connection(name, vfs=vfs)
        connections.add(connection)
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
    except apsw.IOError as error:
        if error.extendedresult in _READING:  # type: ignore[attr-defined]  # set by APSW on each
            raise _damaged(name, error) from error
        raise StoreError(
            f"the disk failed under {name} ({error}); nothing of this call was stored. Look at the "
            "system's log, and try again"
        ) from error
    except UnicodeEncodeError as error:
        raise no_text(error) from error
    except (apsw.CorruptError, UnicodeDecodeError) as error:
        raise _damaged(name, error) from error
    except apsw.CantOpenError as error:
        raise StoreError(f"{name} cannot be opened: {error}; check path and rights") from error
    except apsw.ReadOnlyError as error:
        raise StoreError(f"{name} cannot be written: {error}; check its rights") from error
    except OSError as error:
        raise StoreError(
            f"{error.filename or name}: {error.strerror}; nothing of this call was stored"
        ) from error


def _damaged(name: str, error: Exception) -> DamagedPageError:
    return DamagedPageError(
        f"{name} holds a page that is not what was written ({error}); bring back what is intact "
        "with cmr memory repair, or restore the store from a backup"
    )


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
def checksum_vfs() -> str | None:
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
    # In one statement, of one state of the file: another process may be creating the tables.
    ((application, tables, version),) = rows(
        connection,
        "SELECT (SELECT application_id FROM pragma_application_id), "
        "(SELECT count(*) FROM sqlite_schema), (SELECT user_version FROM pragma_user_version)",
    )
    if application != APPLICATION_ID and tables:
        raise StoreFormatError(
            f"{name} is a SQLite database, but not a memory of this project; choose another folder"
        )
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
