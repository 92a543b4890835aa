"""Least relevant."""

from __future__ import annotations

from reweaving.memory.eviction.base import EvictionPolicy, last_use
from reweaving.stores.base import Holding


class Relevance(EvictionPolicy):
    """What the scorer thought least of goes first, however fresh."""

    def priority(self, held: Holding) -> tuple[float, float]:
        """The relevance score; between equals the last use."""
        return held.relevance, last_use(held)
