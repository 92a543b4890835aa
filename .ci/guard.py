"""Fail when a ratio of a bench report is worse than benchmarks/baseline.json by more than noise.

Only ratios are compared: seconds belong to a machine, ratios of runs in one process belong to the code.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def regressions(baseline: dict[str, Any], report: dict[str, Any]) -> list[str]:
    """One line for each guarded figure of a report that is worse than it may be, or missing."""
    found = []
    for path, guarded in baseline.get(report["name"], {}).items():
        value = report["summary"]
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        known, noise, lower = guarded["baseline"], guarded["noise"], guarded["better"] == "lower"
        bound = known * (1 + noise) if lower else known * (1 - noise)
        if not isinstance(value, int | float):
            found.append(f"{report['name']} {path}: missing, {known:.3g} was expected")
        elif value > bound if lower else value < bound:
            found.append(
                f"{report['name']} {path}: {value:.3g}, the baseline is {known:.3g} "
                f"and {bound:.3g} is allowed for noise"
            )
    return found


def main(baseline: str, *reports: str) -> int:
    known = json.loads(Path(baseline).read_text("utf-8"))
    found = []
    for report in reports:
        read = json.loads(Path(report).read_text("utf-8"))
        found += regressions(known, read)
        print(f"guard: {len(known.get(read['name'], {}))} ratios of {read['name']} compared")
    for line in found:
        print(f"regression: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
