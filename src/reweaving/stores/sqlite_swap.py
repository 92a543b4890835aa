"""A damaged database, held so that nobody else can change it, and put right in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw

from reweaving.stores.connection import checksum_vfs, connect, rows, translated
from reweaving.stores.pages import PageFile, with_checksum
from reweaving.stores.raw_file import RawFile
from reweaving.stores.write_ahead_log import read_log

_COPIED_BYTES = 1 << 20
_UNREADABLE = (apsw.NotADBError, apsw.CorruptError, apsw.IOError, apsw.SQLError)


class Damaged:
    """A damaged database.

    Attributes
    ----------
    image
        A file with all of its pages, those of its log among them.
    """

    def __init__(self, path: Path, image: Path, connection: apsw.Connection | None) -> None:
        self._path = path
        self.image = image
        self._connection = connection

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path, part: Path, busy_timeout_seconds: float) -> Iterator[Damaged]:
        """Hold the database alone; where SQLite cannot read its first page, nobody can open it.

        Raises
        ------
        StoreError
            While another process or connection has it open.
        """
        with translated(str(path)):
            log = read_log(path, guess=True)
            unreached = log.behind_the_break() if log is not None else {}
            connection = _alone(path, busy_timeout_seconds)
            try:
                image = (
                    path if connection is not None else _merged(path, part, busy_timeout_seconds)
                )
                if log is not None and unreached:
                    image = _overlaid(image, part, log.page_bytes, unreached)
                yield cls(path, image, connection)
            finally:
                if connection is not None:
                    connection.close()

    def copy_other_tables(self, fresh: apsw.Connection, known: set[str]) -> None:
        """Tables that a later format may have: as they are read, nothing of them is guessed."""
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB ?"
        others = [str(name) for (name,) in rows(fresh, tables, ("lexicon*",)) if name not in known]
        for name in others:
            if self._connection is None:
                continue
            with contextlib.suppress(*_UNREADABLE):
                for values in rows(self._connection, f'SELECT * FROM "{name}"'):  # noqa: S608
                    marks = ", ".join("?" * len(values))
                    fresh.execute(f'INSERT OR IGNORE INTO "{name}" VALUES ({marks})', values)  # noqa: S608

    def replace_by(self, fresh: Path) -> None:
        """Put the new database in the place of this one: all of it, or nothing when killed."""
        if self._connection is None:
            for suffix in ("-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            fresh.replace(self._path)
            return
        source = apsw.Connection(str(fresh), vfs=checksum_vfs())
        try:
            copy_database(source, self._connection)
        finally:
            source.close()


def copy_database(source: apsw.Connection, target: apsw.Connection) -> None:
    """All pages of one database into another one, in one transaction."""
    with target.backup("main", source, "main") as copying:
        while not copying.done:
            copying.step(1024)


def _alone(path: Path, busy_timeout_seconds: float) -> apsw.Connection | None:
    """A connection that locks all others out; None when SQLite cannot make sense of the file."""
    connection = apsw.Connection(str(path), vfs=checksum_vfs())
    try:
        connection.set_busy_timeout(int(busy_timeout_seconds * 1000))
        connection.execute("PRAGMA checksum_verification = OFF")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Alone, SQLite keeps no index of the log, and an old one would speak of a log that is gone.
        Path(f"{path}-shm").unlink(missing_ok=True)
    except _UNREADABLE:
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def _overlaid(image: Path, part: Path, page_bytes: int, pages: dict[int, bytes]) -> Path:
    """A copy of the database with pages that lie in its log behind a broken place."""
    copy = part / "overlaid.sqlite3"
    with RawFile(image) as file, copy.open("wb") as target:
        for at in range(0, file.size, _COPIED_BYTES):
            target.write(file.read(at, _COPIED_BYTES))
        for number, data in sorted(pages.items()):
            target.seek((number - 1) * page_bytes)
            target.write(with_checksum(data))  # in a log the frames have checksums instead
    return copy


def _merged(path: Path, part: Path, busy_timeout_seconds: float) -> Path:
    """The database with its log merged in, for one whose first page is broken."""
    log = Path(f"{path}-wal")
    if not log.exists() or log.stat().st_size == 0:
        return path
    image = part / "image.sqlite3"
    shutil.copyfile(path, image)
    shutil.copyfile(log, f"{image}-wal")
    size = PageFile(path).page_bytes
    template = part / "template.sqlite3"
    connect(template, busy_timeout_seconds).close()
    with path.open("rb") as damaged, template.open("rb") as whole, image.open("r+b") as merged:
        before, sound = damaged.read(size), whole.read(size)
        merged.write(sound)
    connection = _alone(image, busy_timeout_seconds)
    if connection is None:
        return path
    connection.close()
    with image.open("r+b") as merged:
        if merged.read(size) == sound:
            merged.seek(0)
            merged.write(before)
        merged.flush()
        os.fsync(merged.fileno())
    # From here on the log holds nothing that the file does not: either may be lost.
    image.replace(path)
    return path
