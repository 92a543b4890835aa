"""Relevance that fades while it is not used."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reweaving.memory.eviction.base import EvictionPolicy, last_use
from reweaving.stores.base import Holding

_LEAST = 2.0**-10  # a relevance of nothing at all is ten half-lives of disuse, not eternity


@dataclass(frozen=True)
class LruRelevance(EvictionPolicy):
    """What has the least relevance left goes first.

    The worth of an entry halves with every half-life in which it is not used::

        worth = max(relevance, 2⁻¹⁰) · 2^(−idle / half_life)

    All worths fade alike, so their order changes only when an entry is used or scored again, and
    ``log2(relevance) + last_use / half_life`` gives the same order at any time.

    Parameters
    ----------
    half_life_seconds
        Disuse that weighs as much as half the relevance.
    """

    half_life_seconds: float = 86_400.0

    def priority(self, held: Holding) -> tuple[float, float]:
        """Log of the worth, up to a term that is the same for all; between equals the last use."""
        used = last_use(held)
        return math.log2(max(held.relevance, _LEAST)) + used / self.half_life_seconds, used
