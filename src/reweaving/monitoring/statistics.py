"""Measurements of one kind over time, in bounded memory."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from reweaving.errors import InputError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Statistics:
    """What a series says of a stretch of time; NaN where there is nothing to say."""

    count: int
    total: float
    mean: float
    smallest: float
    largest: float
    p50: float
    p95: float
    p99: float
    last: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Statistics:
        """Quantiles are of the nearest rank: values that were measured, none in between."""
        if not values:
            nothing = math.nan
            return cls(0, 0.0, nothing, nothing, nothing, nothing, nothing, nothing, nothing)
        ranked = sorted(values)

        def quantile(share: float) -> float:
            return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]

        total = math.fsum(values)
        return cls(
            len(values),
            total,
            total / len(values),
            ranked[0],
            ranked[-1],
            quantile(0.5),
            quantile(0.95),
            quantile(0.99),
            values[-1],
        )

    def as_dict(self) -> dict[str, float | None]:
        """Plain JSON values; None for what is not known."""
        return {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in vars(self).items()
        }


class Series:
    """The latest measurements with their times, and how many and how much there ever were.

    Parameters
    ----------
    most
        Measurements kept; older ones count in `count` and `total` only.
    """

    def __init__(self, most: int = 4096) -> None:
        self._kept: deque[tuple[float, float]] = deque(maxlen=most)
        self.count = 0
        self.total = 0.0

    def add(self, at: float, value: float) -> None:
        """Take one measurement."""
        self._kept.append((at, value))
        self.count += 1
        self.total += value

    def since(self, when: float) -> list[float]:
        """Kept measurements from a time on, oldest first."""
        return [value for at, value in self._kept if at >= when]

    def statistics(self, since: float = -math.inf) -> Statistics:
        """Of the kept measurements from a time on."""
        return Statistics.of(self.since(since))


def seconds_of(time_range: str) -> float:
    """``"90s"``, ``"15m"``, ``"1h"`` or ``"7d"`` in seconds.

    Raises
    ------
    InputError
        For anything else.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", time_range.strip())
    if found is None or float(found[1]) <= 0:
        raise InputError(
            f"time_range = {time_range!r}: write a number and s, m, h or d, as in '90s', '15m', '1h', '7d'"
        )
    return float(found[1]) * _UNITS[found[2]]
