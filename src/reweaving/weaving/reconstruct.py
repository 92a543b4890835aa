"""Stored states back into the keys and values of every layer."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import InputError
from reweaving.weaving.positions import Layout, Segment

KeysValues = tuple[torch.Tensor, torch.Tensor]


class LayeredStateReconstructor:
    """Keys (before rotation) and values of woven tokens, layer by layer.

    ``hidden`` states go once more through the layer's own norm and projections, ``kv`` states are taken as
    they are. Entries of both codecs may be mixed; ``replay`` entries must have been read again before.
    """

    def __init__(self, adapter: BackboneAdapter) -> None:
        self.adapter = adapter

    def layer(self, layer: int, layouts: Sequence[Layout], slots: int) -> KeysValues | None:
        """One layer's memory for every row.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, slots, head_dim)``, rows padded on the left with zeros; None when
            no entry has states for this layer.

        Raises
        ------
        InputError
            When some woven entries have states for this layer and others have not.
        """
        segments = [segment for layout in layouts for segment in layout.segments]
        holding = [layer in segment.entry.layers for segment in segments]
        if not any(holding):
            return None
        if not all(holding):
            missing = segments[holding.index(False)].entry
            raise InputError(
                f"entry {missing.id} has no states for layer {layer} (it has {missing.layers}) but others woven "
                "with it have; weave entries that were captured with the same layers"
            )
        pieces = self._pieces(layer, segments)
        rows, taken = [], 0
        for layout in layouts:
            mine = pieces[taken : taken + len(layout.segments)]
            taken += len(layout.segments)
            rows.append(_left_padded(mine, slots, pieces[0]))
        return torch.stack([k for k, _ in rows]), torch.stack([v for _, v in rows])

    def _pieces(self, layer: int, segments: Sequence[Segment]) -> list[KeysValues]:
        """Keys and values of each segment, ``(kv_heads, length, head_dim)``; one projection for all."""
        device, dtype = self.adapter.device(layer), self.adapter.dtype
        stored = [_hidden_of(segment, layer) for segment in segments]
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


def _hidden_of(segment: Segment, layer: int) -> torch.Tensor | None:
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
        raise InputError(
            f"entry {entry.id} (codec {entry.codec!r}) was given without its states; load it with Memory.get_many"
        )
    at, stop = entry.layers.index(layer), segment.first + segment.length
    return (
        entry.keys[at][:, segment.first : stop].to(device, dtype),
        entry.values[at][:, segment.first : stop].to(device, dtype),
    )


def _left_padded(pieces: Sequence[KeysValues], slots: int, like: KeysValues) -> KeysValues:
    heads, _, width = like[0].shape
    used = sum(k.shape[1] for k, _ in pieces)
    pads = (
        like[0].new_zeros(heads, slots - used, width),
        like[1].new_zeros(like[1].shape[0], slots - used, like[1].shape[2]),
    )
    keys = torch.cat([pads[0], *(k for k, _ in pieces)], dim=1)  # (kv_heads, slots, head_dim)
    values = torch.cat([pads[1], *(v for _, v in pieces)], dim=1)  # (kv_heads, slots, head_dim)
    return keys, values
