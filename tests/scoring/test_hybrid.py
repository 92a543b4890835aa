"""Hybrid scores are the weighted sum of the others, with the weights exactly as they were given."""

from __future__ import annotations

import math

import pytest
import torch

from families import make, tokens
from reweaving.errors import ConfigurationError, RegistryError
from reweaving.scoring.hybrid import HybridConfig
from reweaving.scoring.relevance import RelevanceScorer, ScoringConfig
from tests.scoring.worlds import holes, layer_inputs, states_of


@pytest.mark.parametrize(
    "weights",
    [
        {"variance": 0.5, "surprise": 0.3, "attention": 0.2},
        {"variance_based": 0.1, "gradient": 0.2, "surprise": 0.3, "attention_based": 0.4},
        {"gradient_based": 1.0},
        {"variance": 1.0, "attention": 0.0},
    ],
)
def test_weighted_sum(weights: dict[str, float]) -> None:
    states, mask = states_of(2, 30, 8), holes(2, 30)
    config = ScoringConfig(hybrid=HybridConfig(weights=weights))
    expected = torch.zeros(2, 30)
    for name, weight in weights.items():
        expected += weight * RelevanceScorer(8, name)(states, mask)
    scores = RelevanceScorer(8, "hybrid", config=config)(states, mask)
    torch.testing.assert_close(scores, expected, atol=1e-6, rtol=0)


def test_with_a_model_every_part_uses_it() -> None:
    model, ids = make("llama", "sdpa"), tokens(24)
    states = layer_inputs(model, ids, 2)
    weights = {"variance": 0.25, "gradient": 0.25, "surprise": 0.25, "attention": 0.25}
    config = ScoringConfig(hybrid={"weights": weights})
    scorer = RelevanceScorer(48, "hybrid", model=model, layer=2, config=config)
    scores = scorer(states, token_ids=ids)
    parts = [
        RelevanceScorer(48, name, model=model, layer=2)(states, token_ids=ids) for name in weights
    ]
    torch.testing.assert_close(scores, sum(parts) / 4, atol=1e-6, rtol=0)
    assert scorer.get_scoring_stats()["source"] == (
        "variance: states, gradient: model, surprise: model, attention: model"
    )


def test_default_weights_add_up_and_run_without_a_model() -> None:
    assert math.fsum(HybridConfig().weights.values()) == 1.0
    scores = RelevanceScorer(8, "hybrid")(states_of(2, 30, 8))
    assert bool(((scores >= 0) & (scores <= 1)).all())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"variance": 0.5, "surprise": 0.4}, "add up to 0.9"),
        ({"variance": 0.8, "surprise": 0.4}, "add up to 1.2"),
        ({"variance": 1.5, "surprise": -0.5}, "weight of 'surprise' is -0.5"),
        ({"variance": math.nan}, "weight of 'variance' is nan"),
        ({"varience": 1.0}, "did you mean 'variance'"),
        ({"hybrid": 1.0}, "part of itself"),
        ({}, "add up to 0"),
    ],
)
def test_unusable_weights_are_refused(weights: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        HybridConfig(weights=weights)
    with pytest.raises(ConfigurationError, match=message):
        ScoringConfig(hybrid={"weights": weights})


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'weights'"):
        HybridConfig(weigths={})
    with pytest.raises(RegistryError, match="did you mean 'hybrid'"):
        RelevanceScorer(8, "hybird")
