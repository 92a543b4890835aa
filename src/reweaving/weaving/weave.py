"""One weave: the memory that a request attends to, and how attention takes it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch

from reweaving.adapters.base import BackboneAdapter, Rotation
from reweaving.errors import InputError
from reweaving.weaving.active import weaving
from reweaving.weaving.attribution import AttentionMass
from reweaving.weaving.blend import ContextBlender, Kept
from reweaving.weaving.methods import Reconstruction
from reweaving.weaving.positions import Layout, memory_positions
from reweaving.weaving.reconstruct import KeysValues, LayeredStateReconstructor


@dataclass(frozen=True)
class _Place:
    """Where keys are turned to: ``(places, slots)``, or None where positions are learned; and for which length.

    There are as many places as rows, or one for each sequence of the batch where those of a row begin apart.
    """

    places: int
    positions: torch.Tensor | None
    length: int
    rotations: dict[tuple[str | None, torch.device], Rotation] = field(default_factory=dict)


class Weave:
    """Memory for each row of one request, ready to be attended to.

    Life: built for a request; `weaving` makes it the current thread's; before each forward pass `place` gives its
    keys their positions (once, or anew for each prefill); the attention functions of `backends` ask for
    `keys_values`, `slot_mask` and `expanded`.

    Parameters
    ----------
    layouts
        One per row; rows without memory have an empty layout.
    layers
        Decoder layers to weave; the others run plainly.
    read_again
        Makes the states of a layout anew as if they had been read in a sequence of some length; needed by
        models whose rotation changes with the length.
    reconstruction
        How states become memory; None for exactly, in every layer.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        layouts: Sequence[Layout],
        layers: Sequence[int],
        read_again: Callable[[Layout, int], Layout] | None = None,
        reconstruction: Reconstruction | None = None,
    ) -> None:
        self.adapter = adapter
        self.layouts = tuple(layouts)
        self.blender = None if reconstruction is None else reconstruction.blender
        self._reconstructor = (
            LayeredStateReconstructor(adapter)
            if reconstruction is None
            else reconstruction.reconstructor
        )
        self._layers = tuple(layers)
        self._read_again = read_again
        self.request_length = 0
        """Tokens that the request may reach with what it generates; 0 while unknown."""
        self.rows = len(self.layouts)
        self.slots = max((layout.slots for layout in self.layouts), default=0)
        self.layer_of = {id(module): i for i, module in enumerate(adapter.attentions)}
        device = adapter.entry_device
        self.counts = torch.tensor(
            [layout.slots for layout in self.layouts], dtype=torch.long, device=device
        )  # (rows,)
        self.valid = (
            torch.arange(-self.slots, 0, device=device)[None] >= -self.counts[:, None]
        )  # (rows, slots)
        self.full = all(layout.slots == self.slots for layout in self.layouts)
        """Whether every slot of every row holds a token."""
        self.attention: AttentionMass | None = None
        self.real_queries: torch.Tensor | None = None
        """Which tokens of the running pass are no padding, ``(batch, queries)``; None where all are real."""
        self.residual: dict[int, torch.Tensor] = {}
        """For a method that reads states in the residual stream: layer to ``(rows, slots, hidden)``."""
        reader = None if reconstruction is None else reconstruction.reader
        if reconstruction is not None and reconstruction.active and reader is not None:
            self.residual = self._residual(reader.layers)
        self._ready: dict[tuple[int, int], KeysValues] = {}
        self._kept: dict[tuple[int, int], Kept | None] = {}
        self._place: _Place | None = None
        self._states: dict[int, KeysValues] = {}
        self._woven = self._holding()
        if reconstruction is not None and not reconstruction.config.is_exact:
            # What learns must be made where gradients are wanted, not in whichever pass comes first.
            self._states = {layer: self._made(layer) for layer in self._woven}

    def _residual(self, layers: Sequence[int]) -> dict[int, torch.Tensor]:
        read = layers if self.slots else ()
        return {
            layer: self._reconstructor.residual(layer, self.layouts, self.slots) for layer in read
        }

    def _holding(self) -> frozenset[int]:
        layers = self._layers if self.slots else ()
        return frozenset(
            layer for layer in layers if self._reconstructor.holds(layer, self.layouts)
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to attend to."""
        return not self._woven

    @property
    def placed(self) -> bool:
        """Whether the keys have positions."""
        return self._place is not None

    def place(self, ends: torch.Tensor, length: int) -> None:
        """Say where keys stand before the request's first token; each layer turns its own when it asks for them.

        Called before each prefill and before the first pass over a carried-over cache.

        Parameters
        ----------
        ends
            Position of the first real request token, behind its memory, of each sequence; shape ``(batch,)``.
        length
            Tokens of the longest row so far; with its memory, where the request stands behind it.
        """
        self._ready.clear()
        if self.attention is None:  # what is measured is the answer that was given, with its choice
            self._kept.clear()
        self._match_rotation(length)
        if self.adapter.positions == "learned":
            self._place = _Place(self.rows, None, length)
            return
        ends = self._first_of_each(ends)
        counts = self.expanded(self.counts, len(ends))
        reach = max(length, self.request_length)
        trained = self.adapter.trained_length
        positions = memory_positions(counts, self.slots, ends, reach, trained)
        self._place = _Place(len(ends), positions, length)

    def _placed(self, layer: int, place: _Place) -> KeysValues:
        """One layer's memory, its keys at their positions; ``(places, kv_heads, slots, head_dim)`` each.

        Made when the layer asks for it: then attention finds it in the processor's caches, and an accelerator is still
        busy with the layers before.
        """
        with weaving(None):  # it must not weave into itself
            if layer not in self._states:
                self._states[layer] = self._made(layer)
            keys, values = (self.expanded(x, place.places) for x in self._states[layer])
            if place.positions is None or not self.adapter.rotates(layer):
                return keys, values
            kind = (self.adapter.layer_kind(layer), keys.device)
            if kind not in place.rotations:
                place.rotations[kind] = self.adapter.rotation(
                    layer, place.positions.to(keys.device), place.length
                )
            return self.adapter.rotate(layer, keys, *place.rotations[kind]), values

    def _made(self, layer: int) -> KeysValues:
        return self._reconstructor.layer(layer, self.layouts, self.slots)

    def _match_rotation(self, length: int) -> None:
        """Read again what was read under other frequencies than this request runs under."""
        wanted = self.adapter.rotation_regime(length)
        if self._read_again is None or not wanted:
            return
        stale = [
            any(
                self.adapter.rotation_regime(entry.read_length) != wanted
                for entry in layout.entries
            )
            for layout in self.layouts
        ]
        if any(stale):
            self.layouts = tuple(
                self._read_again(layout, length) if old else layout
                for layout, old in zip(self.layouts, stale, strict=True)
            )
            self._states.clear()
            self._woven = self._holding()

    def keys_values(self, layer: int, batch: int) -> KeysValues | None:
        """The layer's memory for a batch that may hold several beams of each row.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, slots, head_dim)``, or None where the layer is not woven.
        """
        if layer not in self._woven:
            return None
        place = self._place or _Place(self.rows, None, 0)
        if (layer, place.places) not in self._ready:
            self._ready[layer, place.places] = self._placed(layer, place)
        if (layer, batch) not in self._ready:
            self._repeats(batch)  # refuses a batch that no row can be meant by
            keys, values = self._ready[layer, place.places]
            times = batch // place.places
            self._ready[layer, batch] = (
                keys.repeat_interleave(times, 0),
                values.repeat_interleave(times, 0),
            )
        return self._ready[layer, batch]

    def kept(self, layer: int, batch: int, observe: Callable[[], torch.Tensor]) -> Kept | None:
        """The slots that a layer attends to; None for all.

        Chosen at the first pass after `place`, by what the request attends to, and kept for what follows.

        Parameters
        ----------
        observe
            Measures attention to each slot, ``(batch, slots)``; called only when there is a choice to make.
        """
        if self.blender is None:
            return None
        if (layer, batch) not in self._kept:
            self._kept[layer, batch] = self._chosen(self.blender, layer, batch, observe)
        return self._kept[layer, batch]

    def _chosen(
        self, blender: ContextBlender, layer: int, batch: int, observe: Callable[[], torch.Tensor]
    ) -> Kept | None:
        if not blender.cuts(layer, self.counts):
            return None
        attention = observe()
        counts, valid = self.expanded(self.counts, batch), self.expanded(self.valid, batch)
        return blender.choose(
            layer, counts.to(attention.device), valid.to(attention.device), attention
        )

    def expanded(self, per_row: torch.Tensor, batch: int) -> torch.Tensor:
        """Repeat rows for beams or several returned sequences: ``(rows, …)`` to ``(batch, …)``."""
        return per_row if batch == self.rows else per_row.repeat_interleave(self._repeats(batch), 0)

    def shift(self, starts: torch.Tensor, request_length: int) -> torch.Tensor:
        """How far each sequence's request moves to stand behind its memory, shape ``(batch,)``.

        Parameters
        ----------
        starts
            Position of each sequence's first real token, shape ``(batch,)``.
        request_length
            Tokens of the longest row so far; the request is never moved past the trained length.
        """
        behind = self.counts
        if self.adapter.positions == "learned":
            behind = torch.tensor([layout.last_read_position() + 1 for layout in self.layouts])
        room = max(self.adapter.trained_length - max(request_length, self.request_length), 0)
        behind = self.expanded(behind.to(starts.device), len(starts))
        return behind.clamp_max(room) - starts

    def _repeats(self, batch: int) -> int:
        # Only `generate` makes several rows of one, for beams and several answers.
        if batch % self.rows or (batch > self.rows > 1 and not self.request_length):
            raise InputError(
                f"memory was woven for {self.rows} rows but the model runs {batch}; "
                "give one list of entries per row"
            )
        return batch // self.rows

    def _first_of_each(self, per_batch: torch.Tensor) -> torch.Tensor:
        """Undo `expanded` where that loses nothing: ``(batch,)`` to ``(rows,)``, or as it was."""
        times = self._repeats(len(per_batch))
        first = per_batch[::times]
        alike = times == 1 or torch.equal(first.repeat_interleave(times), per_batch)
        return first if alike else per_batch
