"""Which layers are captured, and which one's states recall compares."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import InputError

_KEY_DEPTH = 0.2
"""Share of the depth at which states tell spans apart best (docs/decisions/0002-recall.md)."""


def known_layers(asked: Sequence[int] | None, adapter: BackboneAdapter) -> tuple[int, ...]:
    """The asked layers that the model has, ascending; all of them when none are asked for.

    Layers that it has not are named in a warning.

    Raises
    ------
    InputError
        When none of them exists.
    """
    count = len(adapter.layers)
    if asked is None:
        return tuple(range(count))
    known = tuple(sorted({layer for layer in asked if 0 <= layer < count}))
    unknown = sorted(set(asked) - set(known))
    name = type(adapter.model).__name__
    if not known:
        raise InputError(f"none of the layers {unknown} exists; {name} has layers 0 to {count - 1}")
    if unknown:
        warnings.warn(
            f"layers {unknown} are left out: {name} has layers 0 to {count - 1}", stacklevel=5
        )
    return known


def key_layer(asked: int | None, captured: Sequence[int], depth: int) -> int:
    """The captured layer nearest to the asked one, or to a fifth of the model's depth."""
    wanted = round(depth * _KEY_DEPTH) if asked is None else asked
    return min(captured, key=lambda layer: (abs(layer - wanted), layer))
