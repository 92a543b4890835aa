"""A store in which what has expired is gone, also before anybody has deleted it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from reweaving.errors import DamagedEntryError
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.base import KeyMark, KeyState, MemoryStore, Room, Selection
from reweaving.types import MemoryEntry

Clock = Callable[[], float]
"""Seconds since the epoch."""


class LivingStore(WrappedStore):
    """Shows only entries whose time has not run out, and prolongs the life of those that are used.

    Whether an entry is alive is asked of the wrapped store at every call, so two processes agree
    and nothing is answered from an older state. What has expired stays in the wrapped store until
    it is deleted there; here it can be neither read nor brought back to life.

    Parameters
    ----------
    inner
        The store with everything in it.
    clock
        Tells the time.
    """

    def __init__(self, inner: MemoryStore, clock: Clock = time.time) -> None:
        super().__init__(inner)
        self.clock = clock

    def dead(self, namespace: str) -> frozenset[str]:
        """Ids of the entries whose time has run out."""
        return frozenset(self._inner.expired(namespace, self.clock()))

    def _dead_among(self, namespace: str, ids: Iterable[str]) -> frozenset[str]:
        """Ids of these entries whose time has run out.

        Where pages are broken so that nobody can say it of the whole namespace, each of these
        entries says it of itself, or is named as the damaged one.
        """
        try:
            return self.dead(namespace)
        except DamagedEntryError:
            now = self.clock()
            asked = self._inner.get_many(namespace, list(ids), payload=False)
            return frozenset(
                entry.id
                for entry in asked
                if entry.expires_at is not None and entry.expires_at <= now
            )

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries; those with a time to live and no end get theirs now."""
        for entry in entries:
            if entry.ttl_seconds is not None and entry.expires_at is None:
                entry.expires_at = self.clock() + entry.ttl_seconds
        self._inner.put_many(namespace, entries, room=room)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Living entries by id, in the order of `ids`."""
        dead = self._dead_among(namespace, ids)
        living = [entry_id for entry_id in ids if entry_id not in dead]
        return self._inner.get_many(namespace, living, payload=payload)

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of living entries; each use prolongs the life of those that have a time to live."""
        dead = self._dead_among(namespace, changes)
        living = {key: dict(change) for key, change in changes.items() if key not in dead}
        timed = [
            key
            for key, change in living.items()
            if change.get("ttl_seconds") is not None and "expires_at" not in change
        ]
        for entry in self._inner.get_many(namespace, timed, payload=False) if timed else ():
            if entry.expires_at is None:
                living[entry.id]["expires_at"] = self.clock() + living[entry.id]["ttl_seconds"]
        used = [key for key, change in living.items() if "accesses" in change]
        for entry_id, ends in self._prolonged(namespace, used).items():
            living[entry_id].setdefault("expires_at", ends)
        return self._inner.update_many(namespace, living) if living else 0

    def prolong(self, namespace: str, ids: Iterable[str]) -> None:
        """Prolong the life of entries that were read; nothing is written for those without an end."""
        ends = self._prolonged(namespace, list(ids))
        if ends:
            changes = {entry_id: {"expires_at": end} for entry_id, end in ends.items()}
            self._inner.update_many(namespace, changes)

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Living entries, page by page."""
        chosen, dead = selection or Selection(), self.dead(namespace)
        if not dead:
            return self._inner.scan(namespace, chosen, payload=payload)
        found = self._inner.scan(namespace, replace(chosen, limit=None), payload=payload)
        return islice((entry for entry in found if entry.id not in dead), chosen.limit)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys of living entries."""
        dead = self.dead(namespace)
        return (key for key in self._inner.keys(namespace) if key.id not in dead)

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which living entries have a key."""
        dead = self.dead(namespace)
        return (mark for mark in self._inner.key_marks(namespace) if mark.id not in dead)

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of living entries."""
        dead = self.dead(namespace)
        return self._inner.keys_of(namespace, [key for key in ids if key not in dead])

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the living entries whose words fit best."""
        dead = self.dead(namespace)
        hits = self._inner.search(namespace, text, limit + len(dead) if limit else 0)
        return [hit for hit in hits if hit[0] not in dead][:limit]

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids of living entries that begin so."""
        dead = self.dead(namespace)
        return [key for key in self._inner.matching_ids(namespace, beginning) if key not in dead]

    def _prolonged(self, namespace: str, ids: Sequence[str]) -> dict[str, float]:
        """New ends of those entries whose life is prolonged now; never an earlier end."""
        now = self.clock()
        entries = self.get_many(namespace, ids, payload=False) if ids else []
        return {
            entry.id: now + entry.ttl_seconds
            for entry in entries
            if entry.ttl_seconds is not None
            and entry.expires_at is not None
            and entry.expires_at < now + entry.ttl_seconds
        }
