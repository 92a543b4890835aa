"""What training may see and what only evaluation sees.

Every name, attribute, phrasing and value belongs to one of two sides, decided by a hash of its own
text: no list has to be kept, and a made-up word that training never drew is still on its side.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache

_HELD_OUT_OF_TEN = 2


class Side(StrEnum):
    """Which half of the vocabulary a dialogue is written from."""

    TRAIN = "train"
    TEST = "test"


@lru_cache(maxsize=200_000)
def side_of(kind: str, text: str) -> Side:
    """Return the side that `text` belongs to; upper and lower case are the same text."""
    digest = hashlib.blake2b(f"{kind}\x00{text.lower()}".encode(), digest_size=4).digest()
    held_out = int.from_bytes(digest, "big") % 10 < _HELD_OUT_OF_TEN
    return Side.TEST if held_out else Side.TRAIN


@lru_cache(maxsize=4096)
def share(kind: str, side: Side, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `texts` that belong to `side`, in their order."""
    return tuple(text for text in texts if side_of(kind, text) is side)


def choose(rng: random.Random, kind: str, side: Side, texts: Sequence[str]) -> str:
    """Draw one of the `texts` that belong to `side`."""
    return rng.choice(share(kind, side, tuple(texts)))


def draw(rng: random.Random, kind: str, side: Side, make: Callable[[random.Random], str]) -> str:
    """Call `make` until what it makes belongs to `side`."""
    while True:
        text = make(rng)
        if side_of(kind, text) is side:
            return text
