"""A store that never holds more than it may."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reweaving.errors import ConflictError
from reweaving.memory.capacity import Capacity, Limits
from reweaving.memory.eviction.base import EvictionPolicy
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.base import Deletion, Holding, MemoryStore, Room
from reweaving.stores.columns import COUNTERS
from reweaving.types import MemoryEntry

_TRIES = 16
_TENSOR_BYTES = 192  # most that one tensor's name, shape and place take in a payload's header


@dataclass
class _Book:
    """What is known of a namespace, as of one of its generations."""

    capacity: Capacity
    generation: int


class LimitedStore(WrappedStore):
    """Makes room before it stores: in the same transaction, so that nobody ever sees too much.

    The first time that room may be needed, sizes and uses of all entries are read, without their
    states; from then on the book is kept with every change that is made here. When another process
    has changed the namespace, which its generation tells, the book is read anew; a change that comes
    between planning and storing makes the store refuse the plan, and it is worked out again. So the
    limits of namespace and layers hold among all writers. Use and tiers do not raise the generation:
    what another process has used is seen when the book is next read anew, and the limits of tiers hold
    among the writers of one process.

    What is evicted is gone like what is forgotten, but files are not rewritten for it.

    Parameters
    ----------
    limits
        Apply to each namespace by itself. What is there beyond them when the store is opened goes
        with the next entry that is stored, or with `keep_limits`.
    policy
        Says who goes first. Pinned entries never go.
    """

    def __init__(self, inner: MemoryStore, limits: Limits, policy: EvictionPolicy) -> None:
        super().__init__(inner)
        self._limits, self._policy = limits, policy
        self._lock = threading.RLock()
        self._books: dict[str, _Book] = {}

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries and evict what has to go for them, all or nothing.

        Raises
        ------
        CapacityError
            When the entries do not fit beside what is pinned; nothing was stored, and nothing evicted.
        """
        if room is not None:  # planned elsewhere
            with self._lock:
                self._inner.put_many(namespace, entries, room=room)
                self._books.pop(namespace, None)
        elif entries:
            self._store(namespace, entries)

    def keep_limits(self, namespace: str) -> int:
        """Evict what is more than the limits allow; returns how many entries went.

        Raises
        ------
        CapacityError
            When what is pinned alone is too much; nothing was evicted.
        """
        return self._store(namespace, ())

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; a tier that has no place left for an entry is not entered."""
        with self._lock:
            if not self._limits.tiers_are_set and namespace not in self._books:
                return self._inner.update_many(namespace, changes)
            book = self._book(namespace)
            with book.capacity.attempt():
                fitting = _with_fitting_tiers(book.capacity, changes)
                changed = self._inner.update_many(namespace, fitting)
                for entry_id, change in changes.items():
                    _note(book.capacity, entry_id, change)
            changed -= len(fitting.keys() - changes.keys())
            changed += sum(
                entry_id in book.capacity for entry_id in changes.keys() - fitting.keys()
            )
            raising = [not change.keys() <= COUNTERS for change in changes.values()]
            certain = not any(raising) or (all(raising) and changed == len(changes))
            shrunk = any("codec" in change for change in changes.values())
            self._follow(namespace, book, int(any(raising)) if certain and not shrunk else None)
            return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete entries."""
        with self._lock:
            book = self._books.get(namespace)
            if book is not None and book.generation != self.ledger.generation(namespace):
                book = None
            deletion = self._inner.delete_many(namespace, ids)
            if book is None:
                self._books.pop(namespace, None)
                return deletion
            for entry_id in deletion.ids:
                book.capacity.drop(entry_id)
            self._follow(namespace, book, int(bool(deletion.ids)))
            return deletion

    def _store(self, namespace: str, entries: Sequence[MemoryEntry]) -> int:
        new = [_holding(entry) for entry in entries]
        tries = 0
        with self._lock:
            while True:
                tries += 1
                try:
                    return self._store_as_planned(namespace, entries, new)
                except ConflictError:
                    if tries == _TRIES:
                        raise

    def _store_as_planned(
        self, namespace: str, entries: Sequence[MemoryEntry], new: Sequence[Holding]
    ) -> int:
        book = self._book(namespace)
        tiers = [entry.tier for entry in entries]
        try:
            with book.capacity.attempt():
                plan = book.capacity.make_room(new)
                for entry in entries:
                    entry.tier = plan.placed.get(entry.id, entry.tier)
                room = Room(book.generation, plan.evicted, plan.moved)
                self._inner.put_many(namespace, entries, room=room)
        except BaseException:
            for entry, tier in zip(entries, tiers, strict=True):
                entry.tier = tier
            raise
        self._follow(namespace, book, bool(entries) + bool(plan.evicted))
        return len(plan.evicted)

    def _book(self, namespace: str) -> _Book:
        """What is known of a namespace, as it is now."""
        generation = self.ledger.generation(namespace)
        book = self._books.get(namespace)
        if book is None or book.generation != generation:
            # The generation is read first: what is written while entries are read makes it stale.
            book = _Book(Capacity(self._limits, self._policy), generation)
            for held in self._inner.holdings(namespace):
                book.capacity.hold(held)
            self._books[namespace] = book
        return book

    def _follow(self, namespace: str, book: _Book, raised: int | None) -> None:
        """Take over the generation of an own change; forget the book when it may know too little."""
        now = self.ledger.generation(namespace)
        if raised is None or now != book.generation + raised:
            self._books.pop(namespace, None)
        else:
            book.generation = now


def _with_fitting_tiers(
    capacity: Capacity, changes: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The changes with every tier that can be entered, and with the moves of others for them."""
    wanted = {entry_id: change["tier"] for entry_id, change in changes.items() if "tier" in change}
    moved = capacity.move(wanted)
    fitting = {
        entry_id: {name: new for name, new in change.items() if name != "tier"}
        for entry_id, change in changes.items()
    }
    for entry_id, tier in moved.items():
        fitting.setdefault(entry_id, {})["tier"] = tier
    return {entry_id: change for entry_id, change in fitting.items() if change}


def _holding(entry: MemoryEntry) -> Holding:
    """What a new entry will be, at most, when it is stored."""
    states = entry.states()
    return Holding(
        id=entry.id,
        layers=entry.layers,
        tier=entry.tier,
        pinned=entry.pinned,
        tokens=entry.tokens,
        bytes=sum(state.nbytes for state in states) + _TENSOR_BYTES * (len(states) + 1),
        relevance=entry.relevance_score,
        created=entry.timestamp,
        access_count=entry.access_count,
        last_access=entry.last_access,
    )


def _note(capacity: Capacity, entry_id: str, change: Mapping[str, Any]) -> None:
    """Count a changed entry anew."""
    held = capacity.get(entry_id)
    if held is None:
        return
    capacity.hold(
        replace(
            held,
            pinned=change.get("pinned", held.pinned),
            relevance=change.get("relevance_score", held.relevance),
            access_count=held.access_count + change.get("accesses", 0),
            last_access=change.get("last_access", held.last_access),
        )
    )
