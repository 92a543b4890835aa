"""From entries, wherever their states are, to a weave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import Self

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import FingerprintError
from reweaving.events import span
from reweaving.memory.memory import Memory
from reweaving.types import MemoryEntry
from reweaving.weaving.hot_spans import HotSpans, as_pairs
from reweaving.weaving.methods import Reconstruction
from reweaving.weaving.positions import Layout, lay_out
from reweaving.weaving.replay import reread
from reweaving.weaving.weave import Weave

ReadAgain = Callable[[torch.Tensor, int], list[MemoryEntry]]
"""Token ids ``(1, tokens)`` and a sequence length to entries of codec ``hidden``."""


class WeaveBuilder:
    """Loads, rebuilds and lays out what one attached model weaves.

    Parameters
    ----------
    memory
        Where states of stored entries are.
    layers
        Stored layers to weave, ascending.
    fingerprint
        Of the attached model; other models' states are refused.
    opening
        Tokens that its sessions begin with and that are never stored.
    start_id
        The model's start token, or None.
    read_again
        Makes states from token ids.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        memory: Memory,
        layers: Sequence[int],
        fingerprint: str,
        opening: Sequence[int],
        start_id: int | None,
        read_again: ReadAgain,
    ) -> None:
        self._reconstruction: Reconstruction | None = None
        self._adapter, self._memory, self._layers = adapter, memory, tuple(layers)
        self._fingerprint, self._opening, self._start_id = fingerprint, opening, start_id
        self._read_again = read_again
        self._sink: MemoryEntry | None = None
        self._made_sink: MemoryEntry | None = None
        self._hot: HotSpans | None = None

    def keep_hot(self, most_bytes: int) -> None:
        """Keep keys and values of recalled spans, up to so many bytes; 0 for none."""
        memory = self._memory
        self._hot = HotSpans(
            self._adapter,
            most_bytes,
            lambda: memory.generation,
            lambda ids: {entry.id for entry in memory.get_many(ids, payload=False)},
        )

    def forget_hot(self) -> None:
        """Let go of what `keep_hot` has kept."""
        if self._hot is not None:
            self._hot.clear()

    def through(self, reconstruction: Reconstruction) -> Self:
        """A builder that makes memory in another way than exactly, in every layer."""
        other = copy(self)
        other._reconstruction = reconstruction
        return other

    def build(self, rows: Sequence[Sequence[MemoryEntry]], *, recalled: bool = False) -> Weave:
        """A weave of one list of entries per row, in any order.

        Parameters
        ----------
        recalled
            Whether the entries come from the memory this moment: then spans that were woven before
            need not be made again.

        Raises
        ------
        FingerprintError
            When an entry holds states of another model.
        """
        with span("reconstruct", self._adapter.model) as told:
            # All at once: rows that hold spans of one session need it read again only once.
            entries = iter(self._loaded([entry for row in rows for entry in row]))
            loaded = [[next(entries) for _ in row] for row in rows]
            exact = self._reconstruction is None or self._reconstruction.config.is_exact
            if recalled and exact and self._hot is not None:
                loaded = [self._hot.warmed(row) for row in loaded]
            layouts = [lay_out(row, self._sink_for(row, exact)) for row in loaded]
            layers = self._layers
            if self._reconstruction is not None:
                layers = self._reconstruction.woven_layers(layers)
            weave = Weave(self._adapter, layouts, layers, self._at_length, self._reconstruction)
            told.count(tokens=sum(layout.slots for layout in layouts))
        return weave

    def _loaded(self, entries: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        for entry in entries:
            if entry.fingerprint and entry.fingerprint != self._fingerprint:
                raise FingerprintError(
                    f"entry {entry.id} holds states of model {entry.fingerprint}, not of the attached "
                    f"{type(self._adapter.model).__name__} ({self._fingerprint}); "
                    "`cmr memory reencode` rebuilds them from their token ids"
                )
        bare = [
            e.id
            for e in entries
            if e.codec != "replay" and e.hidden_state is None and e.keys is None
        ]
        asked = list(dict.fromkeys(bare))
        held = {entry.id: entry for entry in self._memory.get_many(asked)} if asked else {}
        loaded = [held.get(entry.id, entry) for entry in entries]
        return self._reread(loaded, 0) if any(e.codec == "replay" for e in loaded) else loaded

    def _reread(self, entries: Sequence[MemoryEntry], length: int) -> list[MemoryEntry]:
        return reread(
            entries,
            lambda session: self._memory.entries(session=session),
            self._opening,
            lambda ids: self._read_again(ids, length),
            self._adapter.trained_length,
        )

    def _at_length(self, layout: Layout, length: int) -> Layout:
        bare = [replace(entry, codec="replay", hidden_state=None) for entry in layout.entries]
        return lay_out(self._reread(bare, length), self._sink)

    def _sink_for(self, entries: Sequence[MemoryEntry], exact: bool) -> MemoryEntry | None:
        """The start token's own state, for entries that bring none; it is the same in every session.

        Where nothing reads residual states, its keys and values are made once and not for every request.
        """
        if any(entry.position_idx == 0 for entry in entries) or self._start_id is None:
            return None
        if self._sink is None:
            self._sink = self._read_again(torch.tensor([[self._start_id]]), 0)[0]
        if not exact:
            return self._sink
        if self._made_sink is None:
            self._made_sink = as_pairs(self._sink, self._adapter)
        return self._made_sink
