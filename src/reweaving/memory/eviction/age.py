"""First in, first out."""

from __future__ import annotations

from reweaving.memory.eviction.base import EvictionPolicy, last_use
from reweaving.stores.base import Holding


class Age(EvictionPolicy):
    """What was read first goes first, used or not."""

    def priority(self, held: Holding) -> tuple[float, float]:
        """When it was read; between equals the last use."""
        return held.created, last_use(held)
