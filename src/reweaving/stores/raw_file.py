"""A database file read byte for byte, next to SQLite and without harm to its locks.

POSIX takes every lock that a process has on a file away as soon as the process closes any descriptor
of that file (sqlite.org/howtocorrupt.html, section 2.2). SQLite's own file objects know of each other
and wait with closing; so a database that may be open here is read through them.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

_HOW = [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0]


class RawFile:
    """A file that is there.

    Parameters
    ----------
    path
        Of a database, never of its ``-shm`` file, whose locks SQLite keeps elsewhere.
    """

    def __init__(self, path: Path) -> None:
        self._file = apsw.VFSFile(apsw.vfs_names()[0], str(path.absolute()), list(_HOW))

    @property
    def size(self) -> int:
        """Bytes that the file has now."""
        return self._file.xFileSize()

    def read(self, at: int, count: int) -> bytes:
        """So many bytes from there, fewer at the file's end."""
        count = min(count, self.size - at)
        return self._file.xRead(count, at).ljust(count, b"\0") if count > 0 else b""

    def close(self) -> None:
        """Give the file back."""
        self._file.xClose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
