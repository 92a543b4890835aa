"""Alerts that do not flutter: one line to fire, another one to be over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field, model_validator

from reweaving.config import Settings


class AlertRule(Settings):
    """When a metric is worth a person's attention.

    Parameters
    ----------
    metric
        Name of a tracked metric, as ``"generate.seconds"``.
    threshold
        The alert fires when the metric crosses it.
    direction
        ``above`` or ``below``.
    clears_at
        The alert is over when the metric is back behind this line; None for one a tenth of the threshold's
        size away from it. Between the two lines nothing changes (hysteresis).
    for_seconds
        How long the metric must stay across before the alert fires.
    """

    metric: str = Field(min_length=1)
    threshold: float = Field(allow_inf_nan=False)
    direction: Literal["above", "below"] = "above"
    clears_at: float | None = Field(default=None, allow_inf_nan=False)
    for_seconds: float = Field(default=0.0, ge=0.0)

    @model_validator(mode="after")
    def _in_order(self) -> AlertRule:
        clear = self.clear_line
        if (clear > self.threshold) if self.direction == "above" else (clear < self.threshold):
            side = "not above" if self.direction == "above" else "not below"
            raise ValueError(
                f"clears_at = {clear} must be {side} the threshold {self.threshold} for {self.direction!r}"
            )
        return self

    @property
    def clear_line(self) -> float:
        """Where the alert is over."""
        if self.clears_at is not None:
            return self.clears_at
        margin = abs(self.threshold) / 10
        return self.threshold - margin if self.direction == "above" else self.threshold + margin


@dataclass
class Alert:
    """A rule and where it stands.

    Attributes
    ----------
    firing
        Whether it is on.
    value
        The metric when it was last looked at.
    since
        When it went on or off, in the monitor's seconds.
    fired
        How often it went on.
    """

    rule: AlertRule
    notify: Callable[[Alert], None] | None = None
    firing: bool = False
    value: float = 0.0
    since: float = 0.0
    fired: int = 0
    _crossed: float | None = field(default=None, repr=False)

    def see(self, value: float, now: float) -> bool:
        """Take a new value; True when the alert went on or off by it."""
        self.value = value
        rule = self.rule
        above = rule.direction == "above"
        across = value > rule.threshold if above else value < rule.threshold
        back = value <= rule.clear_line if above else value >= rule.clear_line
        if self.firing:
            changes = back
        else:
            self._crossed = (now if self._crossed is None else self._crossed) if across else None
            changes = self._crossed is not None and now - self._crossed >= rule.for_seconds
        if changes:
            self.firing, self.since, self._crossed = not self.firing, now, None
            self.fired += self.firing
        return changes
