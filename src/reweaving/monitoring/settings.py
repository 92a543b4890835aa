"""What a monitor watches, and for how long it keeps it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from reweaving.config import Settings
from reweaving.monitoring.health import HealthLimits


class MonitorConfig(Settings):
    """What is watched, and for how long it is kept.

    Parameters
    ----------
    health
        The lines between green, yellow and red.
    max_entries
        The memory's limit, for the share of it in use; None where there is none.
    folder
        Where the memory lies, for the disk; None for one in RAM or on a server.
    kept
        Measurements kept of each metric.
    """

    health: HealthLimits = Field(default_factory=HealthLimits)
    max_entries: int | None = Field(default=None, gt=0)
    folder: Path | None = None
    kept: int = Field(default=4096, gt=0)
