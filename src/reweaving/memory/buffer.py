"""Entries in memory: the recent ones on the model's device, the others in RAM."""

from __future__ import annotations

import heapq
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch

from reweaving.errors import CapacityError, InputError
from reweaving.memory import buffer_file
from reweaving.memory.capacity import Limit, Limits
from reweaving.memory.eviction.base import EVICTION_POLICIES, EvictionPolicy
from reweaving.memory.held_entries import HeldEntries
from reweaving.memory.long_term import LongTerm, LongTermMemory
from reweaving.types import TIERS, MemoryEntry, Recollection


class LayeredMemoryBuffer:
    """An index of entries by layer, session and worth, in two tiers above a third.

    The ``recent`` entries lie on the model's device, the ``working`` ones in RAM, all as they came;
    `long_term`, where there is one, takes over what neither has room for. An entry that is used
    becomes recent again; which one moves down or goes for it, the eviction policy says. Pinned
    entries may move down, but never go. Safe between threads.

    Entries are held as they are given, not copied. What is changed on them from outside counts from
    the next `optimize` on. An entry that holds several layers counts in each of them, and goes with
    any of them.

    Parameters
    ----------
    max_entries_per_layer, max_total_entries, max_tokens, max_bytes
        Limits that are never exceeded; None for none. Tokens of entries without token ids are their
        states' rows.
    eviction_strategy
        Name of a policy, or a policy.
    recent_entries, recent_bytes
        How many of the entries, and how many bytes of states, lie on `device`.
    device
        The model's.
    long_term
        Takes over entries that are evicted; None to let them go.
    """

    def __init__(
        self,
        max_entries_per_layer: int | None = 1000,
        max_total_entries: int | None = 5000,
        eviction_strategy: str | EvictionPolicy = "lru_relevance",
        *,
        max_tokens: int | None = None,
        max_bytes: int | None = None,
        recent_entries: int | None = 256,
        recent_bytes: int | None = None,
        device: torch.device | str = "cpu",
        long_term: LongTermMemory | None = None,
    ) -> None:
        if isinstance(eviction_strategy, str):
            eviction_strategy = EVICTION_POLICIES.get(eviction_strategy)()
        self._policy = eviction_strategy
        self.limits = Limits(
            total=Limit(entries=max_total_entries, tokens=max_tokens, bytes=max_bytes),
            tiers={"recent": Limit(entries=recent_entries, bytes=recent_bytes)},
            layer=Limit(entries=max_entries_per_layer),
        )
        self._long_term = LongTerm(long_term)
        self._lock = threading.RLock()
        self._evictions = self._hits = self._misses = 0
        self._held = HeldEntries(self.limits, self._policy, torch.device(device))

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._held

    @property
    def generation(self) -> int:
        """Grows with every entry that comes or goes, and with what `optimize` finds changed."""
        return self._held.generation

    def get_all_entries(self) -> list[MemoryEntry]:
        """Every entry, in the order in which they came; no access is noted."""
        with self._lock:
            return self._held.all()

    def add_entry(self, entry: MemoryEntry) -> list[MemoryEntry]:
        """Add one entry; returns those that had to go for it.

        Raises
        ------
        CapacityError
            When nothing may go for it; the buffer is as it was.
        InputError
            For an id that is there already.
        """
        return self.add_entries([entry])

    def add_entries(self, entries: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        """Add entries, all or none of them; returns those that had to go for them."""
        with self._lock:
            evicted = self._held.add(entries, self._long_term.take_over)
            self._evictions += len(evicted)
            return evicted

    def store_state(
        self,
        hidden_state: torch.Tensor,
        layer_idx: int,
        position_idx: int,
        relevance_score: float,
        sequence_id: int | str = 0,
        metadata: dict[str, Any] | None = None,
    ) -> bool:
        """Add a copy of a layer's state, ``(hidden,)`` or ``(tokens, hidden)``; False when nothing may go for it."""
        state, notes = hidden_state.detach().clone(), dict(metadata or {})
        try:
            self.add_entry(
                MemoryEntry(
                    state, layer_idx, sequence_id, position_idx, relevance_score, metadata=notes
                )
            )
        except CapacityError:
            return False
        return True

    def get(self, entry_id: str) -> MemoryEntry | None:
        """One entry, from the long-term memory where it is not here any more; notes an access."""
        with self._lock:
            if entry_id in self._held:
                self._hits += 1
                return self._held.use([entry_id])[0]
            self._misses += 1
            found = self._long_term.fetch(entry_id)
            self.add_entries(found)
            return next(iter(self._held.use([entry.id for entry in found])), None)

    def retrieve_recent(self, layer_idx: int, k: int = 5) -> list[MemoryEntry]:
        """The entries of a layer that were read last, newest first."""
        with self._lock:
            latest = reversed(self._held.of_layer(layer_idx))
            return self._used(heapq.nlargest(k, latest, key=lambda entry: entry.timestamp))

    def retrieve_relevant(
        self, query: torch.Tensor, layer_idx: int, k: int = 5
    ) -> list[MemoryEntry]:
        """The entries of a layer whose states are most like the query's, best first."""
        with self._lock:
            return self._used([hit.entry for hit in self.similar(query, layer_idx)[: max(k, 0)]])

    def similar(self, query: torch.Tensor, layer_idx: int) -> list[Recollection]:
        """Every entry of a layer with its similarity, best first; see `LayerStates.similarities`."""
        with self._lock:
            ids, states = self._held.layer_states(layer_idx)
            if states is None:
                return []
            scores = states.similarities(query).tolist()
            hits = [Recollection(self._held[at], s) for at, s in zip(ids, scores, strict=True)]
        return sorted(hits, key=lambda hit: -hit.score)

    def retrieve_by_layer(
        self, layer_idx: int, k: int | None = None, min_relevance: float = 0.0
    ) -> list[MemoryEntry]:
        """Entries of a layer, the most relevant first; all of them for k = None."""
        return self.retrieve_top_k_relevant(k, [layer_idx], min_relevance=min_relevance)

    def retrieve_by_sequence(
        self, sequence_id: int | str, layer_indices: Iterable[int] | None = None
    ) -> dict[int, list[MemoryEntry]]:
        """Entries of a session by layer, each in the order of their positions."""
        wanted = None if layer_indices is None else set(layer_indices)
        with self._lock:
            found: dict[int, list[MemoryEntry]] = defaultdict(list)
            for entry in sorted(self._held.of_session(sequence_id), key=lambda e: e.position_idx):
                for layer in entry.layers:
                    if wanted is None or layer in wanted:
                        found[layer].append(entry)
            self._used([entry for row in found.values() for entry in row])
            return dict(found)

    def retrieve_top_k_relevant(
        self,
        k: int | None = 5,
        layer_indices: Iterable[int] | None = None,
        exclude_sequence: int | str | None = None,
        *,
        min_relevance: float = 0.0,
    ) -> list[MemoryEntry]:
        """The entries with the highest relevance scores, of some layers or of all."""
        with self._lock:
            held = self._held.all()
            if layer_indices is not None:
                layers = [entry for at in layer_indices for entry in self._held.of_layer(at)]
                held = list({entry.id: entry for entry in layers}.values())
            fitting = [
                entry
                for entry in held
                if entry.relevance_score >= min_relevance
                and (exclude_sequence is None or entry.sequence_id != exclude_sequence)
            ]
            most = len(fitting) if k is None else k
            return self._used(heapq.nlargest(most, fitting, key=lambda e: e.relevance_score))

    def pin(self, entry_id: str, pinned: bool = True) -> None:
        """Keep an entry from ever going, or let go of it again."""
        with self._lock:
            self._held.change(entry_id, pinned=pinned)

    def move(self, entry_id: str, tier: str) -> None:
        """Move an entry to ``"recent"`` or ``"working"``, as far as there is room."""
        if tier not in TIERS[:2]:
            raise InputError(f"tier {tier!r}: a buffer has {' and '.join(TIERS[:2])}")
        with self._lock:
            self._held.move({entry_id: tier})

    def discard(self, ids: Iterable[str]) -> int:
        """Remove entries, pinned or not; returns how many were here."""
        with self._lock:
            gone = list(ids)
            self._long_term.let_go(gone)
            return self._held.discard(gone)

    def clear_layer(self, layer_idx: int) -> int:
        """Remove every entry that holds a layer; returns how many."""
        with self._lock:
            return self.discard([entry.id for entry in self._held.of_layer(layer_idx)])

    def clear_sequence(self, sequence_id: int | str) -> int:
        """Remove every entry of a session; returns how many."""
        with self._lock:
            return self.discard([entry.id for entry in self._held.of_session(sequence_id)])

    def clear_all(self) -> int:
        """Remove everything; returns how many entries there were."""
        with self._lock:
            return self.discard([entry.id for entry in self._held.all()])

    def to(self, device: torch.device | str) -> None:
        """Have recent entries lie on another device."""
        with self._lock:
            self._held.to(torch.device(device))

    def resize(
        self,
        *,
        max_entries_per_layer: int | None,
        max_total_entries: int | None,
        max_bytes: int | None = None,
    ) -> list[MemoryEntry]:
        """Hold to other limits from now on; returns the entries that had to go for them.

        Raises
        ------
        CapacityError
            When what is pinned does not fit; the buffer is as it was.
        """
        total = Limit(entries=max_total_entries, tokens=self.limits.total.tokens, bytes=max_bytes)
        limits = self.limits.replace(total=total, layer=Limit(entries=max_entries_per_layer))
        with self._lock:
            held, evicted = HeldEntries(limits, self._policy, self._held.device), []
            for entry in sorted(self._held.all(), key=lambda entry: entry.pinned):
                evicted += held.add([entry], lambda _: None)
            self._long_term.take_over(evicted)
            self.limits, self._held = limits, held
            self._evictions += len(evicted)
            return evicted

    def optimize(self) -> dict[str, int]:
        """Count again what was changed from outside, and evict what is too much by it; says how many."""
        with self._lock:
            changed = self._held.recount()
            return {"recounted": changed, "evicted": len(self.add_entries([]))}

    def get_buffer_stats(self) -> dict[str, Any]:
        """How much is held, where, and how often it was found."""
        with self._lock:
            entries, tokens, held_bytes = self._held.totals()
            layers, tiers = self._held.counts()
            asked = self._hits + self._misses
            return {
                "total_entries": entries,
                "total_tokens": tokens,
                "total_bytes": held_bytes,
                "entries_per_layer": layers,
                "entries_per_tier": {tier: tiers[tier] for tier in ("recent", "working")},
                "pinned": sum(entry.pinned for entry in self._held.all()),
                "evictions": self._evictions,
                "hits": self._hits,
                "misses": self._misses,
                "hit_rate": self._hits / asked if asked else 0.0,
            }

    def save_state(self, path: str | os.PathLike[str]) -> None:
        """Write every entry to one safetensors file, in one step; see `buffer_file`."""
        with self._lock:
            buffer_file.write(Path(path), self._held.all())

    def load_state(self, path: str | os.PathLike[str]) -> None:
        """Replace what is held by the entries of a file.

        Raises
        ------
        StoreFormatError
            When it is not a file of `save_state`.
        DamagedEntryError
            When an entry is not what was written.
        CapacityError
            When the entries do not fit; the buffer is as it was.
        """
        entries = buffer_file.read(Path(path))
        with self._lock:
            held = HeldEntries(self.limits, self._policy, self._held.device)
            held.add(entries, lambda _: None)
            held.generation += self._held.generation + 1
            self._long_term.let_go(entry.id for entry in self._held.all())
            self._held = held

    def _used(self, entries: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        return self._held.use([entry.id for entry in {e.id: e for e in entries}.values()])
