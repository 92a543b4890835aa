"""Timings that can be compared on a noisy machine: taken in turn, in one process, quoted as ratios of pairs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ratio:
    """Median of the ratios of pairs that were timed right after each other, and its quartiles."""

    median: float
    low: float
    high: float


@dataclass
class Times:
    """Seconds on the clock, and seconds of processor time, of the same runs in the same order.

    Processor time leaves out waiting for a disk, but also for other programs: on a busy machine it is
    the steadier of the two.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def extend(self, more: Times) -> None:
        """Later runs of the same thing."""
        self.wall.extend(more.wall)
        self.cpu.extend(more.cpu)

    def run(self, call: Callable[[], object]) -> None:
        """Time one run."""
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)


def in_turn(
    calls: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    warm_up: int = 1,
    between: Callable[[], object] | None = None,
    told: Callable[[int], None] | None = None,
) -> dict[str, Times]:
    """Times of each call, round by round: A B C, B C A, C A B, ….

    A machine's speed drifts while others use it; what is timed in the same round has seen the same drift,
    and no call always comes first.

    Parameters
    ----------
    rounds
        How often each call is timed.
    warm_up
        Rounds before, not counted.
    between
        Called after each call, not timed: what one leaves behind is not the next one's to wait for.
    told
        Hears how many rounds are behind.
    """
    names = list(calls)
    times = {name: Times() for name in names}
    for at in range(-warm_up, rounds):
        turn = at % len(names)
        for name in (*names[turn:], *names[:turn]):
            (times[name] if at >= 0 else Times()).run(calls[name])
            if between is not None:
                between()
        if told is not None and at >= 0:
            told(at + 1)
    return times


def ratio(of: Sequence[float], to: Sequence[float]) -> Ratio:
    """How much longer `of` takes than `to`, pair by pair; a single `to` serves all."""
    pairs = sorted(a / b for a, b in zip(of, _as_long(to, of), strict=True))
    if len(pairs) == 1:
        return Ratio(pairs[0], pairs[0], pairs[0])
    low, middle, high = statistics.quantiles(pairs, n=4, method="inclusive")
    return Ratio(middle, low, high)


def _as_long(some: Sequence[float], other: Sequence[float]) -> Sequence[float]:
    return list(some) * len(other) if len(some) == 1 else some
