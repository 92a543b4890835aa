"""What a store asks of its disk, written down: every write, sync and name, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from reweaving.experiments.durability_vfs import BottomVFS
from reweaving.stores.disk import Disk


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was asked.

    Attributes
    ----------
    what
        ``make``, ``write``, ``truncate``, ``sync``, ``rename``, ``unlink``, ``folder``,
        ``sync folder``, or ``said`` for what the writer told its user.
    path
        The file or folder; for ``rename`` the new name.
    file
        A number for each file, whatever its name; 0 where there is none.
    offset, data
        Of a write; the new length for ``truncate``.
    """

    what: str
    path: str = ""
    file: int = 0
    offset: int = 0
    data: bytes = b""
    old: str = ""


@dataclass
class Recorder:
    """Takes the steps of everything below a folder."""

    folder: Path
    steps: list[Step] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    on: bool = True
    _count: int = 0
    _vfs: RecordedVFS | None = None

    def install(self) -> None:
        """Stand below SQLite; see `BottomVFS`."""
        self._vfs = RecordedVFS(self)

    def take(self, what: str, path: str, **more: Any) -> None:
        """Write a step down; the path relative to the folder."""
        if self.on and Path(path).is_relative_to(self.folder):
            place = str(Path(path).relative_to(self.folder))
            number = self.files.get(place, 0) if what != "folder" else 0
            self.steps.append(Step(what, place, number, **more))

    def make(self, path: str) -> None:
        """A file is there that was not there before."""
        if self.on and Path(path).is_relative_to(self.folder):
            self._count += 1
            self.files[str(Path(path).relative_to(self.folder))] = self._count
            self.take("make", path)

    def rename(self, old: str, path: str) -> None:
        """A file has another name."""
        place = str(Path(old).relative_to(self.folder))
        self.files[str(Path(path).relative_to(self.folder))] = self.files.pop(place)
        self.take("rename", path, old=place)


class RecordedDisk(Disk):
    """What payload files are written with."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def make_folder(self, folder: Path) -> None:
        """Create a folder, and those above it that are missing."""
        for path in reversed([folder, *folder.parents]):
            if not path.is_dir():
                path.mkdir()
                self._recorder.take("folder", str(path))
                self.sync_folder(path.parent)

    def write(self, folder: Path, data: bytes) -> Path:
        """A new file with synced content."""
        path = super().write(folder, data)
        self._recorder.make(str(path))
        self._recorder.take("write", str(path), data=data)
        self._recorder.take("sync", str(path))
        return path

    def rename(self, path: Path, target: Path) -> None:
        """Another name."""
        super().rename(path, target)
        self._recorder.rename(str(path), str(target))

    def unlink(self, path: Path) -> None:
        """A name less."""
        super().unlink(path)
        self._recorder.take("unlink", str(path))

    def sync_folder(self, folder: Path) -> None:
        """Names that last."""
        super().sync_folder(folder)
        self._recorder.take("sync folder", str(folder))


class RecordedVFS(BottomVFS):
    """What SQLite writes with."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__("recording")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """Open a file."""
        return RecordedFile(self._recorder, self._below, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Take a file away."""
        super().xDelete(filename, syncdir)
        self._recorder.take("unlink", filename)
        if syncdir:
            self._recorder.take("sync folder", str(Path(filename).parent))


class RecordedFile(apsw.VFSFile):
    """A file of SQLite."""

    def __init__(
        self,
        recorder: Recorder,
        below: str,
        name: str | apsw.URIFilename | None,
        flags: list[int],
    ) -> None:
        self._recorder = recorder
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        new = bool(self._path) and not Path(self._path).exists()
        super().__init__(below, name, flags)
        # SQLite syncs the folder at the first sync of a journal or a log that it may have created.
        logs = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
        self._names_unsynced = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & logs)
        if new and Path(self._path).exists():
            recorder.make(self._path)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Write bytes."""
        super().xWrite(data, offset)
        self._recorder.take("write", self._path, offset=offset, data=bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Cut the file off."""
        super().xTruncate(newsize)
        self._recorder.take("truncate", self._path, offset=newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Make what was written last."""
        super().xSync(flags)
        self._recorder.take("sync", self._path)
        if self._names_unsynced:
            self._names_unsynced = False
            self._recorder.take("sync folder", str(Path(self._path).parent))
