"""What has expired goes by itself, a little with each commit."""

from __future__ import annotations

from reweaving.memory.privacy.retention import Clock
from reweaving.stores.base import MemoryStore

MOST_AT_ONCE = 256  # entries that one commit may have to wait for


class PeriodicPruning:
    """Deletes expired entries of a namespace now and then; nothing in the background, no thread.

    Life: made with a memory, asked by it before each commit. A call that is not due reads nothing;
    one that is asks an index who has expired, and deletes at most `MOST_AT_ONCE` of them in one
    transaction. When there were as many, the next commit goes on.

    Rows and payload files are gone then, and what the database frees is overwritten; only
    `Memory.prune` and `Memory.forget` also write the whole database anew.

    Parameters
    ----------
    store
        With the expired entries in it.
    every_seconds
        Time between two looks; None for never.
    """

    def __init__(self, store: MemoryStore, clock: Clock, every_seconds: float | None) -> None:
        self._store, self._clock, self._every_seconds = store, clock, every_seconds
        self._next = float("-inf")

    def run(self, namespace: str) -> int:
        """Delete what has expired, if it is time to look; returns how many entries that were."""
        now = self._clock()
        if self._every_seconds is None or now < self._next:
            return 0
        gone = self._store.expired(namespace, now)[:MOST_AT_ONCE]
        if gone:
            self._store.delete_many(namespace, gone)
        if len(gone) < MOST_AT_ONCE:
            self._next = now + self._every_seconds
        return len(gone)
