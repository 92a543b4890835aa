"""The store on one machine: a SQLite file, and payload files beside it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import apsw

from reweaving.errors import ReweavingError, StoreError, StoreFormatError
from reweaving.stores import codec, columns
from reweaving.stores.base import Deletion, Room
from reweaving.stores.codec import Row
from reweaving.stores.connection import connect, translated
from reweaving.stores.disk import Disk
from reweaving.stores.master_key import StoreKey
from reweaving.stores.payloads import FilePayloads, PayloadStore, RamPayloads
from reweaving.stores.replacing import LeftOutError
from reweaving.stores.sqlite_erasing import erase, sweep_all, unlink_unused
from reweaving.stores.sqlite_ledger import SqliteLedger, enter
from reweaving.stores.sqlite_reading import SqliteReading
from reweaving.stores.sqlite_replacing import replace_states
from reweaving.stores.sqlite_session import DATABASE, IN_RAM, SqliteSession
from reweaving.stores.sqlite_upkeep import SqliteUpkeep
from reweaving.stores.sqlite_writing import change, delete, find, insert, make_room
from reweaving.types import MemoryEntry

if TYPE_CHECKING:
    from reweaving.stores.index import SpanIndex
    from reweaving.stores.sqlite_index import SqliteIndex

__all__ = ["DATABASE", "SqliteStore"]

_log = logging.getLogger(__name__)


class SqliteStore(SqliteReading):
    """Entries in ``<folder>/memory.sqlite3``, payloads in ``<folder>/payloads/``.

    One connection for each opened store, guarded by a lock; other processes open their own.
    Write-ahead log, a sync for each commit, and where APSW brings it a checksum on each page.
    """

    def __init__(
        self,
        connection: apsw.Connection,
        payloads: PayloadStore,
        name: str,
        disk: Disk | None = None,
    ) -> None:
        super().__init__(SqliteSession(connection, payloads, name, disk))
        self._ledger = SqliteLedger(self._session.reading, self._session.writing)

    @classmethod
    def open(
        cls, location: str, *, busy_timeout_seconds: float = 10.0, disk: Disk | None = None
    ) -> Self:
        """Open the folder at `location`, or a store in RAM for ``":memory:"``.

        Parameters
        ----------
        disk
            What folders and payload files are written with.
        """
        if location == IN_RAM:
            return cls(connect(None, busy_timeout_seconds), RamPayloads(), location)
        folder = Path(location)
        disk = disk or Disk()
        _check_folder(folder)
        with translated(str(folder)):
            disk.make_folder(folder)
        connection = connect(folder / DATABASE, busy_timeout_seconds)
        return cls(connection, FilePayloads(folder / "payloads", disk), str(folder), disk)

    @property
    def ledger(self) -> SqliteLedger:
        """Generations, notes and events."""
        return self._ledger

    @property
    def upkeep(self) -> SqliteUpkeep:
        """Checking, mending and copying."""
        return SqliteUpkeep(self._session)

    def unlock(self, key: StoreKey | None) -> None:
        """Use `key` for everything from now on; an empty store becomes encrypted with it."""
        if self._session.unlock(key):  # a rotation was killed after its commit
            sweep_all(self._session)

    def rotate_key(self, key: StoreKey | None) -> dict[str, str]:
        """Encrypt all namespaces with another key, or with none, in one transaction."""
        try:
            self._session.rotate(key)
        except BaseException:
            with contextlib.suppress(ReweavingError):  # what is to be told is why it was refused
                sweep_all(self._session)  # payloads of the other key that were written already
            raise
        return self._index.remove_all() | sweep_all(self._session)

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction; payloads reach the disk before it commits."""
        if not entries and room is None:
            return
        plain = [codec.encode(entry) for entry in entries]
        freed: list[Row] = []
        with self._session.writing() as connection:
            encoded = [self._session.seal.seal(namespace, item) for item in plain]
            payloads = {item.row.payload: item.payload for item in encoded}
            if room is not None:
                freed = make_room(connection, namespace, room)
            self._session.payloads.write_many(
                namespace, {name: data for name, data in payloads.items() if name and data}
            )
            for item in encoded:
                insert(connection, namespace, item)
            if encoded:
                enter(connection, namespace, "added", [(item.row.id, {}) for item in encoded])
        self._tidy(namespace, freed)

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; counters change without a new generation."""
        edited: list[tuple[str, dict[str, Any]]] = []
        shrunk: list[Row] = []
        changed = 0
        with self._session.writing() as connection:
            for entry_id, wanted in changes.items():
                row = find(connection, namespace, entry_id, checked=True)
                if row is None:
                    continue
                changed += 1
                change(connection, namespace, row, wanted, self._session.seal)
                if "codec" in wanted:
                    shrunk.append(row)
                if not wanted.keys() <= columns.COUNTERS:
                    edited.append((entry_id, {"fields": sorted(wanted)}))
            if edited:
                enter(connection, namespace, "updated", edited)
        self._tidy(namespace, shrunk)
        return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete rows in one transaction, then unlink payloads that no row names any more."""
        with self._session.writing() as connection:
            gone = delete(connection, namespace, ids, "forgotten")
        return Deletion(
            ids=tuple(row.id for row in gone),
            tokens=sum(len(row.token_ids) // 4 for row in gone),
            files=dict.fromkeys(unlink_unused(self._session, namespace, gone), "unlinked"),
        )

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states in one transaction, then unlink payloads that nobody names."""
        try:
            with self._session.writing() as connection:
                before = replace_states(
                    self._session, connection, namespace, entries,
                    what=what, notes=notes or {}, whole=whole,
                )  # fmt: skip
        except LeftOutError as left:
            return left.ids
        self._tidy(namespace, before)
        return ()

    def _tidy(self, namespace: str, before: Sequence[Row]) -> None:
        """Unlink payloads that a commit has freed: it stands, so what cannot go now waits for the next sweep."""
        try:
            unlink_unused(self._session, namespace, before)
        except StoreError as error:
            _log.warning(
                "payloads in %s are left for the next sweep: %s", self._session.name, error
            )

    def load_index(self, namespace: str) -> SpanIndex | None:
        """The derived index beside the database, if it is sound."""
        return self._index.load(namespace)

    def save_index(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index in a file; none where the store is encrypted or in RAM."""
        return self._index.save(namespace, index, generation)

    @property
    def _index(self) -> SqliteIndex:
        # Here, so that looking into a memory does not load numpy.
        from reweaving.stores.sqlite_index import SqliteIndex

        return SqliteIndex(self._session)

    def erase(self, namespace: str) -> dict[str, str]:
        """Rewrite the database without gaps, truncate its log, sweep payloads nobody names."""
        marks = {mark.id: mark.mark for mark in self.key_marks(namespace)}
        return self._index.erase(namespace, marks) | erase(self._session, namespace)

    def close(self) -> None:
        """Close the connection; the log goes into the database when nobody else has it open."""
        self._session.close()


def _check_folder(folder: Path) -> None:
    """Refuse to put a store among somebody's files."""
    if folder.exists() and not folder.is_dir():
        raise StoreFormatError(f"{folder} is a file; a memory is a folder, choose another path")
    # In this order: whoever creates a memory here meanwhile begins with the database.
    if folder.is_dir() and any(folder.iterdir()) and not (folder / DATABASE).exists():
        raise StoreFormatError(
            f"{folder} holds other files and no memory; choose an empty or a new folder"
        )
