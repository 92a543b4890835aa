"""Small copies of key states: their directions in the few dimensions where they differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reweaving.errors import InputError

Floats = NDArray[np.float32]
Sketches = NDArray[np.int8]

DIMENSIONS = 128
_SCALE = 127.0
_BLOCK = 8_192  # tokens that are widened at a time


@dataclass(frozen=True, eq=False)
class Sketcher:
    """Turns states ``(tokens, hidden)`` into unit vectors of `DIMENSIONS` numbers, one byte each.

    A state is centred, scaled to length one and projected on the leading eigenvectors of the second
    moment of such unit vectors (principal components, Pearson 1901; Jolliffe 2002, §2.1), then scaled
    to length one again: what lies outside of the subspace is nearly the same share for all states, so
    cosines inside of it order matches almost as the whole ones do. Measured in
    ``docs/decisions/0008-index.md``.

    Attributes
    ----------
    mean
        Shape ``(hidden,)``: of the states that it was fitted to.
    basis
        Orthonormal columns, shape ``(hidden, dimensions)``.
    """

    mean: Floats
    basis: Floats

    @classmethod
    def fit(cls, states: Floats) -> Sketcher:
        """Mean and principal directions of states ``(tokens, hidden)``."""
        mean = states.mean(axis=0, dtype=np.float64).astype(np.float32)
        moment = np.zeros((states.shape[1],) * 2)  # (hidden, hidden)
        for start in range(0, len(states), _BLOCK):
            directions = unit(states[start : start + _BLOCK] - mean).astype(np.float64)
            moment += directions.T @ directions
        _, vectors = np.linalg.eigh(moment)  # ascending
        basis = vectors[:, ::-1][:, :DIMENSIONS]
        # The sign of an eigenvector is arbitrary: its largest entry is made positive.
        largest = np.abs(basis).argmax(axis=0)
        basis = basis * np.sign(basis[largest, np.arange(basis.shape[1])])
        return cls(mean, np.ascontiguousarray(basis, dtype=np.float32))

    @property
    def dimensions(self) -> int:
        """Numbers in a sketch: fewer than `DIMENSIONS` for very narrow models."""
        return int(self.basis.shape[1])

    def directions(self, states: Floats) -> Floats:
        """Unit vectors in the subspace, shape ``(tokens, dimensions)``.

        Raises
        ------
        InputError
            For states of another width.
        """
        if states.ndim != 2 or states.shape[1] != len(self.mean):
            raise InputError(
                f"states of shape {states.shape} cannot be compared with keys of "
                f"{len(self.mean)} numbers: they come from another model"
            )
        # Scaling to length one before the projection would be undone by the one behind it.
        return unit(((states - self.mean) @ self.basis).astype(np.float32, copy=False))

    def encode(self, states: Floats) -> Sketches:
        """Directions, rounded to one byte for each number."""
        sketches: Sketches = np.rint(self.directions(states) * _SCALE).astype(np.int8)
        return sketches

    @staticmethod
    def decode(sketches: Sketches) -> Floats:
        """Directions again, as far as one byte tells."""
        return sketches.astype(np.float32) * np.float32(1 / _SCALE)


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length one; a row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.where(length > 0, length, 1)).astype(np.float32)
    return scaled
