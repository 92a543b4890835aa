"""Cells that token sketches fall into: only those near a request's tokens have to be looked at."""

from __future__ import annotations

import numpy as np

from reweaving.stores.index_sketch import Floats, unit

FEWEST, MOST = 16, 4096
_ROUNDS = 5
_PER_CELL = 24  # tokens that a cell is fitted to; more move its centre little
_BLOCK = 8192


def fitting_count(tokens: int) -> int:
    """How many cells for so many tokens: about ``4 √tokens``, a power of two.

    A search compares with every centre and with the tokens of a few cells; both are of the same
    order then (Jégou, Douze and Schmid, 2011, §4; Johnson et al., 2017, use 4 √n to 16 √n).
    """
    wanted = 2 ** round(np.log2(max(1.0, 4 * np.sqrt(tokens))))
    return int(min(MOST, max(FEWEST, wanted)))


def fit(directions: Floats, count: int, seed: int) -> Floats:
    """Centres of spherical k-means (Dhillon and Modha, 2001), shape ``(count, dimensions)``.

    Parameters
    ----------
    directions
        Unit vectors ``(tokens, dimensions)``; with fewer than `count`, each is a centre.
    """
    rng = np.random.default_rng(seed)
    few = min(len(directions), count * _PER_CELL)
    sample = directions[np.sort(rng.choice(len(directions), few, replace=False))]
    count = min(count, few)
    centres = sample[rng.choice(few, count, replace=False)]
    for _ in range(_ROUNDS):
        cells = nearest(sample, centres)
        sums = _sums(sample, cells, count)
        # A cell that nothing falls into starts again at some token.
        empty = np.bincount(cells, minlength=count) == 0
        sums[empty] = sample[rng.integers(0, few, int(empty.sum()))]
        centres = unit(sums)
    return centres


def nearest(directions: Floats, centres: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Index of the centre with the largest cosine for each row, shape ``(tokens,)``."""
    cells = np.empty(len(directions), dtype=np.int64)
    for start in range(0, len(directions), _BLOCK):
        stop = start + _BLOCK
        cells[start:stop] = (directions[start:stop] @ centres.T).argmax(axis=1)
    return cells


def _sums(
    directions: Floats, cells: np.ndarray[tuple[int], np.dtype[np.int64]], count: int
) -> Floats:
    """Sum of the rows in each cell, shape ``(count, dimensions)``."""
    order = np.argsort(cells, kind="stable")
    begins = np.searchsorted(cells[order], np.arange(count))
    filled = np.flatnonzero(np.diff(np.append(begins, len(cells))))
    sums = np.zeros((count, directions.shape[1]), dtype=np.float32)
    sums[filled] = np.add.reduceat(directions[order], begins[filled], axis=0)
    return sums
