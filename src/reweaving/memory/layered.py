"""How a memory is kept small, fast and current: limits, tiers, consolidation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reweaving.memory import tiers
from reweaving.memory.aio import twin
from reweaving.memory.eviction.base import EVICTION_POLICIES
from reweaving.memory.limits import LimitedStore
from reweaving.memory.privacy.retention import LivingStore
from reweaving.memory.settings import MemoryConfig
from reweaving.memory.tiered import TieredStore
from reweaving.memory.tiers import Maintenance
from reweaving.stores.base import MemoryStore

if TYPE_CHECKING:
    import torch

    from reweaving.memory.buffer import LayeredMemoryBuffer
    from reweaving.memory.consolidation import Consolidation

# Consolidation is imported inside functions: it brings a stemmer, and is asked for rarely.


class Layered:
    """The part of `reweaving.Memory` that keeps it within its limits and its states at hand."""

    namespace: str
    _store: LivingStore
    _tiered: TieredStore | None = None
    _limited: LimitedStore | None = None
    _settings: MemoryConfig

    def _at_hand(self, store: MemoryStore, settings: MemoryConfig) -> MemoryStore:
        """The store with states at hand, where any may be."""
        if settings.at_hand_bytes:
            self._tiered = TieredStore(store, settings.at_hand_bytes, settings.recent_bytes)
        return self._tiered or store

    def _limit(self, everything: MemoryStore, settings: MemoryConfig) -> None:
        """Keep the limits of all that is stored, where there are any."""
        self._settings = settings
        if settings.limits.are_set:
            policy = EVICTION_POLICIES.get(settings.eviction)()
            self._limited = LimitedStore(everything, settings.limits, policy)
            self._store = LivingStore(self._limited, self._store.clock)

    @property
    def buffer(self) -> LayeredMemoryBuffer | None:
        """The states that are at hand; None where the settings allow none."""
        return None if self._tiered is None else self._tiered.buffer(self.namespace)

    def maintain(self) -> Maintenance:
        """Move entries to the tiers they belong to, drop states that are cold for long, keep the limits.

        Raises
        ------
        CapacityError
            When what is pinned alone is more than the limits allow.
        """
        done = tiers.maintain(
            self._store, self.namespace, self._settings.tiers, self._store.clock()
        )
        evicted = 0 if self._limited is None else self._limited.keep_limits(self.namespace)
        return Maintenance(done.promoted, done.demoted, done.shrunk, evicted)

    def consolidate(self) -> Consolidation:
        """Mark entries that a later one repeats or contradicts as superseded; `undo` takes it back."""
        from reweaving.memory.consolidation import consolidate

        return consolidate(self._store, self.namespace)

    def undo(self, report: Consolidation) -> int:
        """Take back what `consolidate` did, where it still holds; returns for how many entries it did."""
        from reweaving.memory.consolidation import undo

        return undo(self._store, self.namespace, report)

    def keep_near(self, device: torch.device) -> None:
        """Have the states of recent entries lie on a device: the model's, when it is attached."""
        self._store.keep_near(device)

    amaintain, aconsolidate, aundo = twin(maintain), twin(consolidate), twin(undo)
