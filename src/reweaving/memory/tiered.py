"""A store whose recent and working entries are at hand: their states come from memory, not from the disk."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reweaving.errors import CapacityError
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.base import Deletion, MemoryStore, Room
from reweaving.types import TIERS, MemoryEntry

if TYPE_CHECKING:
    import torch

    from reweaving.memory.buffer import LayeredMemoryBuffer

# The buffer is imported where states are at hand for the first time: without states, no torch is needed.


class TieredStore(WrappedStore):
    """Keeps copies of states at hand, in one `LayeredMemoryBuffer` per namespace.

    The wrapped store has everything; what is lost here is read again. Entries of the tiers
    ``recent`` and ``working`` are kept as they are stored or read, the least recently used ones give
    up their place. Every request still reads the entries' rows from the wrapped store: what another
    process has forgotten is not found here either, and what it has edited is seen.

    Parameters
    ----------
    max_bytes
        Most bytes of states kept at hand, in each namespace.
    recent_bytes
        How many of them may lie on the device that `keep_near` names.
    """

    def __init__(self, inner: MemoryStore, max_bytes: int, recent_bytes: int) -> None:
        super().__init__(inner)
        self._max_bytes, self._recent_bytes = max_bytes, recent_bytes
        self._device: torch.device | str = "cpu"
        self._lock = threading.RLock()
        self._buffers: dict[str, LayeredMemoryBuffer] = {}

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store entries, and keep those at hand that will be wanted soon."""
        with self._lock:
            self._inner.put_many(namespace, entries, room=room)
            if room is not None:
                self._discard(namespace, room.evicted)
                for entry_id, tier in room.moved.items():
                    self._move(namespace, entry_id, tier)
            self._keep(namespace, entries)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id; states come from memory where they are there, from the store where not."""
        rows = self._inner.get_many(namespace, ids, payload=False)
        if not payload:
            return rows
        with self._lock:
            buffer = self.buffer(namespace)
            found: dict[str, MemoryEntry] = {}
            for row in rows:
                held = buffer.get(row.id)
                if held is not None and _same(row, held):
                    found[row.id] = _with_states(row, held)
            missing = [row.id for row in rows if row.id not in found]
            read = self._inner.get_many(namespace, missing) if missing else []
            buffer.discard({*ids} - {*found})
            self._keep(namespace, read)
            found |= {entry.id: entry for entry in read}
        return [found[row.id] for row in rows if row.id in found]

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; another tier is another place."""
        with self._lock:
            changed = self._inner.update_many(namespace, changes)
            for entry_id, change in changes.items():
                if "codec" in change:
                    self._discard(namespace, [entry_id])
                elif "tier" in change:
                    self._move(namespace, entry_id, change["tier"])
            return changed

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete entries, here as well."""
        with self._lock:
            self._discard(namespace, ids)
            return self._inner.delete_many(namespace, ids)

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states; none of the old ones stays at hand."""
        with self._lock:
            self._buffers.pop(namespace, None)
            return super().replace_many(namespace, entries, what=what, notes=notes, whole=whole)

    def buffer(self, namespace: str) -> LayeredMemoryBuffer:
        """What is kept at hand of a namespace."""
        from reweaving.memory.buffer import LayeredMemoryBuffer

        with self._lock:
            if namespace not in self._buffers:
                self._buffers[namespace] = LayeredMemoryBuffer(
                    None,
                    None,
                    "lru",
                    max_bytes=self._max_bytes,
                    recent_entries=None,
                    recent_bytes=self._recent_bytes,
                    device=self._device,
                )
            return self._buffers[namespace]

    def keep_near(self, device: torch.device) -> None:
        """Put the states of recent entries on a device."""
        with self._lock:
            self._device = device
            for buffer in self._buffers.values():
                buffer.to(device)

    def close(self) -> None:
        """Close the wrapped store and let go of what is kept."""
        with self._lock:
            self._buffers.clear()
            self._inner.close()

    def _keep(self, namespace: str, entries: Iterable[MemoryEntry]) -> None:
        """Copies of entries whose states are worth keeping, as far as there is room."""
        for entry in entries:
            if entry.tier == TIERS[-1] or (entry.hidden_state is None and entry.keys is None):
                continue
            # Pins keep entries in the store, not here.
            copy = _with_states(replace(entry, pinned=False, access_count=0), entry)
            copy.update_access()
            self.buffer(namespace).discard([entry.id])
            with contextlib.suppress(CapacityError):
                self.buffer(namespace).add_entry(copy)

    def _move(self, namespace: str, entry_id: str, tier: str) -> None:
        if tier == TIERS[-1]:
            self._discard(namespace, [entry_id])
        elif namespace in self._buffers:
            self._buffers[namespace].move(entry_id, tier)

    def _discard(self, namespace: str, ids: Iterable[str]) -> None:
        if namespace in self._buffers:
            self._buffers[namespace].discard(ids)


def _same(row: MemoryEntry, held: MemoryEntry) -> bool:
    """Whether the states that are held are those that the row is about."""
    return all(
        getattr(row, name) == getattr(held, name)
        for name in ("codec", "fingerprint", "timestamp", "layer_idx", "token_ids", "read_length")
    )


def _with_states(row: MemoryEntry, held: MemoryEntry) -> MemoryEntry:
    """A row with copies of the states: what a caller does to them is the caller's own business."""
    return replace(
        row,
        hidden_state=None if held.hidden_state is None else held.hidden_state.detach().clone(),
        key_state=None if held.key_state is None else held.key_state.detach().clone(),
        keys=None if held.keys is None else tuple(key.detach().clone() for key in held.keys),
        values=None if held.values is None else tuple(v.detach().clone() for v in held.values),
    )
