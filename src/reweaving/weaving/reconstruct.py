"""Stored states back into the keys and values of every layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import InputError
from reweaving.stores.quantized import BITS, unpack
from reweaving.types import MemoryEntry
from reweaving.weaving.positions import Layout, Segment
from reweaving.weaving.translate import StateTranslator

KeysValues = tuple[torch.Tensor, torch.Tensor]


class LayeredStateReconstructor:
    """Keys (before rotation) and values of woven tokens, layer by layer.

    ``hidden`` states go once more through the layer's own norm and projections,
    ``kv`` states are taken as they are, ``int8`` and ``int4`` as far as their bits tell. Entries of several
    codecs may be mixed; ``replay`` entries must have been read again before.

    Parameters
    ----------
    translator
        For the method ``mlp``: predicts the states of layers that were not stored. None: only stored layers
        are reconstructed, exactly.
    start
        The model's start token with the states of every layer; used in place of predicted ones.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        translator: StateTranslator | None = None,
        start: Callable[[], MemoryEntry | None] | None = None,
    ) -> None:
        self.adapter = adapter
        self._translator, self._start = translator, start

    def holds(self, layer: int, layouts: Sequence[Layout]) -> bool:
        """Whether there is memory of a layer; costs nothing.

        Raises
        ------
        InputError
            When some woven entries have states for this layer and others have not, or when they were given without
            their states.
        """
        segments = [segment for layout in layouts for segment in layout.segments]
        holding = [self._holds(segment, layer) for segment in segments]
        if any(holding) and not all(holding):
            missing = segments[holding.index(False)].entry
            raise InputError(
                f"entry {missing.id} has no states for layer {layer} (it has {missing.layers}) but others woven "
                "with it have; weave entries that were captured with the same layers"
            )
        return any(holding)

    def layer(self, layer: int, layouts: Sequence[Layout], slots: int) -> KeysValues:
        """One layer's memory for every row, of a layer that `holds`.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, slots, head_dim)``, rows padded on the left with zeros.
        """
        segments = [segment for layout in layouts for segment in layout.segments]
        pieces = self._pieces(layer, segments)
        rows, taken = [], 0
        for layout in layouts:
            mine = pieces[taken : taken + len(layout.segments)]
            taken += len(layout.segments)
            rows.append(_left_padded(mine, slots, pieces[0]))
        if len(rows) == 1:  # the usual request: what was joined once is not copied again
            return rows[0][0][None], rows[0][1][None]
        return torch.stack([k for k, _ in rows]), torch.stack([v for _, v in rows])

    def residual(self, layer: int, layouts: Sequence[Layout], slots: int) -> torch.Tensor:
        """One layer's stored residual states for every row, padded on the left with zeros.

        Returns
        -------
        torch.Tensor
            Shape ``(batch, slots, hidden)``, float32.

        Raises
        ------
        InputError
            When an entry has no residual states of this layer.
        """
        made = torch.zeros(
            len(layouts), slots, self.adapter.hidden_size, device=self.adapter.device(layer)
        )
        for row, layout in enumerate(layouts):
            at = slots - layout.slots
            for segment in layout.segments:
                holds = layer in segment.entry.layers
                states = hidden_of(segment, layer) if holds else None
                if states is None:
                    raise InputError(
                        f"entry {segment.entry.id} (codec {segment.entry.codec!r}) holds no residual states "
                        f"of layer {layer}; the method 'attention' needs memory kept with the codec 'hidden'"
                    )
                made[row, at : at + segment.length] = states.to(made)
                at += segment.length
        return made

    def _pieces(self, layer: int, segments: Sequence[Segment]) -> list[KeysValues]:
        """Keys and values of each segment, ``(kv_heads, length, head_dim)``; one projection for all."""
        device, dtype = self.adapter.device(layer), self.adapter.dtype
        stored = [self._hidden(segment, layer) for segment in segments]
        hidden = [h.to(device, dtype) for h in stored if h is not None]
        projected: list[KeysValues] = []
        if hidden:
            keys, values = self.adapter.project(layer, torch.cat(hidden)[None])
            lengths = [h.shape[0] for h in hidden]
            projected = list(
                zip(keys[0].split(lengths, 1), values[0].split(lengths, 1), strict=True)
            )
        ready = iter(projected)
        return [
            next(ready) if state is not None else _stored_pair(segment, layer, device, dtype)
            for segment, state in zip(segments, stored, strict=True)
        ]

    def _holds(self, segment: Segment, layer: int) -> bool:
        entry = segment.entry
        if layer in entry.layers:
            if entry.hidden_state is None and (entry.keys is None or entry.values is None):
                raise _without_states(entry)
            return True
        translator = self._translator
        return (
            translator is not None
            and layer in translator.layers
            and translator.source in entry.layers
        )

    def _hidden(self, segment: Segment, layer: int) -> torch.Tensor | None:
        """A segment's residual states at a layer, ``(length, hidden)``; None for states kept as kv."""
        if layer in segment.entry.layers:
            return hidden_of(segment, layer)
        if segment.is_start and self._start is not None:
            start = self._start()
            if start is not None and start.token_ids == segment.entry.token_ids[:1]:
                return hidden_of(Segment(start, 0, 1), layer)
        translator = self._translator
        source = None if translator is None else hidden_of(segment, translator.source)
        if translator is None or source is None:
            raise InputError(
                f"entry {segment.entry.id} (codec {segment.entry.codec!r}) holds no residual states from "
                f"which those of layer {layer} could be predicted; keep memory with the codec 'hidden'"
            )
        predicted: torch.Tensor = translator(layer, source)
        return predicted


def hidden_of(segment: Segment, layer: int) -> torch.Tensor | None:
    """A segment's stored residual states at a layer, ``(length, hidden)``; None where there are none."""
    entry = segment.entry
    if entry.codec != "hidden" or entry.hidden_state is None:
        return None
    state = entry.hidden_state[entry.layers.index(layer)]
    return state[segment.first : segment.first + segment.length]


def _stored_pair(
    segment: Segment, layer: int, device: torch.device, dtype: torch.dtype
) -> KeysValues:
    entry = segment.entry
    if entry.keys is None or entry.values is None:
        raise _without_states(entry)
    at, stop = entry.layers.index(layer), segment.first + segment.length
    keys, values = entry.keys[at], entry.values[at]
    if entry.codec in BITS:
        keys, values = unpack(keys, device, dtype), unpack(values, device, dtype)
    return (
        keys[:, segment.first : stop].to(device, dtype),
        values[:, segment.first : stop].to(device, dtype),
    )


def _without_states(entry: MemoryEntry) -> InputError:
    return InputError(
        f"entry {entry.id} (codec {entry.codec!r}) was given without its states; load it with Memory.get_many"
    )


def _left_padded(pieces: Sequence[KeysValues], slots: int, like: KeysValues) -> KeysValues:
    heads, _, width = like[0].shape
    used = sum(k.shape[1] for k, _ in pieces)
    padded = list(pieces)
    if used < slots:
        empty = (
            like[0].new_zeros(heads, slots - used, width),
            like[1].new_zeros(like[1].shape[0], slots - used, like[1].shape[2]),
        )
        padded.insert(0, empty)
    keys = torch.cat([k for k, _ in padded], dim=1)  # (kv_heads, slots, head_dim)
    values = torch.cat([v for _, v in padded], dim=1)  # (kv_heads, slots, head_dim)
    return keys, values
