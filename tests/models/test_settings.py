"""Documented keys: other names, ranges, and what an unknown one is answered with."""

from __future__ import annotations

from typing import Any

import pytest

from reweaving.errors import ConfigurationError
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
    ],
)
def test_a_wrong_value_names_key_value_and_range(key: str, value: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        CMRConfig.of({key: value})


def test_two_names_of_one_setting() -> None:
    assert CMRConfig.of({"buffer_size": 3}).max_entries_per_layer == 3
    with pytest.raises(ConfigurationError, match="two names of one setting"):
        CMRConfig.of({"buffer_size": 3, "max_entries_per_layer": 3})


@pytest.mark.parametrize("short", ["attention", "variance", "gradient"])
def test_scoring_methods_have_short_names(short: str) -> None:
    for name in (short, f"{short}_based"):
        assert CMRConfig.of({"scoring_method": name}).scoring_method == name
