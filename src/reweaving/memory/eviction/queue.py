"""Entries in the order in which they would go."""

from __future__ import annotations

import heapq

Key = tuple[float, ...]

_SLACK = 64


class EvictionQueue:
    """The lowest of many keys at hand, while keys come, change and go.

    A heap with lazy deletion: an entry whose key changed or that is gone leaves its old place in the
    heap, which is passed over when it surfaces. `put` and `lowest` cost O(log n), amortised;
    `discard` O(1). Between equal keys the one that was put first is the lower.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[Key, int, str]] = []
        self._current: dict[str, tuple[Key, int]] = {}
        self._puts = 0

    def __len__(self) -> int:
        return len(self._current)

    def put(self, entry_id: str, key: Key) -> None:
        """Add an entry, or give it another key."""
        self._puts += 1
        self._current[entry_id] = (key, self._puts)
        heapq.heappush(self._heap, (key, self._puts, entry_id))
        if len(self._heap) > 2 * len(self._current) + _SLACK:
            self._heap = [(*place, entry_id) for entry_id, place in self._current.items()]
            heapq.heapify(self._heap)

    def discard(self, entry_id: str) -> None:
        """Remove an entry, if it is there."""
        self._current.pop(entry_id, None)

    def lowest(self) -> tuple[str, Key] | None:
        """The entry with the lowest key and that key; None when there is none."""
        while self._heap:
            key, number, entry_id = self._heap[0]
            if self._current.get(entry_id) == (key, number):
                return entry_id, key
            heapq.heappop(self._heap)
        return None
