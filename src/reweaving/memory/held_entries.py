"""Entries under limits, each on the device of its tier, found by layer and by session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import torch

from reweaving.errors import InputError
from reweaving.memory.capacity import Capacity, Limits
from reweaving.memory.eviction.base import EvictionPolicy
from reweaving.memory.layer_states import LayerStates, state_at
from reweaving.stores.base import Holding
from reweaving.types import MemoryEntry

K = TypeVar("K")

_RAM = torch.device("cpu")


class HeldEntries:
    """What `LayeredMemoryBuffer` holds; not safe between threads, the buffer holds a lock.

    Entries of the tier ``recent`` lie on the device, all others in RAM; what comes as ``long_term``
    is ``working`` here.

    Parameters
    ----------
    limits, policy
        See `Capacity`.
    device
        Where the states of recent entries lie.
    """

    def __init__(self, limits: Limits, policy: EvictionPolicy, device: torch.device) -> None:
        self.device = device
        self._capacity = Capacity(limits, policy)
        self._entries: dict[str, MemoryEntry] = {}  # in the order in which they came
        self._by_layer: dict[int, dict[str, None]] = {}
        self._by_session: dict[int | str, dict[str, None]] = {}
        self._compared: dict[int, tuple[list[str], LayerStates | None]] = {}
        self.generation = 0  # grows with every entry that comes or goes

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._entries

    def __getitem__(self, entry_id: str) -> MemoryEntry:
        return self._entries[entry_id]

    def all(self) -> list[MemoryEntry]:
        """Every entry, in the order in which they came."""
        return list(self._entries.values())

    def of_layer(self, layer: int) -> list[MemoryEntry]:
        """Entries that hold a layer, in the order in which they came."""
        return [self._entries[entry_id] for entry_id in self._by_layer.get(layer, ())]

    def of_session(self, session: int | str) -> list[MemoryEntry]:
        """Entries of a session, in the order in which they came."""
        return [self._entries[entry_id] for entry_id in self._by_session.get(session, ())]

    def totals(self) -> tuple[int, int, int]:
        """Entries, tokens and bytes."""
        return self._capacity.totals()

    def counts(self) -> tuple[dict[int, int], Counter[str]]:
        """Entries of each layer and of each tier."""
        layers = {layer: len(ids) for layer, ids in sorted(self._by_layer.items())}
        return layers, Counter(entry.tier for entry in self._entries.values())

    def add(
        self, new: Sequence[MemoryEntry], hand_down: Callable[[list[MemoryEntry]], None]
    ) -> list[MemoryEntry]:
        """Add entries, all or none; returns those that went for them, which `hand_down` was given before.

        Raises
        ------
        CapacityError
            When nothing may go for them.
        InputError
            For an id that is here already.
        """
        seen: set[str] = set()
        for entry in new:
            if entry.id in self._entries or entry.id in seen:
                raise InputError(f"entry {entry.id} is in the buffer already")
            seen.add(entry.id)
        with self._capacity.attempt():
            plan = self._capacity.make_room([_holding(entry) for entry in new])
            evicted = [self._entries[entry_id] for entry_id in plan.evicted]
            hand_down(evicted)
        for entry in evicted:
            self._unlist(entry)
        for entry in new:
            entry.tier = plan.placed.get(entry.id, _tier_here(entry))
            self._list(entry)
        self._settle(plan.moved)
        return evicted

    def discard(self, ids: Sequence[str]) -> int:
        """Remove entries; returns how many were here."""
        gone = [self._entries[entry_id] for entry_id in ids if entry_id in self._entries]
        for entry in gone:
            self._capacity.drop(entry.id)
            self._unlist(entry)
        return len(gone)

    def use(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Note an access of each entry, and make it recent as far as there is room."""
        used = [self._entries[entry_id] for entry_id in ids if entry_id in self._entries]
        for entry in used:
            entry.update_access()
            self._capacity.hold(_holding(entry))
        self.move(dict.fromkeys((entry.id for entry in used), "recent"))
        return used

    def change(self, entry_id: str, *, pinned: bool) -> None:
        """Pin an entry, or let go of it.

        Raises
        ------
        InputError
            When it is not here.
        """
        if entry_id not in self._entries:
            raise InputError(f"the buffer has no entry {entry_id!r}")
        entry = self._entries[entry_id]
        entry.pinned = pinned
        self._capacity.hold(_holding(entry))

    def move(self, tiers: Mapping[str, str]) -> None:
        """Move entries to other tiers, and others out of their way; what has no room stays."""
        self._settle(self._capacity.move(tiers))

    def recount(self) -> int:
        """Count every entry as it is now; returns how many had been changed from outside."""
        now = [_holding(entry) for entry in self._entries.values()]
        changed = [held for held in now if self._capacity.get(held.id) != held]
        self.generation += bool(changed)
        for held in changed:
            self._capacity.hold(held)
        return len(changed)

    def to(self, device: torch.device) -> None:
        """Have recent entries lie on another device."""
        self.device = device
        self._compared.clear()
        for entry in self._entries.values():
            self._place(entry)

    def layer_states(self, layer: int) -> tuple[list[str], LayerStates | None]:
        """Ids of the entries that can be compared at a layer, and their states; None without any."""
        if layer not in self._compared:
            pairs = [(entry.id, state_at(entry, layer)) for entry in self.of_layer(layer)]
            states = [state for _, state in pairs if state is not None]
            made = LayerStates(states, self.device) if states else None
            self._compared[layer] = [key for key, state in pairs if state is not None], made
        return self._compared[layer]

    def _list(self, entry: MemoryEntry) -> None:
        self.generation += 1
        self._entries[entry.id] = entry
        self._by_session.setdefault(entry.sequence_id, {})[entry.id] = None
        for layer in entry.layers:
            self._by_layer.setdefault(layer, {})[entry.id] = None
            self._compared.pop(layer, None)
        self._place(entry)

    def _unlist(self, entry: MemoryEntry) -> None:
        self.generation += 1
        del self._entries[entry.id]
        _remove(self._by_session, entry.sequence_id, entry.id)
        for layer in entry.layers:
            _remove(self._by_layer, layer, entry.id)
            self._compared.pop(layer, None)

    def _settle(self, moved: Mapping[str, str]) -> None:
        for entry_id, tier in moved.items():
            entry = self._entries[entry_id]
            entry.tier = tier
            self._place(entry)

    def _place(self, entry: MemoryEntry) -> None:
        """Put the states where the tier has them; the retrieval key stays where it is compared."""
        place = self.device if entry.tier == "recent" else _RAM
        if entry.hidden_state is not None:
            entry.hidden_state = entry.hidden_state.to(place)
        if entry.keys is not None and entry.values is not None:
            entry.keys = tuple(state.to(place) for state in entry.keys)
            entry.values = tuple(state.to(place) for state in entry.values)


def _remove(index: dict[K, dict[str, None]], key: K, entry_id: str) -> None:
    ids = index[key]
    del ids[entry_id]
    if not ids:
        del index[key]


def _tier_here(entry: MemoryEntry) -> str:
    return "working" if entry.tier == "long_term" else entry.tier


def _holding(entry: MemoryEntry) -> Holding:
    states = entry.states()
    rows = 0 if entry.hidden_state is None else max(1, entry.hidden_state[..., 0].numel())
    return Holding(
        id=entry.id,
        layers=entry.layers,
        tier=_tier_here(entry),
        pinned=entry.pinned,
        tokens=entry.tokens or rows // max(len(entry.layers), 1),
        bytes=sum(state.nbytes for state in states),
        relevance=entry.relevance_score,
        created=entry.timestamp,
        access_count=entry.access_count,
        last_access=entry.last_access,
    )
