"""A part of the index that never changes: sketches of some spans, and which cell each token is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    bounds
        Where each cell begins among the sketches, ``int64``, ``(cells + 1,)``.
    sketches
        Of all tokens, cell by cell, so that a cell is read in one go; ``int8``,
        ``(tokens, dimensions)``.
    owners
        The span of each sketch, ``uint32``, ``(tokens,)``.
    rows
        Where the sketch of each token is, span by span, ``uint32``, ``(tokens,)``.
    """

    ids: NDArray[np.bytes_]
    marks: NDArray[np.uint64]
    sessions: NDArray[np.uint64]
    positions: Integers
    starts: Integers
    bounds: Integers
    sketches: Sketches
    owners: NDArray[np.uint32]
    rows: NDArray[np.uint32]

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
        cells: NDArray[np.uint16],
        count: int,
    ) -> Segment:
        """Spans of `lengths` tokens, whose sketches, span by span, fell into `cells` out of `count`."""
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        order = np.argsort(cells, kind="stable")
        rows = np.empty(len(order), dtype=np.uint32)
        rows[order] = np.arange(len(order), dtype=np.uint32)
        owners = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[order]
        bounds = np.concatenate([[0], np.cumsum(np.bincount(cells, minlength=count))])
        return cls(
            ids, marks, sessions, positions, starts,
            bounds.astype(np.int64), sketches[order], owners, rows,
        )  # fmt: skip

    def cells(self) -> NDArray[np.uint16]:
        """The cell of each token, span by span, shape ``(tokens,)``."""
        sizes = np.diff(self.bounds)
        in_order = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
        return in_order[self.rows]

    def tokens_of(self, spans: Integers) -> tuple[Integers, Integers]:
        """Tokens of these spans one behind the other, and where each span's begin among them."""
        lengths = self.starts[spans + 1] - self.starts[spans]
        begins = np.cumsum(lengths) - lengths
        within = np.arange(int(lengths.sum())) - np.repeat(begins, lengths)
        return np.repeat(self.starts[spans], lengths) + within, begins

    def cell(self, cell: int) -> slice:
        """Where the sketches of a cell are."""
        return slice(int(self.bounds[cell]), int(self.bounds[cell + 1]))

    def matches(self, spans: Integers, directions: Floats) -> Floats:
        """Largest cosine of each direction inside each of these spans, ``(directions, spans)``."""
        met = np.empty((len(directions), len(spans)), dtype=np.float32)
        for start in range(0, len(spans), _BLOCK_SPANS):
            stop = start + _BLOCK_SPANS
            tokens, begins = self.tokens_of(spans[start:stop])
            cosines = directions @ Sketcher.decode(self.sketches[self.rows[tokens]]).T
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
            self.sketches[self.rows[tokens]],
            self.cells()[tokens],
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
            np.concatenate([part.sketches[part.rows] for part in parts]),
            np.concatenate([part.cells() for part in parts]),
            len(parts[0].bounds) - 1,
        )
