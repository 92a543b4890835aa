"""The optimization bench measures every part, against what one would have without it, and each one helps."""

from __future__ import annotations

import random

import pytest

from reweaving.experiments.optimization import (
    _LOAD,
    _WORK_SECONDS,
    _arrivals,
    _prefetching,
    _scheduling,
    _thresholds,
)


def test_parts_that_need_no_machine_to_themselves_help() -> None:
    for measure in (_thresholds, _scheduling):
        row = measure(True, 0)
        assert row["on"] < row["off"]


def test_what_is_asked_of_the_scheduler_can_be_done() -> None:
    arrivals = _arrivals(random.Random(0), 40_000)
    assert {kind for kind, _ in arrivals} == set(_WORK_SECONDS)
    work = sum(_WORK_SECONDS[kind] for kind, _ in arrivals)
    assert work / sum(pause for _, pause in arrivals) == pytest.approx(_LOAD, rel=0.03)
    assert _LOAD < 1


def test_prefetching_is_compared_with_as_many_spans_kept_at_hand() -> None:
    more = _prefetching(True, 0)["more"]
    assert 0 < more["hit_rate_off"] < more["hit_rate"]
