"""A store of two: one on a disk, and one in RAM for the sessions that may not reach it."""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from reweaving.errors import InputError
from reweaving.memory.privacy.ephemeral_ledger import LedgerOfTwo
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores import STORES, codec
from reweaving.stores.base import (
    Deletion,
    Holding,
    KeyMark,
    KeyState,
    MemoryStore,
    Room,
    Selection,
)
from reweaving.stores.ledger import Ledger
from reweaving.types import MemoryEntry

if TYPE_CHECKING:
    from reweaving.stores.index import SpanIndex


class EphemeralStore(WrappedStore):
    """Keeps the entries of ephemeral sessions in RAM; everything reads and changes both stores alike.

    A session is in one of the two as a whole. Which sessions are ephemeral is known in RAM only, and
    all of it is gone when the store is closed. Nothing of such a session reaches a file: neither text,
    tokens nor states, and not its name, its entries' ids, or what happens to them. Scores of word
    search are those of each store by itself.

    Parameters
    ----------
    inner
        The store on a disk.
    """

    def __init__(self, inner: MemoryStore) -> None:
        super().__init__(inner)
        self._ram: MemoryStore | None = None
        self._sessions: set[tuple[str, int | str]] = set()
        self._changing = threading.RLock()

    def keep_in_ram(self, namespace: str, session: int | str) -> None:
        """Make a session ephemeral, before anything of it is stored.

        Raises
        ------
        InputError
            When entries of it have reached the disk already.
        """
        if self.is_ephemeral(namespace, session):
            return
        if any(True for _ in self._inner.scan(namespace, Selection(session=session, limit=1))):
            raise InputError(
                f"session {session!r} has entries on the disk already, so it cannot become "
                "ephemeral; forget it first, or give the ephemeral session a name of its own"
            )
        if self._ram is None:
            self._ram = STORES.get("sqlite").open(":memory:")
        self._sessions.add((namespace, session))

    def is_ephemeral(self, namespace: str, session: int | str) -> bool:
        """Whether entries of a session are kept in RAM."""
        return (namespace, session) in self._sessions

    def holds_fleeting(self, namespace: str) -> bool:
        """Whether any entry of a namespace is kept in RAM."""
        return self._ram is not None and any(True for _ in self._ram.scan(namespace))

    @property
    def ledger(self) -> Ledger:
        """What both stores know of a namespace."""
        durable = self._inner.ledger
        return durable if self._ram is None else LedgerOfTwo(durable, self._ram.ledger)

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store each entry where its session is kept, all of them or none."""
        if self._ram is None:
            self._inner.put_many(namespace, entries, room=room)
            return
        fleeting = [e for e in entries if self.is_ephemeral(namespace, e.sequence_id)]
        lasting = [e for e in entries if not self.is_ephemeral(namespace, e.sequence_id)]
        with self._changing:
            # Everything that RAM could refuse is tried before the disk is written.
            self._require_new(namespace, entries)
            for entry in fleeting:
                codec.encode(entry)
            mine = theirs = None
            if room is not None:  # it was planned with the generations of both
                at = self._ram.ledger.generation(namespace)
                mine, theirs = (
                    replace(room, generation=at),
                    replace(room, generation=room.generation - at),
                )
            if lasting or room is not None:
                self._inner.put_many(namespace, lasting, room=theirs)
            self._ram.put_many(namespace, fleeting, room=mine)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found = {
            entry.id: entry
            for store in self._both()
            for entry in store.get_many(namespace, ids, payload=payload)
        }
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries, each where it is.

        That an ephemeral entry corrects a durable one is not noted: the disk may not know its id.
        """
        with self._changing:
            named = [str(change.get("superseded_by", "")) for change in changes.values()]
            hidden = self._fleeting(namespace, [*changes, *named])
            fleeting = hidden & changes.keys()
            lasting = {
                key: change
                for key, change in changes.items()
                if key not in hidden and change.get("superseded_by", "") not in hidden
            }
            changed = self._inner.update_many(namespace, lasting) if lasting else 0
            if self._ram is not None and fleeting:
                changed += self._ram.update_many(namespace, {key: changes[key] for key in fleeting})
            return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete entries, each where it is."""
        with self._changing:
            fleeting = self._fleeting(namespace, ids)
            lasting = [entry_id for entry_id in ids if entry_id not in fleeting]
            deletion = self._inner.delete_many(namespace, lasting) if lasting else Deletion()
            if self._ram is None or not fleeting:
                return deletion
            gone = self._ram.delete_many(namespace, list(fleeting))
        return Deletion((*deletion.ids, *gone.ids), deletion.tokens + gone.tokens, deletion.files)

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries of both stores, in the order that is asked for."""
        chosen = selection or Selection()
        scans = [store.scan(namespace, chosen, payload=payload) for store in self._both()]
        if chosen.newest_first:
            return islice(heapq.merge(*scans, key=lambda e: -e.timestamp), chosen.limit)
        return islice(chain(*scans), chosen.limit)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys of all entries."""
        return chain(*(store.keys(namespace) for store in self._both()))

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which entries have a key."""
        return chain(*(store.key_marks(namespace) for store in self._both()))

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries."""
        found = {key.id: key for store in self._both() for key in store.keys_of(namespace, ids)}
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def save_index(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index, as long as nothing in it is ephemeral."""
        if self.holds_fleeting(namespace):
            return False
        return self._inner.save_index(
            namespace, index, generation - self._fleeting_generation(namespace)
        )

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first."""
        held = [store.holdings(namespace) for store in self._both()]
        return heapq.merge(*held, key=lambda holding: holding.created)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the entries whose words fit best."""
        hits = [hit for store in self._both() for hit in store.search(namespace, text, limit)]
        return sorted(hits, key=lambda hit: -hit[1])[:limit]

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out at `now`."""
        return [entry_id for store in self._both() for entry_id in store.expired(namespace, now)]

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so, in alphabetical order."""
        return sorted(
            entry_id
            for store in self._both()
            for entry_id in store.matching_ids(namespace, beginning)
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
        """Give entries other states, each where it is; the stores change one after the other."""
        if self._ram is None:
            return super().replace_many(namespace, entries, what=what, notes=notes, whole=whole)
        new = list(entries)
        fleeting = self._fleeting(namespace, [entry.id for entry in new])
        lasting = [entry for entry in new if entry.id not in fleeting]
        missed = self._inner.replace_many(namespace, lasting, what=what, notes=notes, whole=whole)
        if missed:
            return missed
        held = [entry for entry in new if entry.id in fleeting]
        return self._ram.replace_many(namespace, held, what=what, whole=whole)

    def close(self) -> None:
        """Close both stores; what was ephemeral is gone."""
        with self._changing:
            self._inner.close()  # first: nothing may reach the disk once it is unknown what is ephemeral
            if self._ram is not None:
                self._ram.close()
            self._sessions.clear()

    def _fleeting_generation(self, namespace: str) -> int:
        return 0 if self._ram is None else self._ram.ledger.generation(namespace)

    def _both(self) -> list[MemoryStore]:
        return [self._inner] if self._ram is None else [self._inner, self._ram]

    def _fleeting(self, namespace: str, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are kept in RAM."""
        if self._ram is None:
            return set()
        return {entry.id for entry in self._ram.get_many(namespace, ids, payload=False)}

    def _require_new(self, namespace: str, entries: Sequence[MemoryEntry]) -> None:
        """An id is taken when either store has it."""
        ids = [entry.id for entry in entries]
        taken = [entry.id for entry in self.get_many(namespace, ids, payload=False)]
        taken += [entry_id for entry_id, times in Counter(ids).items() if times > 1]
        if taken:
            raise InputError(
                f"entry {taken[0]} is in namespace {namespace!r} already; nothing was stored. "
                "Give the new entry another id"
            )
