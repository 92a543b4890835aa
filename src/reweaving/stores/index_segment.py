"""A part of the index that never changes: sketches of some spans, and which spans each cell has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.index_cells import CellNumbers
from reweaving.stores.index_sketch import Floats, Sketcher, Sketches

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_BLOCK_SPANS = 2_048  # whose sketches are widened at a time


@dataclass(frozen=True, eq=False)
class Segment:
    """Spans in the order in which they came.

    Attributes
    ----------
    ids
        UTF-8, shape ``(spans,)``.
    marks
        What tells one key of an entry from another one, ``uint64``, ``(spans,)``.
    sessions, positions
        A hash of the session ``uint64`` and the place in it ``int64``, ``(spans,)``.
    starts
        First token of every span and the number of tokens, ``int64``, ``(spans + 1,)``.
    sketches
        Of all tokens, span by span, ``int8``, ``(tokens, dimensions)``.
    cells
        The cell of each token, span by span, ``uint16``, ``(tokens,)``.
    bounds
        Where each cell begins among the owners, ``int64``, ``(cells + 1,)``.
    owners
        Cell by cell the span of each of its tokens, ``uint32``, ``(tokens,)``.
    """

    ids: NDArray[np.bytes_]
    marks: NDArray[np.uint64]
    sessions: NDArray[np.uint64]
    positions: Integers
    starts: Integers
    sketches: Sketches
    cells: CellNumbers
    bounds: Integers
    owners: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def tokens(self) -> int:
        """Of all spans together."""
        return int(self.starts[-1])

    @classmethod
    def of(
        cls,
        ids: NDArray[np.bytes_],
        marks: NDArray[np.uint64],
        sessions: NDArray[np.uint64],
        positions: Integers,
        lengths: Integers,
        sketches: Sketches,
        cells: CellNumbers,
        count: int,
    ) -> Segment:
        """Spans of `lengths` tokens, whose sketches, span by span, fell into `cells` out of `count`."""
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        owners = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
        bounds = np.concatenate([[0], np.cumsum(np.bincount(cells, minlength=count))])
        return cls(
            ids, marks, sessions, positions, starts, sketches, cells,
            bounds.astype(np.int64), owners[np.argsort(cells, kind="stable")],
        )  # fmt: skip

    def tokens_of(self, spans: Integers) -> tuple[Integers, Integers]:
        """Tokens of these spans one behind the other, and where each span's begin among them."""
        lengths = self.starts[spans + 1] - self.starts[spans]
        begins = np.cumsum(lengths) - lengths
        within = np.arange(int(lengths.sum())) - np.repeat(begins, lengths)
        return np.repeat(self.starts[spans], lengths) + within, begins

    def lift(self, met: Floats, cells: Integers, closeness: Floats) -> None:
        """Write into `met` ``(spans,)`` how close the last of these cells is that a span has a token in.

        Parameters
        ----------
        cells
            The closest one last.
        closeness
            Of every cell, ``(all cells,)``.
        """
        held = self.bounds[cells + 1] - self.bounds[cells]
        cells = cells[held > 0]
        if len(cells):
            begins, ends = self.bounds[cells].tolist(), self.bounds[cells + 1].tolist()
            parts = [self.owners[b:e] for b, e in zip(begins, ends, strict=True)]
            # Of values for the same span the last one stays.
            met[np.concatenate(parts)] = np.repeat(closeness[cells], held[held > 0])

    def matches(self, spans: Integers, directions: Floats) -> Floats:
        """Largest cosine of each direction inside each of these spans, ``(directions, spans)``."""
        met = np.empty((len(directions), len(spans)), dtype=np.float32)
        for start in range(0, len(spans), _BLOCK_SPANS):
            stop = start + _BLOCK_SPANS
            tokens, begins = self.tokens_of(spans[start:stop])
            cosines = directions @ Sketcher.decode(self.sketches[tokens]).T
            met[:, start:stop] = np.maximum.reduceat(cosines, begins, axis=1)
        return met

    def kept(self, spans: Integers) -> Segment:
        """Only these spans."""
        tokens, _ = self.tokens_of(spans)
        return Segment.of(
            self.ids[spans],
            self.marks[spans],
            self.sessions[spans],
            self.positions[spans],
            self.starts[spans + 1] - self.starts[spans],
            self.sketches[tokens],
            self.cells[tokens],
            len(self.bounds) - 1,
        )

    @staticmethod
    def joined(parts: Sequence[Segment]) -> Segment:
        """Several segments of the same cells as one."""
        return Segment.of(
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.marks for part in parts]),
            np.concatenate([part.sessions for part in parts]),
            np.concatenate([part.positions for part in parts]),
            np.concatenate([np.diff(part.starts) for part in parts]),
            np.concatenate([part.sketches for part in parts]),
            np.concatenate([part.cells for part in parts]),
            len(parts[0].bounds) - 1,
        )
