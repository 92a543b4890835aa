"""Green, yellow or red, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, field_validator

from reweaving.config import Settings
from reweaving.monitoring.alerts import Alert
from reweaving.monitoring.statistics import Statistics

Level = Literal["green", "yellow", "red"]
_SLOW = ("recall.seconds", "reconstruct.seconds")
_ORDER: tuple[Level, ...] = ("green", "yellow", "red")


class HealthLimits(Settings):
    """What is too much. Each pair is the line to yellow and the line to red.

    Parameters
    ----------
    failures
        Share of stages that ended with an exception.
    slow_seconds
        95th percentile of a recall and its reconstruction, in seconds.
    capacity
        Share of the memory's limits in use; a full memory evicts, which is no failure: red only above 1.
    disk
        Share of the disk in use.
    least_count
        Calls of a stage before it says anything.
    """

    failures: tuple[float, float] = (0.01, 0.1)
    slow_seconds: tuple[float, float] = (2.0, 10.0)
    capacity: tuple[float, float] = (0.9, 1.0)
    disk: tuple[float, float] = (0.9, 0.98)
    least_count: int = Field(default=5, gt=0)

    @field_validator("failures", "slow_seconds", "capacity", "disk")
    @classmethod
    def _in_order(cls, lines: tuple[float, float]) -> tuple[float, float]:
        if not 0 <= lines[0] <= lines[1]:
            raise ValueError(
                "the line to yellow comes first, from 0 up, and is not above the one to red"
            )
        return lines


@dataclass(frozen=True)
class Finding:
    """One reason: what, how it stands, and where the lines are."""

    level: Level
    what: str

    @classmethod
    def of(cls, what: str, value: float, lines: tuple[float, float]) -> Finding:
        """Compare a value with its two lines."""
        yellow, red = lines
        level: Level = "red" if value > red else "yellow" if value > yellow else "green"
        line = red if level == "red" else yellow
        sign = "<=" if level == "green" else ">"
        return cls(level, f"{what} {value:.3g} {sign} {line:g}")


@dataclass(frozen=True)
class HealthStatus:
    """The worst of all findings, and what led to it.

    Attributes
    ----------
    status
        ``green``, ``yellow`` or ``red``.
    reasons
        What is not green, the worst first; empty when all is well.
    findings
        Everything that was looked at.
    """

    status: Level
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: tuple[Finding, ...]) -> HealthStatus:
        """Judge by the worst."""
        bad = sorted(
            (one for one in findings if one.level != "green"),
            key=lambda one: -_ORDER.index(one.level),
        )
        status: Level = bad[0].level if bad else "green"
        return cls(status, tuple(f"{one.level}: {one.what}" for one in bad), findings)

    def __str__(self) -> str:
        return self.status


def judged(
    limits: HealthLimits,
    calls: Mapping[str, int],
    failures: Mapping[str, int],
    metrics: Mapping[str, Statistics],
    alerts: Iterable[Alert],
) -> list[Finding]:
    """What was measured against the lines; stages with fewer than `least_count` calls say nothing yet.

    Parameters
    ----------
    calls, failures
        By stage.
    metrics
        By name.
    """
    found = [
        Finding.of(f"share of failed {stage}", failures.get(stage, 0) / count, limits.failures)
        for stage, count in calls.items()
        if count >= limits.least_count
    ]
    found += [
        Finding.of(f"95th percentile of {name}", metrics[name].p95, limits.slow_seconds)
        for name in _SLOW
        if name in metrics and metrics[name].count >= limits.least_count
    ]
    found += [
        Finding("yellow", f"alert: {alert.rule.metric} is {alert.value:.3g}")
        for alert in alerts
        if alert.firing
    ]
    return found
