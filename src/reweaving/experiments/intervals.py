"""How sure a measured share, or the difference of two, is."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

_Z = 1.959964  # 95 %
_RESAMPLES = 2000


def share_interval(right: Sequence[bool]) -> list[float]:
    """95 % interval of a share (Wilson, 1927), ``[low, high]``; empty without any observation."""
    count = len(right)
    if not count:
        return []
    share = sum(right) / count
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    centre, scale = share + _Z**2 / (2 * count), 1 + _Z**2 / count
    return [round((centre - spread) / scale, 4), round((centre + spread) / scale, 4)]


def paired_interval(ours: Sequence[bool], theirs: Sequence[bool], seed: int = 0) -> list[float]:
    """95 % interval of the mean difference over the same questions, by bootstrap, ``[low, high]``."""
    differences = [int(a) - int(b) for a, b in zip(ours, theirs, strict=True)]
    if not differences:
        return []
    rng = random.Random(seed)
    count = len(differences)
    means = sorted(sum(rng.choices(differences, k=count)) / count for _ in range(_RESAMPLES))
    low, high = round(0.025 * _RESAMPLES), round(0.975 * _RESAMPLES) - 1
    return [round(means[low], 4), round(means[high], 4)]
