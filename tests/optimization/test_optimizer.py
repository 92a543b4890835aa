"""The optimizer around a documented model: same results, and parts that do something."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from families import make, padded, tokens
from reweaving.errors import ConfigurationError
from reweaving.models import FullCMRModel
from reweaving.models.performance_optimization import CMRPerformanceOptimizer

OFF = {
    "enable_adaptive_thresholds": False,
    "enable_batch_optimization": False,
    "enable_prefetching": False,
    "enable_background_optimization": False,
}


def model(**settings: Any) -> FullCMRModel:
    given = {"relevance_threshold": 0.0, "target_layers": [0, 1, 2, 3], **settings}
    return FullCMRModel(make("llama", "sdpa"), given)


@torch.no_grad()
def test_switched_off_it_is_the_model() -> None:
    ids = tokens(12)
    with model() as plain:
        expected = plain(ids)["logits"]
    with model() as other, CMRPerformanceOptimizer(other, OFF) as optimizer:
        assert torch.equal(optimizer.optimize_forward(ids)["logits"], expected)
        assert optimizer.get_optimization_stats()["forward_passes"] == 1


@torch.no_grad()
def test_rows_of_different_lengths_give_what_they_give_together() -> None:
    ids, mask = padded([tokens(4, seed=1), tokens(30, seed=2), tokens(5, seed=3)], "left")
    with model() as plain:
        plain.disable_memory()
        expected = plain(ids, mask)
    config = {**OFF, "enable_batch_optimization": True, "batches": {"max_rows": 2}}
    with model() as other, CMRPerformanceOptimizer(other, config) as optimizer:
        other.disable_memory()
        got = optimizer.optimize_forward_pass(ids, mask)
        stats = optimizer.get_optimization_stats()["batch_optimization"]
    for name in ("logits", "last_hidden_state"):
        assert got[name].shape == expected[name].shape
        assert ((got[name] - expected[name]) * mask[..., None]).abs().max() <= 1e-4
    assert stats["padding_share"] < stats["padding_share_before"]


@torch.no_grad()
def test_with_memory_a_call_s_rows_do_not_recall_each_other() -> None:
    ids, mask = padded([tokens(4, seed=1), tokens(30, seed=2), tokens(5, seed=3)], "left")
    with model() as plain:
        expected = plain(ids, mask)["logits"]
    config = {**OFF, "enable_batch_optimization": True, "batches": {"max_rows": 1}}
    with model() as other, CMRPerformanceOptimizer(other, config) as optimizer:
        assert torch.equal(optimizer.optimize_forward(ids, mask)["logits"], expected)


@torch.no_grad()
def test_the_threshold_of_the_model_is_driven() -> None:
    config = {**OFF, "enable_adaptive_thresholds": True, "thresholds": {"target_rate": 0.1}}
    with model() as other, CMRPerformanceOptimizer(other, config) as optimizer:
        for seed in range(4):
            optimizer.optimize_forward(tokens(40, seed=seed))
        # Everything was kept and a tenth is wanted: the threshold must have risen.
        assert other.memory_config.relevance_threshold > 0.2


@torch.no_grad()
def test_prefetching_and_upkeep_run_beside_passes_and_stop() -> None:
    config = {"enable_background_optimization": True, "enable_adaptive_thresholds": False}
    with model() as other, CMRPerformanceOptimizer(other, config) as optimizer:
        for seed in (1, 2, 1):
            optimizer.optimize_forward(tokens(40, seed=seed))
        optimizer.prefetcher.flush()
        stats = optimizer.get_optimization_stats()
    assert stats["prefetching"]["held"] > 0
    assert stats["prefetching"]["failures"] == 0
    assert not optimizer.background.running


def test_unknown_settings_are_refused() -> None:
    with model() as other, pytest.raises(ConfigurationError, match="enable_prefetching"):
        CMRPerformanceOptimizer(other, {"enable_prefetch": True})


@torch.no_grad()
def test_thresholds_stand_while_memory_is_disabled() -> None:
    with (
        model(relevance_threshold=0.5) as other,
        CMRPerformanceOptimizer(other) as optimizer,
    ):
        other.disable_memory()
        for seed in range(4):
            optimizer.optimize_forward(tokens(12, seed=seed))
        assert other.memory_config.relevance_threshold == 0.5
    with model(), CMRPerformanceOptimizer(other, {"thresholds": {"initial": 0.9}}):
        assert other.memory_config.relevance_threshold == 0.9


@torch.no_grad()
def test_what_was_foreseen_is_counted_and_what_was_cleared_let_go_of() -> None:
    with (
        model() as other,
        CMRPerformanceOptimizer(other, {**OFF, "enable_prefetching": True}) as optimizer,
    ):
        optimizer.optimize_forward(tokens(12))
        ids = [held.id for held in other.memory_buffer.get_all_entries()]
        for _ in range(2):  # what was used comes again
            optimizer._foresee(ids)
            optimizer.prefetcher.flush()
        told = optimizer.get_optimization_stats()["prefetching"]
        assert (told["hits"], told["misses"], told["hit_rate"]) == (len(ids), len(ids), 0.5)
        assert optimizer.prefetcher._held
        other.clear_memory()
        optimizer.optimize_forward(tokens(5, seed=8))
        held = optimizer.prefetcher._held
        assert all(key in other.memory_buffer for key in held)
