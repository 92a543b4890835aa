"""`cmr bench durability`: killed writers, power cuts, damaged files, full disks, many writers at once.

Each part runs in a process of its own (`laboratory`). What is simulated and what is real is written at
the top of each part; ``docs/decisions/0004-durability.md`` has the figures.
"""

from __future__ import annotations

from typing import Any

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.laboratory import Row, conduct

_LEGS = {
    "kill": "reweaving.experiments.durability_kills:run",
    "power": "reweaving.experiments.durability_power:run",
    "damage": "reweaving.experiments.durability_damage:run",
    "fault": "reweaving.experiments.durability_faults:run",
    "writers": "reweaving.experiments.durability_writers:run",
}


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Run all parts; their rows have different keys, and are filled up with None."""
    rows: list[Row] = []
    for done, leg in enumerate(_LEGS.values()):
        for report in conduct(leg, quick, seed):
            share = done + report.done / max(report.total, 1)
            progress(round(1000 * share), 1000 * len(_LEGS), report.what)
            rows += report.rows or []
    return BenchResult(summarise(rows), _filled(rows))


def summarise(rows: list[Row]) -> dict[str, Any]:
    """The figures that matter, over all rows."""

    def total(leg: str, name: str) -> int:
        return sum(row[name] for row in rows if row["leg"] == leg)

    errors = sum(len(row["errors"]) for row in rows if row["leg"] == "kill")
    return {
        "kills": total("kill", "kills"),
        "lost_acknowledged": total("kill", "lost") + total("power", "lost"),
        "power_cuts": total("power", "cuts"),
        "writes_dropped": total("power", "dropped"),
        "writes_torn": total("power", "torn"),
        "damage_injected": total("damage", "injected"),
        "wrong_data": total("damage", "wrong"),
        "crashes": total("damage", "crashes") + total("fault", "untyped") + errors,
        "entries_refused": total("damage", "errors"),
        "refusals_naming_the_entry": total("damage", "named"),
        "intact_not_repaired": total("damage", "not_back"),
        "faults_injected": total("fault", "injected"),
        "faults_that_changed_memory": total("fault", "changed") + total("fault", "stuck"),
        "writers": sum(row["leg"] == "writers" for row in rows),
        "lost_writes": total("writers", "lost") + total("writers", "twice"),
        "slowest_turn_seconds": max(
            (row["slowest_turn_seconds"] for row in rows if row["leg"] == "writers"), default=None
        ),
    }


def _filled(rows: list[Row]) -> list[Row]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return [{key: row.get(key) for key in keys} for row in rows]
