"""What a documented model tells while it runs: every stage, and what its buffer holds."""

from __future__ import annotations

import pytest
import torch

from families import make, tokens
from reweaving.models import FullCMRModel


@torch.no_grad()
def test_stages_and_counts_are_those_of_the_passes() -> None:
    settings = {"relevance_threshold": 0.0, "max_total_entries": 4}
    with FullCMRModel(make("llama"), settings) as model, model.performance_monitor as monitor:
        model(tokens(20, seed=1))
        asked = model(tokens(6, seed=2))
        made = model.generate(tokens(6, seed=3), max_new_tokens=4, do_sample=False)
        stats = monitor.get_stats()
        metrics, held = stats["metrics"], stats["memory"]
        assert metrics["read.calls"]["total"] == 2
        assert metrics["generate.calls"]["total"] == 1
        assert metrics["generate.tokens"]["total"] == made.shape[1] - 6
        # The first pass finds an empty buffer, and asks nothing of it.
        assert metrics["recall.calls"]["total"] == 2
        assert metrics["recall.entries"]["total"] == 1 + 2
        assert metrics["recall.seconds"]["total"] <= asked.performance_stats["total_time"] + 10
        assert metrics["remember.tokens"]["total"] == 20 + 6 + made.shape[1] - 1
        assert metrics["remember.entries"]["total"] == 3
        for part in ("score", "store"):
            assert metrics[f"{part}.calls"]["total"] == 3
            assert metrics[f"{part}.seconds"]["total"] <= metrics["remember.seconds"]["total"]
        assert (held["entries"], held["tokens"]) == (3, 20 + 6 + made.shape[1] - 1)
        assert held["bytes"] == model.get_memory_usage()["memory_bytes"]
        assert monitor.get_health_status().status == "green"
        model(tokens(9, seed=4))
        (reason,) = monitor.get_health_status().reasons
        assert reason == "yellow: share of the memory in use 1 > 0.9"
        model(tokens(9, seed=5))
        assert monitor.get_stats()["memory"]["evictions"] == 1


@torch.no_grad()
def test_a_profile_of_one_pass_has_its_stages() -> None:
    with FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        model(tokens(20))
        profile = model.performance_monitor.profile_execution(call=lambda: model(tokens(6)))
    assert set(profile.stages) == {"recall", "reconstruct", "read", "score", "store", "other"}
    assert sum(stage["share"] for stage in profile.stages.values()) == pytest.approx(1.0)
