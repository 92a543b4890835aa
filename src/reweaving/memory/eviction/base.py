"""What an eviction policy is, and the table of policies."""

from __future__ import annotations

from abc import ABC, abstractmethod

from reweaving.registry import Registry
from reweaving.stores.base import Holding


class EvictionPolicy(ABC):
    """Orders entries by how much they are worth keeping.

    Life: made once, without arguments other than settings, by whoever keeps a limit. `priority` is
    asked whenever an entry is added, used or changed, and its answer is kept until the next such
    moment. So it must not depend on the present time: a worth that fades with time is given by
    something that grows with it in the same way for all, see `LruRelevance`.

    Pins are not a policy's business: who is pinned is never asked for.
    """

    @abstractmethod
    def priority(self, held: Holding) -> tuple[float, float]:
        """What is compared, and what decides between equals; the lowest goes first."""


def last_use(held: Holding) -> float:
    """When an entry was woven last, or read, if that never happened; seconds since the epoch."""
    return max(held.last_access, held.created)


EVICTION_POLICIES: Registry[type[EvictionPolicy]] = Registry(
    "eviction policy",
    {
        "lru": "reweaving.memory.eviction.lru:Lru",
        "lfu": "reweaving.memory.eviction.lfu:Lfu",
        "age": "reweaving.memory.eviction.age:Age",
        "relevance": "reweaving.memory.eviction.relevance:Relevance",
        "lru_relevance": "reweaving.memory.eviction.lru_relevance:LruRelevance",
    },
    group="reweaving.eviction_policies",
)
