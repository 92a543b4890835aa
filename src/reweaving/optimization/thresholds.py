"""A threshold that keeps a rate, or a latency, where it is wanted."""

from __future__ import annotations

import threading
from typing import Any

from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError


class ThresholdConfig(Settings):
    """What a threshold is driven to.

    Parameters
    ----------
    target_rate
        Share of what is offered that should pass, in (0, 1).
    target_seconds
        Latency that must not be passed either: above it less passes, whatever the rate; None for none.
    initial, low, high
        Where the threshold starts, and between what it stays.
    gain
        How far it moves for each unit of error.
    smoothing
        Weight of the newest observation in the running mean that is steered by.
    """

    target_rate: float = Field(default=0.3, gt=0.0, lt=1.0)
    target_seconds: float | None = Field(default=None, gt=0.0)
    initial: float = Field(default=0.5, ge=0.0, le=1.0)
    low: float = Field(default=0.0, ge=0.0, le=1.0)
    high: float = Field(default=1.0, ge=0.0, le=1.0)
    gain: float = Field(default=0.15, gt=0.0, le=1.0)
    smoothing: float = Field(default=0.5, gt=0.0, le=1.0)


class AdaptiveThresholdManager:
    """Integral control of one threshold; safe between threads.

    The more passes than is wanted, the higher it goes, by at most `gain` a step, and never out of its bounds: a step in
    the load moves it once, it does not swing.

    Life: `observe` after each request, with what was offered and what passed; `threshold` whenever
    the next decision is made.
    """

    def __init__(self, config: ThresholdConfig | None = None) -> None:
        self.config = config or ThresholdConfig()
        self._lock = threading.Lock()
        self._threshold = min(max(self.config.initial, self.config.low), self.config.high)
        self._rate: float | None = None
        self._seconds: float | None = None
        self._observed = 0

    @property
    def threshold(self) -> float:
        """What has to be reached to pass."""
        return self._threshold

    def observe(self, passed: float, offered: float, seconds: float | None = None) -> float:
        """Take in one request, and say what the threshold is from now on.

        Parameters
        ----------
        passed, offered
            How much passed of how much, in any unit; nothing offered moves nothing.
        seconds
            How long the request took.

        Raises
        ------
        InputError
            When more passed than was offered.
        """
        if not 0 <= passed <= offered:
            raise InputError(f"{passed} of {offered} passed: between none and all of it can")
        with self._lock:
            if offered:
                self._rate = self._mean(self._rate, passed / offered)
            if seconds is not None:
                self._seconds = self._mean(self._seconds, seconds)
            if offered or seconds is not None:
                moved = self._threshold + self.config.gain * self._error()
                self._threshold = min(max(moved, self.config.low), self.config.high)
                self._observed += 1
            return self._threshold

    def stats(self) -> dict[str, Any]:
        """Threshold, running rate and latency, and how many requests they come from."""
        return {
            "threshold": self._threshold,
            "rate": self._rate,
            "seconds": self._seconds,
            "observed": self._observed,
        }

    def _mean(self, before: float | None, now: float) -> float:
        weight = self.config.smoothing
        return now if before is None else (1 - weight) * before + weight * now

    def _error(self) -> float:
        """How much too much passes, or too slowly, in [-1, 1]."""
        error = 0.0 if self._rate is None else self._rate - self.config.target_rate
        wanted = self.config.target_seconds
        if wanted is not None and self._seconds is not None:
            late = self._seconds / wanted - 1
            # Too slow: less has to pass. Fast enough: the rate decides, as far as time is left.
            error = late if late > 0 else min(error, 0.0) * min(1.0, -late) if error < 0 else error
        return min(max(error, -1.0), 1.0)
