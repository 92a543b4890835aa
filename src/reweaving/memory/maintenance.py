"""What is done to a memory as a whole: written out and taken in, copied, checked, mended, read again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from reweaving.errors import AmbiguousIdError, InputError, StoreError
from reweaving.memory import archive, reencode
from reweaving.memory.aio import twin
from reweaving.memory.archive import Exported, Loaded
from reweaving.memory.bound_model import bound_model
from reweaving.memory.reencode import Attached, Reencoded
from reweaving.stores import transfer
from reweaving.stores.progress import Progress, silent
from reweaving.stores.transfer import Moved
from reweaving.stores.upkeep import Backup, Repair, Verification

if TYPE_CHECKING:
    from reweaving.memory.memory import Memory
    from reweaving.stores.base import MemoryStore

_SHOWN = 8  # ids in a message


class Maintained:
    """The part of `reweaving.Memory` that looks after it; every call may be given a `progress`."""

    namespace: str

    @property
    def _memory(self) -> Memory:
        return cast("Memory", self)

    @property
    def _bare(self) -> MemoryStore:
        """Everything that is on the disk, expired entries too, and nothing that is not."""
        return self._memory._store.bare

    def resolve(self, beginning: str) -> str:
        """The id that begins so.

        Raises
        ------
        InputError
            When no entry's id does.
        AmbiguousIdError
            When several do; the message lists them.
        """
        store = self._memory._store
        found = store.matching_ids(self.namespace, beginning) if beginning else []
        if beginning in found or len(found) == 1:
            return beginning if beginning in found else found[0]
        if not found:
            raise InputError(f"namespace {self.namespace!r} has no entry {beginning!r}")
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise AmbiguousIdError(
            f"{beginning!r} is the beginning of {len(found)} ids: {', '.join(found[:_SHOWN])}{more}; "
            "give more of it"
        )

    def tag(self, entry_id: str, *tags: str, remove: bool = False) -> tuple[str, ...]:
        """Put tags on an entry, or take them off; returns those that it then has."""
        if not tags:
            raise InputError("tag needs at least one tag")
        found = self._memory._store.get_many(self.namespace, [entry_id], payload=False)
        if not found:
            raise InputError(f"namespace {self.namespace!r} has no entry {entry_id!r}")
        there = set(found[0].tags)
        wanted = tuple(sorted(there - set(tags) if remove else there | set(tags)))
        self._memory.update(entry_id, tags=wanted)
        return wanted

    def export(
        self,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: Progress = silent,
    ) -> Exported:
        """Write all entries of this namespace into one file, not encrypted, in one step.

        Parameters
        ----------
        path
            A zip file of JSON Lines and safetensors with a manifest; see `load`.
        overwrite
            Whether a file that lies there is replaced.

        Raises
        ------
        InputError
            When a file lies there.
        DamagedEntryError
            When an entry is not what was written.
        """
        return archive.export(self._memory, path, overwrite, progress)

    def load(
        self,
        path: str | os.PathLike[str],
        *,
        trust: str | None = None,
        progress: Progress = silent,
    ) -> Loaded:
        """Take in what `export` wrote: all of it, or nothing.

        Everything is read and checked before anything is stored. Entries that are there already,
        equal in content, are passed over, so a load that was cut off can be repeated.

        Parameters
        ----------
        trust
            For archives of others: how far the entries may be believed, whatever they say
            themselves (``"untrusted"`` keeps them in quarantine).

        Raises
        ------
        ArchiveError
            Naming member and reason: damaged, hostile, an id that is taken by another entry, or
            (`ArchiveModelError`, a `FingerprintError`) states of another model.
        """
        return archive.load(self._memory, path, trust, progress)

    def backup(self, path: str | os.PathLike[str], *, progress: Progress = silent) -> Backup:
        """Copy the whole store, all namespaces, while others use it; the copy is verified.

        The copy is a memory like any other: `Memory.open` opens it, `Memory.restore` copies it back.

        Raises
        ------
        InputError
            When something lies at `path`.
        StoreError
            When an entry is damaged, or a store of this kind has its own way.
        """
        return self._bare.upkeep.backup(Path(path), progress)

    @classmethod
    def restore(
        cls,
        path: str | os.PathLike[str],
        location: str | os.PathLike[str],
        *,
        progress: Progress = silent,
    ) -> Backup:
        """Copy a backup to a new place; the backup is left as it is.

        Parameters
        ----------
        path
            What `backup` wrote.
        location
            A new or an empty folder.

        Raises
        ------
        InputError
            When something lies at `location`.
        StoreError
            When there is no backup at `path`, or it is damaged.
        """
        from reweaving.stores.sqlite import DATABASE, SqliteStore

        if not (Path(path) / DATABASE).is_file():
            raise StoreError(f"there is no backup at {path}")
        store = SqliteStore.open(os.fspath(path))
        try:
            return store.upkeep.backup(Path(location), progress)
        finally:
            store.close()

    @classmethod
    def rescue(cls, location: str | os.PathLike[str], *, progress: Progress = silent) -> Repair:
        """Bring back a memory that is too damaged to be opened; then `open` and `repair` it.

        Raises
        ------
        StoreError
            While another process has it open, or when nothing of this project is there.
        """
        from reweaving.stores.sqlite_session import DATABASE
        from reweaving.stores.sqlite_upkeep import rescue_unopened

        return rescue_unopened(Path(location) / DATABASE, 10.0, progress)

    @classmethod
    def migrate(
        cls,
        source: str | os.PathLike[str],
        target: str | os.PathLike[str],
        namespaces: Sequence[str] | None = None,
        *,
        progress: Progress = silent,
    ) -> dict[str, Moved]:
        """Copy a store into another one, of whatever kind; every entry is read back and compared.

        The source stays as it is. When the call was interrupted, the same call goes on.

        Parameters
        ----------
        source, target
            Locations, as for `Memory.open`.
        namespaces
            Which; all that the source holds when None.

        Raises
        ------
        InputError
            When an id or a note is taken by something else in the target.
        StoreError
            When something does not read back as it was sent.
        """
        from reweaving.memory.memory import Memory

        with Memory.open(source) as here, Memory.open(target) as there:
            return transfer.migrate(here._store.bare, there._store.bare, namespaces, progress)

    def verify(self, *, progress: Progress = silent) -> Verification:
        """Read everything: pages of the database, indexes, every entry with its states."""
        return self._bare.upkeep.verify(self.namespace, progress)

    def repair(self, *, progress: Progress = silent) -> Repair:
        """Bring back all that is intact; ids and reasons of the rest are written to an audit file.

        Entries whose states are damaged are read again from their token ids when they are needed
        (codec ``replay``; `reencode` does it for good). What was damaged beyond that is taken out.
        Broken pages of a database are worked around, for all namespaces; that needs the memory
        alone, so close other programs that have it open.
        """
        return self._bare.upkeep.repair(self.namespace, progress)

    def reencode(self, woven: Attached, *, progress: Progress = silent) -> Reencoded:
        """Make the states of all entries again with another model, from their token ids.

        The old states stay until all new ones are there, and are exchanged in one transaction
        together with the model that the namespace is bound to. A run that was cut off goes on where
        it was.

        Parameters
        ----------
        woven
            The model, attached to nothing: ``with reweaving.attach(model, tokenizer) as woven:``.

        Raises
        ------
        InputError
            When entries have nothing that this model can read; the memory is as it was.
        """
        reader, everything = woven.rereader(), self._memory._everything
        if self._memory.has_ephemeral_entries:
            raise InputError(
                "entries of ephemeral sessions are in RAM only and cannot be read by two models; "
                "forget those sessions, or reencode from another process"
            )
        bound = bound_model(self._memory)
        return reencode.reencode(everything, self.namespace, bound, reader, progress)

    @classmethod
    async def arestore(
        cls,
        path: str | os.PathLike[str],
        location: str | os.PathLike[str],
        *,
        progress: Progress = silent,
    ) -> Backup:
        """`restore` on a worker thread."""
        return await asyncio.to_thread(cls.restore, path, location, progress=progress)

    @classmethod
    async def amigrate(
        cls,
        source: str | os.PathLike[str],
        target: str | os.PathLike[str],
        namespaces: Sequence[str] | None = None,
        *,
        progress: Progress = silent,
    ) -> dict[str, Moved]:
        """`migrate` on a worker thread."""
        return await asyncio.to_thread(cls.migrate, source, target, namespaces, progress=progress)

    aexport, aload, abackup = twin(export), twin(load), twin(backup)
    averify, arepair, areencode = twin(verify), twin(repair), twin(reencode)
    aresolve, atag = twin(resolve), twin(tag)
