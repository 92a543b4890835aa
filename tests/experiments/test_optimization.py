"""The optimization bench measures every part, and each one helps."""

from __future__ import annotations

from reweaving.experiments.optimization import _scheduling, _thresholds


def test_parts_that_need_no_machine_to_themselves_help() -> None:
    for measure in (_thresholds, _scheduling):
        row = measure(True, 0)
        assert row["on"] < row["off"]
