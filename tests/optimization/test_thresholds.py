"""A threshold reaches its target, stays there after a step in the load, and never leaves its bounds."""

from __future__ import annotations

import pytest
import torch

from reweaving.errors import InputError
from reweaving.optimization.thresholds import AdaptiveThresholdManager, ThresholdConfig


def test_rate_follows_the_target_through_a_step() -> None:
    manager = AdaptiveThresholdManager(ThresholdConfig(target_rate=0.25, initial=0.1))
    draw = torch.Generator().manual_seed(0)
    rates = []
    for step in range(400):
        centre = 0.4 if step < 200 else 0.7  # suddenly everything scores higher
        scores = (centre + 0.12 * torch.randn(64, generator=draw)).clamp(0, 1)
        passed = int((scores >= manager.threshold).sum())
        manager.observe(passed, 64)
        rates.append(passed / 64)
    assert abs(sum(rates[100:200]) / 100 - 0.25) <= 0.03
    assert abs(sum(rates[300:]) / 100 - 0.25) <= 0.03
    # No swinging: once settled, the rate stays near the target instead of jumping between all and nothing.
    assert max(rates[260:]) <= 0.55


def test_latency_above_the_target_lets_less_pass_and_recovers() -> None:
    manager = AdaptiveThresholdManager(
        ThresholdConfig(target_rate=0.5, target_seconds=0.1, initial=0.3)
    )
    seen = []
    for step in range(300):
        rate = 1 - manager.threshold  # scores spread evenly
        cost = 0.15 if step < 150 else 0.6  # seconds for each unit that passes: four times the load
        seconds = 0.02 + cost * rate
        manager.observe(rate, 1.0, seconds)
        seen.append((rate, seconds))
    assert abs(seen[149][0] - 0.5) <= 0.06  # there is time for the wanted rate
    assert max(seconds for _, seconds in seen[200:]) <= 0.115
    assert seen[-1][0] >= 0.08  # and no less than there is time for


def test_it_stays_in_its_bounds() -> None:
    manager = AdaptiveThresholdManager(ThresholdConfig(low=0.2, high=0.6, initial=0.5))
    assert all(manager.observe(1, 1) <= 0.6 for _ in range(50))
    assert all(manager.observe(0, 1) >= 0.2 for _ in range(50))
    before = manager.threshold
    assert manager.observe(0, 0) == before
    with pytest.raises(InputError, match="passed"):
        manager.observe(2, 1)
