"""Least frequently used."""

from __future__ import annotations

from reweaving.memory.eviction.base import EvictionPolicy, last_use
from reweaving.stores.base import Holding


class Lfu(EvictionPolicy):
    """What has been used least often goes first."""

    def priority(self, held: Holding) -> tuple[float, float]:
        """The number of uses; between equals the last one."""
        return held.access_count, last_use(held)
