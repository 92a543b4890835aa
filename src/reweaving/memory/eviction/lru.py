"""Least recently used."""

from __future__ import annotations

from reweaving.memory.eviction.base import EvictionPolicy, last_use
from reweaving.stores.base import Holding


class Lru(EvictionPolicy):
    """What has not been used for longest goes first."""

    def priority(self, held: Holding) -> tuple[float, float]:
        """The last use; between equals the older one."""
        return last_use(held), held.created
