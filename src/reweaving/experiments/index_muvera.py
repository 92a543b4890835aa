"""MUVERA's fixed dimensional encoding (Dhulipala et al., 2024, arXiv 2405.19504, §2), to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reweaving.stores.index_sketch import Floats

REPETITIONS, BITS, PROJECTED = 8, 3, 8


class FixedEncoding:
    """One vector for each span, whose product with a request's vector approximates late interaction.

    Space is parted by the signs of random directions (SimHash; Charikar, 2002), `REPETITIONS` times.
    In each part a request has the sum of its tokens and a span the mean of its own; a part that a
    span has no token in gets the token with the nearest signs (§2.1). Each block is projected by random
    signs to `PROJECTED` numbers.

    Parameters
    ----------
    dimensions
        Of the unit vectors that are encoded.
    """

    def __init__(self, dimensions: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._planes = rng.standard_normal((REPETITIONS, dimensions, BITS)).astype(np.float32)
        signs = rng.integers(0, 2, (REPETITIONS, dimensions, PROJECTED)) * 2 - 1
        self._signs = (signs / np.sqrt(PROJECTED)).astype(np.float32)

    @property
    def size(self) -> int:
        """Numbers in an encoding."""
        return int(REPETITIONS * 2**BITS * PROJECTED)

    def query(self, tokens: Floats, weights: Floats) -> Floats:
        """Encoding of a request whose tokens count by their weights, ``(size,)``; eq. 1."""
        made = np.zeros((REPETITIONS, 2**BITS, PROJECTED), dtype=np.float32)
        for planes, signs, block in zip(self._planes, self._signs, made, strict=True):
            np.add.at(block, _parts(tokens, planes), (tokens * weights[:, None]) @ signs)
        return made.ravel()

    def spans(self, tokens: Floats, length: int) -> Floats:
        """Encodings of spans of `length` tokens each, ``(spans, size)``; eq. 2."""
        count, parts = len(tokens) // length, 2**BITS
        made = np.empty((count, REPETITIONS, parts, PROJECTED), dtype=np.float32)
        bits_apart = _bits_apart()
        for number, (planes, signs) in enumerate(zip(self._planes, self._signs, strict=True)):
            part = _parts(tokens, planes).reshape(count, length)
            projected = (tokens @ signs).reshape(count, length, PROJECTED)
            inside = part[:, None, :] == np.arange(parts)[None, :, None]  # (spans, parts, length)
            nearest = bits_apart[part].argmin(axis=1)  # (spans, parts): a token
            stand_in = nearest[:, :, None] == np.arange(length)
            filled = inside.any(axis=2, keepdims=True)
            counted = np.where(filled, inside, stand_in).astype(np.float32)
            counted /= counted.sum(axis=2, keepdims=True)
            made[:, number] = counted @ projected
        return made.reshape(count, -1)


def _parts(tokens: Floats, planes: Floats) -> NDArray[np.int64]:
    return np.asarray((tokens @ planes > 0) @ (1 << np.arange(BITS)), dtype=np.int64)


def _bits_apart() -> NDArray[np.int64]:
    """How many signs differ between two parts, ``(parts, parts)``."""
    part = np.arange(2**BITS)
    signs = part[:, None] >> np.arange(BITS) & 1  # (parts, bits)
    return np.asarray((signs[:, None] != signs[None, :]).sum(axis=2), dtype=np.int64)
