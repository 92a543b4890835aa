"""Documented keys: other names, ranges, and what an unknown one is answered with."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from families import make, tokens
from reweaving.errors import ConfigurationError, InputError
from reweaving.models import CMRTransformer, FullCMRModel, MistralCMRModel
from reweaving.models.settings import CMRConfig


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("target_layer", "target_layers"),
        ("max_entries", "max_total_entries"),
        ("relevance_treshold", "relevance_threshold"),
        ("evictionstrategy", "eviction_strategy"),
        ("bufer_size", "buffer_size"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(key: str, nearest: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"'{key}'.*did you mean '{nearest}'"):
        CMRConfig.of({key: 1})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("relevance_threshold", 1.5, r"relevance_threshold = 1.5.*less than or equal to 1"),
        ("relevance_threshold", -0.1, r"relevance_threshold = -0.1.*greater than or equal to 0"),
        ("max_entries_per_layer", 0, r"max_entries_per_layer = 0.*greater than 0"),
        ("buffer_size", 0, r"max_entries_per_layer = 0.*greater than 0"),
        ("target_layers", [], r"target_layers.*at least 1"),
        ("target_layers", ["one"], r"target_layers.0 = 'one'.*integer"),
        ("scoring_method", "hybrd", r"scoring_method = 'hybrd'.*did you mean 'hybrid'"),
        ("eviction_strategy", "lru_relevence", r"did you mean 'lru_relevance'"),
        ("max_memory_gb", 0, r"max_memory_gb = 0.*greater than 0"),
        ("output_hidden_size", 0, r"output_hidden_size = 0.*greater than 0"),
        ("device", "cdua", r"device = 'cdua'.*use auto, cpu, cuda, mps or xla"),
        ("device", "auto:1", r"device = 'auto:1'"),
        ("retrieval_strategy", "semantic", r"'semantic': did you mean 'semantic_similarity'"),
        ("retrieval_config", {"strategi": "x"}, r"'strategi': did you mean 'strategy'"),
        ("retrieval_config", {"cache_size": -1}, r"cache_size = -1.*greater than or equal to 0"),
        (
            "retrieval_config",
            {"criteria_weights": {"relevence": 1.0}},
            r"'relevence': did you mean 'relevance'",
        ),
        ("retrieval_config", {"criteria_weights": {"recency": -1}}, r"'recency'\] = -1.*0 or more"),
        ("reconstruction_config", {"memory_wieght": 1}, r"did you mean 'memory_weight'"),
        ("reconstruction_config", {"memory_weight": 2}, r"memory_weight = 2.*less than 1"),
        ("optimization_config", {"enable_prefetch": 1}, r"did you mean 'enable_prefetching'"),
    ],
)
def test_a_wrong_value_names_key_value_and_range(key: str, value: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        CMRConfig.of({key: value})


def test_a_key_that_is_no_name() -> None:
    with pytest.raises(ConfigurationError, match="no setting '1'"):
        CMRConfig.of({1: 2})  # type: ignore[dict-item]


@torch.no_grad()
def test_layers_that_memory_is_woven_into_are_captured() -> None:
    with pytest.raises(InputError, match=r"intervention_layers = \[1\].*target_layers = \[2\]"):
        CMRTransformer(make("llama"), {"target_layers": [2], "intervention_layers": [1]})
    settings = {"target_layers": [1, 3], "intervention_layers": [2, 3], "relevance_threshold": 0.0}
    with pytest.warns(UserWarning, match=r"intervention_layers \[2\] are left out"):
        model = FullCMRModel(make("llama"), settings)
    with model:
        assert model.intervention_layers == (3,)
        model(tokens(20))
        assert model(tokens(6)).retrieval_stats["woven_entries"] == 1
        with pytest.raises(InputError, match=r"target_layers = \[0\]"):
            model.register_memory_hooks([0])


def test_the_device_of_a_mistral() -> None:
    """An argument counts more than `memory_config`, and that more than the default."""
    plain = make("mistral")
    with MistralCMRModel(plain) as model:
        assert model.memory_config.device == "auto"
    with MistralCMRModel(plain, {"device": "cpu"}) as model:
        assert model.memory_config.device == "cpu"
    with (
        pytest.warns(UserWarning, match="'cuda:63' is not on this machine"),
        MistralCMRModel(plain, {"device": "cpu"}, device="cuda:63") as model,
    ):
        assert model.memory_config.device == "cuda:63"


def test_two_names_of_one_setting() -> None:
    assert CMRConfig.of({"buffer_size": 3}).max_entries_per_layer == 3
    with pytest.raises(ConfigurationError, match="two names of one setting"):
        CMRConfig.of({"buffer_size": 3, "max_entries_per_layer": 3})


@pytest.mark.parametrize("short", ["attention", "variance", "gradient"])
def test_scoring_methods_have_short_names(short: str) -> None:
    for name in (short, f"{short}_based"):
        assert CMRConfig.of({"scoring_method": name}).scoring_method == name
