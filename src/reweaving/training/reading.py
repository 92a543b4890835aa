"""Blocks of past sessions as entries, each read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.capture.entries import part_of
from reweaving.training.examples import Block

if TYPE_CHECKING:
    from reweaving.reweaver import Reweaver
    from reweaving.types import MemoryEntry

_ROWS = 16


class BlockReader:
    """Reads each block in its own session, and keeps what was read for when it is asked for again.

    Reading is most of what a step of training costs, and examples share blocks. Every layer's residual
    states are kept, so that one reader serves all methods of one model. Not safe between threads.

    Parameters
    ----------
    most_bytes
        Of kept states; what was not asked for longest goes first.
    """

    def __init__(self, most_bytes: int = 2**30) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._held: OrderedDict[tuple[str, Block], list[MemoryEntry]] = OrderedDict()

    def sessions(self, woven: Reweaver, blocks: Sequence[Block]) -> list[list[MemoryEntry]]:
        """Every token of each block, what stands before the memory too, with the states of all layers."""
        keys = [(woven.fingerprint, block) for block in blocks]
        read = {key: self._held[key] for key in keys if key in self._held}
        # Of like length together, so that little is padded.
        missing = sorted({key for key in keys if key not in read}, key=lambda key: _length(key[1]))
        for at in range(0, len(missing), _ROWS):
            some = missing[at : at + _ROWS]
            rows = _captured(woven, [key[1] for key in some])
            read.update(zip(some, rows, strict=True))
        for key in keys:
            self._keep(key, read[key])
        return [read[key] for key in keys]

    def memories(self, woven: Reweaver, blocks: Sequence[Block]) -> list[list[MemoryEntry]]:
        """What becomes memory of each block, with the layers that are stored."""
        return [
            [
                _at_layers(part, woven.layers)
                for entry in session
                for part in part_of(entry, len(block.before), len(block.before) + len(block.woven))
            ]
            for block, session in zip(blocks, self.sessions(woven, blocks), strict=True)
        ]

    def _keep(self, key: tuple[str, Block], entries: list[MemoryEntry]) -> None:
        if key not in self._held:
            self.held_bytes += _bytes(entries)
        self._held[key] = entries
        self._held.move_to_end(key)
        while self.held_bytes > self.most_bytes:
            _, gone = self._held.popitem(last=False)
            self.held_bytes -= _bytes(gone)


def right_padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and mask ``(rows, tokens)``, padded with zeros."""
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask


def _captured(woven: Reweaver, blocks: Sequence[Block]) -> list[list[MemoryEntry]]:
    everything = tuple(range(len(woven.adapter.layers)))
    capturer = StateCapturer(woven.adapter, None, everything, 0, "hidden", woven.fingerprint)
    ids, mask = right_padded([block.before + block.woven for block in blocks])
    return capturer.capture(ids, mask)


def _at_layers(entry: MemoryEntry, layers: Sequence[int]) -> MemoryEntry:
    if entry.layers == tuple(layers) or entry.hidden_state is None:
        return entry
    held = [entry.layers.index(layer) for layer in layers]
    return replace(entry, layer_idx=tuple(layers), hidden_state=entry.hidden_state[held])


def _length(block: Block) -> int:
    return len(block.before) + len(block.woven)


def _bytes(entries: Iterable[MemoryEntry]) -> int:
    return sum(state.nbytes for entry in entries for state in entry.states())
