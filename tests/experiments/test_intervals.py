"""Intervals against known values and against brute force."""

from __future__ import annotations

import random

import pytest

from reweaving.experiments.intervals import paired_interval, share_interval


def test_wilson_intervals_are_the_published_ones() -> None:
    assert share_interval([True] * 8 + [False] * 2) == pytest.approx([0.4902, 0.9433], abs=1e-4)
    assert share_interval([True] * 10) == pytest.approx([0.7225, 1.0], abs=1e-4)
    assert share_interval([]) == []


def test_wilson_intervals_cover_the_truth() -> None:
    rng = random.Random(1)
    inside = 0
    for _ in range(400):
        low, high = share_interval([rng.random() < 0.8 for _ in range(60)])
        inside += low <= 0.8 <= high
    assert 0.91 <= inside / 400 <= 0.99


def test_pairs_narrow_the_difference() -> None:
    theirs = [at % 2 == 0 for at in range(100)]
    ours = [a or at % 10 == 1 for at, a in enumerate(theirs)]
    low, high = paired_interval(ours, theirs)
    assert 0.03 <= low < 0.1 < high <= 0.17
    assert paired_interval(theirs, theirs) == [0.0, 0.0]
    assert paired_interval(ours, theirs) == [low, high], "the same for the same answers"
    assert paired_interval([], []) == []
