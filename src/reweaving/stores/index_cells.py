"""Cells that token sketches fall into: only those near a request's tokens have to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.index_sketch import Floats, unit

FEWEST, MOST = 16, 16_384
PER_CELL = 16
"""Tokens to fit each cell to; more move its centre little."""

_ROUNDS = 5
_BLOCK = 65_536

Numbers = NDArray[np.int64]
CellNumbers = NDArray[np.uint16]


def fitting_count(tokens: int) -> int:
    """How many cells for so many tokens: about ``4 √tokens``, a power of two.

    A search compares with every centre and with the spans in a part of the cells; both are of the
    same order then (Jégou, Douze and Schmid, 2011, §4; Johnson et al., 2017, use 4 √n to 16 √n).
    """
    wanted = 2 ** round(np.log2(max(1.0, 4 * np.sqrt(tokens))))
    return int(min(MOST, max(FEWEST, wanted)))


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells in districts: a token looks for its cell only in the district that it is in.

    So it is compared with ``2 √cells`` centres instead of all; two-level k-means (Nistér and
    Stewénius, 2006).

    Attributes
    ----------
    districts
        Unit vectors, ``(districts, dimensions)``: each the direction of the mean of its cells.
    centres
        Unit vectors, ``(cells, dimensions)``, as many for every district, one district behind the
        other; zeros for cells of which there are more than tokens.
    """

    districts: Floats
    centres: Floats

    def __len__(self) -> int:
        return len(self.centres)

    @classmethod
    def fit(cls, directions: Floats, count: int, seed: int) -> Cells:
        """Cells of unit vectors ``(tokens, dimensions)``; `count` is a power of two."""
        rng = np.random.default_rng(seed)
        few = min(len(directions), count * PER_CELL)
        sample = directions[np.sort(rng.choice(len(directions), few, replace=False))]
        outer = 2 ** ((count.bit_length() - 1) // 2)
        each = count // outer
        found = _means(sample, outer, rng)
        inside = _nearest(sample, found)
        centres = np.zeros((len(found) * each, sample.shape[1]), dtype=np.float32)
        for district in range(len(found)):
            own = sample[inside == district]
            if len(own):
                made = _means(own, each, rng)
                centres[district * each : district * each + len(made)] = made
        cells = cls(found, centres)
        held = np.bincount(cells.nearest(sample), minlength=len(centres))
        return cells._with_districts(held, np.ones(len(found), dtype=np.bool_))

    def nearest(self, directions: Floats) -> CellNumbers:
        """The cell of each row, shape ``(tokens,)``."""
        cells = np.empty(len(directions), dtype=np.uint16)
        each = len(self.centres) // len(self.districts)
        for start in range(0, len(directions), _BLOCK):
            block = directions[start : start + _BLOCK]
            district = _nearest(block, self.districts)
            order = np.argsort(district, kind="stable")
            found, begins = np.unique(district[order], return_index=True)
            for at, rows in zip(found.tolist(), np.split(order, begins[1:]), strict=True):
                inner = self.centres[at * each : (at + 1) * each]
                cells[start + rows] = at * each + _nearest(block[rows], inner)
        return cells

    def remade(self, lost: NDArray[np.bool_], sums: Floats, held: Numbers) -> Cells:
        """Centres of the `lost` cells made anew, and the districts they are in.

        Parameters
        ----------
        lost
            Which cells, ``(cells,)``.
        sums
            Sum of what is left in each lost cell, ``(lost cells, dimensions)``.
        held
            How many tokens are left in every cell, ``(cells,)``.
        """
        centres = self.centres.copy()
        centres[lost] = unit(sums)
        each = len(centres) // len(self.districts)
        touched: NDArray[np.bool_] = np.logical_or.reduce(lost.reshape(-1, each), axis=1)
        return Cells(self.districts, centres)._with_districts(held, touched)

    def _with_districts(self, held: Numbers, which: NDArray[np.bool_]) -> Cells:
        """Districts made of their centres, each as often as it holds a token; zeros where none does."""
        weighted = self.centres * held.astype(np.float32)[:, None]
        sums = weighted.reshape(len(self.districts), -1, weighted.shape[1]).sum(axis=1)
        districts = self.districts.copy()
        districts[which] = unit(sums[which])
        return Cells(districts, self.centres)


def sums_of(directions: Floats, cells: Numbers | CellNumbers, count: int) -> Floats:
    """Sum of the rows in each cell, shape ``(count, dimensions)``."""
    order = np.argsort(cells, kind="stable")
    begins = np.searchsorted(cells[order], np.arange(count))
    filled = np.flatnonzero(np.diff(np.append(begins, len(cells))))
    sums = np.zeros((count, directions.shape[1]), dtype=np.float32)
    if len(filled):
        sums[filled] = np.add.reduceat(directions[order], begins[filled], axis=0)
    return sums


def _means(rows: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Centres of spherical k-means (Dhillon and Modha, 2001); with fewer rows, each is a centre."""
    count = min(count, len(rows))
    centres = rows[rng.choice(len(rows), count, replace=False)]
    for _ in range(_ROUNDS):
        cells = _nearest(rows, centres)
        sums = sums_of(rows, cells, count)
        # A cell that nothing falls into starts again at some token.
        empty = np.bincount(cells, minlength=count) == 0
        sums[empty] = rows[rng.integers(0, len(rows), int(empty.sum()))]
        centres = unit(sums)
    return centres


def _nearest(rows: Floats, centres: Floats) -> Numbers:
    """Index of the centre with the largest cosine for each row, shape ``(tokens,)``."""
    found = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        stop = start + _BLOCK
        found[start:stop] = (rows[start:stop] @ centres.T).argmax(axis=1)
    return found
