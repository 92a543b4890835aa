"""Pairs are timed in turn, and their ratios tell nothing but how they compare."""

from __future__ import annotations

import pytest

from reweaving.experiments.timing import in_turn, ratio


def test_every_call_is_run_as_often_and_none_is_always_first() -> None:
    order = ""

    def ran(name: str) -> None:
        nonlocal order
        order += name

    times = in_turn({"a": lambda: ran("a"), "b": lambda: ran("b")}, 4, warm_up=1)
    assert [len(times[name].wall) for name in "ab"] == [4, 4]
    assert order[2:] == "abbaabba"


def test_a_machine_that_slows_down_moves_no_ratio() -> None:
    once = [1.0, 2.0, 4.0, 8.0, 16.0]
    measured = ratio([3 * seconds for seconds in once], once)
    assert measured.low == measured.median == measured.high == pytest.approx(3.0)
    assert ratio([4.0], [2.0]).median == 2.0
