"""Looking after a store: is it whole, bring back what is intact, copy it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reweaving.errors import DamagedEntryError, StoreError
from reweaving.stores.progress import Progress, silent

if TYPE_CHECKING:
    from reweaving.stores.base import MemoryStore
    from reweaving.types import MemoryEntry


@dataclass(frozen=True)
class Verification:
    """What a check found.

    Attributes
    ----------
    entries
        How many were read, each with all of its states.
    damaged
        Entry id to what is wrong with it.
    missing_payloads
        Ids of the damaged entries whose payload is not there at all.
    stray_payloads
        Files that no entry names, as a killed writer leaves them; harmless, and no damage.
    pages
        Pages of the database that are not what was written; they may hold other namespaces.
    index
        What is wrong with the word index and the other indexes; they can be built again.
    """

    entries: int
    damaged: Mapping[str, str] = field(default_factory=dict)
    missing_payloads: tuple[str, ...] = ()
    stray_payloads: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    index: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that was written is there."""
        return not (self.damaged or self.missing_payloads or self.pages or self.index)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"ok": self.ok, **asdict(self)}


@dataclass(frozen=True)
class Repair:
    """What a repair did.

    Attributes
    ----------
    intact
        Entries of the namespace that needed nothing.
    rebuilt
        Id to reason, of entries that lost their states and kept their token ids: codec ``replay``
        reads them again when they are needed, ``cmr memory reencode`` for good.
    keyless
        Id to reason, of entries that lost their retrieval key only; words still find them.
    set_aside
        Id to reason, of what could not be brought back.
    swept
        Files that no entry named.
    pages
        Pages of the database that were worked around.
    audit
        The file with the ids and reasons of all this; empty where nothing was damaged.
    """

    intact: int
    rebuilt: Mapping[str, str] = field(default_factory=dict)
    keyless: Mapping[str, str] = field(default_factory=dict)
    set_aside: Mapping[str, str] = field(default_factory=dict)
    swept: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    audit: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Backup:
    """A finished and verified copy."""

    folder: str
    namespaces: int
    entries: int
    payload_files: int
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


class Upkeep(ABC):
    """Care for a whole store.

    Life: made by a store, valid until it is closed. `verify` and `backup` may run while others
    read and write; `repair` waits for them, and asks for the store alone when pages are broken.
    """

    @abstractmethod
    def verify(self, namespace: str, progress: Progress = silent) -> Verification:
        """Read everything of a namespace, and every page of the store; changes nothing."""

    @abstractmethod
    def repair(self, namespace: str, progress: Progress = silent) -> Repair:
        """Bring back all that is intact, and write down what is not."""

    @abstractmethod
    def backup(self, folder: Path, progress: Progress = silent) -> Backup:
        """Copy the whole store, all namespaces, into a new folder, and verify the copy."""


class PlainUpkeep(Upkeep):
    """Care through the store's own interface; pages and copies are left to the database's tools."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def verify(self, namespace: str, progress: Progress = silent) -> Verification:
        """Read every entry with its states."""
        try:
            known = self._store.matching_ids(namespace, "")
        except DamagedEntryError as error:
            return Verification(0, pages=(error.reason,))
        damaged: dict[str, str] = {}
        for done, entry_id in enumerate(known):
            progress(done, len(known), "reading entries")
            if reason := self._problem(namespace, entry_id):
                damaged[entry_id] = reason
        progress(len(known), len(known), "reading entries")
        missing = [key for key, why in damaged.items() if "payload" in why and "missing" in why]
        return Verification(len(known), damaged, tuple(missing))

    def repair(self, namespace: str, progress: Progress = silent) -> Repair:
        """Entries whose states are damaged become codec ``replay``; without token ids they go."""
        found = self.verify(namespace, progress)
        rebuilt, aside = dict[str, str](), dict[str, str]()
        for entry_id, reason in found.damaged.items():
            mended = self._without_states(namespace, entry_id)
            (rebuilt if mended else aside)[entry_id] = reason
        self._store.delete_many(namespace, list(aside))
        return Repair(found.entries - len(found.damaged), rebuilt, {}, aside, pages=found.pages)

    def _problem(self, namespace: str, entry_id: str) -> str:
        try:
            self._store.get_many(namespace, [entry_id])
        except DamagedEntryError as error:
            return error.reason
        return ""

    def _without_states(self, namespace: str, entry_id: str) -> bool:
        """Drop an entry's payload, and its key where that is damaged too; False when it is no use."""
        try:
            (entry,) = self._store.get_many(namespace, [entry_id], payload=False)
        except (DamagedEntryError, ValueError):
            return False
        if not entry.token_ids:
            return False
        self._store.update_many(namespace, {entry_id: {"codec": "replay"}})
        if self._problem(namespace, entry_id):
            self._store.replace_many(namespace, [stateless(entry)], what="repaired")
        return not self._problem(namespace, entry_id)

    def backup(self, folder: Path, progress: Progress = silent) -> Backup:
        """Refused: a server has its own way."""
        del progress
        raise StoreError(
            f"{type(self._store).__name__} cannot be copied to {folder}; use the database's own "
            "backup, or cmr memory migrate to copy it into a folder"
        )


def stateless(entry: MemoryEntry) -> MemoryEntry:
    """The entry as one whose states are read again from its token ids."""
    return replace(entry, codec="replay", hidden_state=None, keys=None, values=None, key_state=None)
