"""The tier below a buffer: takes over what the buffer has no room for, and gives it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from reweaving.types import MemoryEntry


class LongTermMemory(Protocol):
    """Keeps entries for good; `reweaving.Memory` is one."""

    def add(self, entries: Iterable[MemoryEntry], /) -> Any:
        """Keep entries."""

    def get_many(self, ids: Sequence[str], /) -> list[MemoryEntry]:
        """Entries with their states; unknown ids are left out."""


class LongTerm:
    """Knows which of a buffer's entries its long-term memory has already, so that none is kept twice.

    Parameters
    ----------
    memory
        None where there is none: what is handed down is let go.
    """

    def __init__(self, memory: LongTermMemory | None) -> None:
        self._memory = memory
        self._kept: set[str] = set()

    def take_over(self, entries: Sequence[MemoryEntry]) -> None:
        """Keep what leaves the buffer."""
        new = [entry for entry in entries if entry.id not in self._kept]
        if self._memory is not None and new:
            tiers = [entry.tier for entry in new]
            for entry in new:
                entry.tier = "long_term"
            try:
                self._memory.add(new)
            except BaseException:
                for entry, tier in zip(new, tiers, strict=True):
                    entry.tier = tier
                raise
        self.let_go(entry.id for entry in entries)

    def fetch(self, entry_id: str) -> list[MemoryEntry]:
        """The entry, if it is kept; the buffer will hold it as well from now on."""
        found = [] if self._memory is None else self._memory.get_many([entry_id])
        self._kept.update(entry.id for entry in found)
        return found

    def let_go(self, ids: Iterable[str]) -> None:
        """Note that the buffer does not hold these any more."""
        self._kept.difference_update(ids)
