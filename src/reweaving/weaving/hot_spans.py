"""Keys and values of spans that are woven again and again, so that they are made once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.stores.quantized import BITS, unpack
from reweaving.types import MemoryEntry

States = tuple[torch.Tensor, ...]
_MAKES = ("codec", "fingerprint", "timestamp", "layer_idx", "token_ids", "read_length", "namespace")


@dataclass(frozen=True)
class _Hot:
    made_from: tuple[Any, ...]
    keys: tuple[torch.Tensor, ...]
    values: tuple[torch.Tensor, ...]

    @property
    def nbytes(self) -> int:
        return sum(state.nbytes for state in (*self.keys, *self.values))


class HotSpans:
    """A bounded cache of reconstructed keys, before rotation, and values; the least recently woven go first.

    It belongs to one attached model and one namespace, so nothing of another one can be in it. A span is found only
    while it is what it was made from; what has been forgotten, expired or re-encoded is let go of at the first request
    after the memory's generation has changed. Safe between threads.

    Parameters
    ----------
    most_bytes
        Most bytes that are held, on the model's device.
    generation
        Of the memory; grows with every change.
    living
        Which of some ids the memory still has.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        most_bytes: int,
        generation: Callable[[], int],
        living: Callable[[Sequence[str]], set[str]],
    ) -> None:
        self._adapter, self._most_bytes = adapter, most_bytes
        self._generation, self._living = generation, living
        self._held: OrderedDict[str, _Hot] = OrderedDict()
        self._bytes = 0
        self._seen = -1
        self._lock = threading.Lock()
        self.hits = self.misses = 0

    def __len__(self) -> int:
        return len(self._held)

    def warmed(self, entries: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        """The entries as codec ``kv``: keys and values from the cache, or made now and kept in it.

        Entries of codec ``kv``, or without states, are handed back as they are: there is nothing to make.
        """
        with self._lock:
            self._let_go_of_the_dead()
            new = [e.id for e in entries if _is_made(e) and e.id not in self._held]
            # Asked behind the generation: what is forgotten from here on is let go of by the next request.
            keepable = self._held.keys() | (self._living(new) if new else set())
            return [
                self._warm(entry, entry.id in keepable) if _is_made(entry) else entry
                for entry in entries
            ]

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def _warm(self, entry: MemoryEntry, keepable: bool) -> MemoryEntry:
        made_from = tuple(getattr(entry, name) for name in _MAKES)
        hot = self._held.get(entry.id)
        if hot is not None and hot.made_from == made_from:
            self.hits += 1
            self._held.move_to_end(entry.id)
        else:
            self.misses += 1
            hot = _Hot(made_from, *_made(entry, self._adapter))
            if keepable:
                self._keep(entry.id, hot)
        return _with_pairs(entry, hot.keys, hot.values)

    def _keep(self, entry_id: str, hot: _Hot) -> None:
        self._drop(entry_id)
        if hot.nbytes > self._most_bytes:
            return
        self._held[entry_id] = hot
        self._bytes += hot.nbytes
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._held)))

    def _drop(self, entry_id: str) -> None:
        hot = self._held.pop(entry_id, None)
        if hot is not None:
            self._bytes -= hot.nbytes

    def _let_go_of_the_dead(self) -> None:
        generation = self._generation()
        if generation != self._seen and self._held:
            for entry_id in self._held.keys() - self._living(list(self._held)):
                self._drop(entry_id)
        self._seen = generation


def as_pairs(entry: MemoryEntry, adapter: BackboneAdapter) -> MemoryEntry:
    """An entry as codec ``kv``: keys and values made of its states, where it does not hold them."""
    return _with_pairs(entry, *_made(entry, adapter)) if _is_made(entry) else entry


def _with_pairs(entry: MemoryEntry, keys: States, values: States) -> MemoryEntry:
    return replace(entry, codec="kv", hidden_state=None, keys=keys, values=values)


def _made(entry: MemoryEntry, adapter: BackboneAdapter) -> tuple[States, States]:
    keys, values = list[torch.Tensor](), list[torch.Tensor]()
    for at, layer in enumerate(entry.layers):
        if entry.codec in BITS and entry.keys is not None and entry.values is not None:
            where = (adapter.device(layer), adapter.dtype)
            pair = unpack(entry.keys[at], *where), unpack(entry.values[at], *where)
        else:
            states: Any = entry.hidden_state
            of_layer = states[at][None].to(adapter.device(layer), adapter.dtype)
            key, value = adapter.project(layer, of_layer)  # (1, kv_heads, tokens, head_dim)
            pair = key[0], value[0]
        keys.append(pair[0])
        values.append(pair[1])
    return tuple(keys), tuple(values)


def _is_made(entry: MemoryEntry) -> bool:
    """Whether keys and values have to be made from what the entry holds."""
    packed = entry.codec in BITS and entry.keys is not None
    return packed or (entry.codec == "hidden" and entry.hidden_state is not None)
