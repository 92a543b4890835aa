"""Disks that fail at a chosen step, below SQLite and below payload files."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import apsw

from reweaving.experiments.durability_vfs import BottomVFS
from reweaving.stores.disk import Disk


@dataclass
class Faults:
    """Decides which of the next steps fails.

    Attributes
    ----------
    left
        How many steps go well before one fails; negative for none.
    error
        ``"ENOSPC"`` or ``"EIO"``.
    stays
        Whether all later ones fail as well.
    fired
        How many have failed.
    """

    left: int = -1
    error: str = "EIO"
    stays: bool = False
    fired: int = 0
    _vfs: FailingVFS | None = None

    def install(self) -> None:
        """Stand below SQLite; see `BottomVFS`."""
        self._vfs = FailingVFS(self)

    def due(self) -> bool:
        """Count one step; whether it has to fail."""
        if self.left < 0:
            return False
        if self.left:
            self.left -= 1
            return False
        if not self.stays:
            self.left = -1
        self.fired += 1
        return True

    def of_file(self) -> None:
        """Fail as the system would."""
        if self.due():
            number = getattr(errno, self.error)
            raise OSError(number, os.strerror(number))

    def of_sqlite(self, code: int) -> None:
        """Fail as SQLite's own VFS would; `code` is what it says of a broken disk."""
        if self.due():
            raise apsw.exception_for(apsw.SQLITE_FULL if self.error == "ENOSPC" else code)


class FailingDisk(Disk):
    """What payload files are written with."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def make_folder(self, folder: Path) -> None:
        """Create a folder, or fail."""
        if not folder.is_dir():
            self._faults.of_file()
        super().make_folder(folder)

    def write(self, folder: Path, data: bytes) -> Path:
        """Write a file, or fail in the middle of it, or in its sync."""
        self._faults.of_file()
        path = super().write(folder, data)
        try:
            self._faults.of_file()
        except OSError:
            path.unlink()
            raise
        return path

    def rename(self, path: Path, target: Path) -> None:
        """Rename, or fail."""
        self._faults.of_file()
        super().rename(path, target)

    def unlink(self, path: Path) -> None:
        """Unlink, or fail."""
        self._faults.of_file()
        super().unlink(path)

    def sync_folder(self, folder: Path) -> None:
        """Sync, or fail."""
        self._faults.of_file()
        super().sync_folder(folder)


class FailingVFS(BottomVFS):
    """What SQLite writes with."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        super().__init__("failing")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """Open a file, or fail where one is created."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path and not Path(path).exists():
            self._faults.of_sqlite(apsw.SQLITE_CANTOPEN)
        return FailingFile(self._faults, self._below, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Take a file away, or fail."""
        self._faults.of_sqlite(apsw.SQLITE_IOERR_DELETE)
        super().xDelete(filename, syncdir)


class FailingFile(apsw.VFSFile):
    """A file of SQLite."""

    def __init__(
        self, faults: Faults, below: str, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        self._faults = faults
        super().__init__(below, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Write, or fail."""
        self._faults.of_sqlite(apsw.SQLITE_IOERR_WRITE)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Cut off, or fail."""
        self._faults.of_sqlite(apsw.SQLITE_IOERR_TRUNCATE)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Sync, or fail."""
        self._faults.of_sqlite(apsw.SQLITE_IOERR_FSYNC)
        super().xSync(flags)
