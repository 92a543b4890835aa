"""Maximal marginal relevance against a greedy loop in numpy; weights exactly as given."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.multi_criteria_ranker import CRITERIA, MultiCriteriaRanker

WEIGHTS = st.fixed_dictionaries({name: st.floats(0, 2) for name in CRITERIA})


def drawn(count: int, seed: int) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    criteria = {name: torch.rand(count, generator=generator) for name in CRITERIA[:-1]}
    return criteria, torch.randn(count, 5, generator=generator)


def slowly(
    criteria: dict[str, torch.Tensor], states: torch.Tensor, weights: dict[str, float]
) -> tuple[list[int], list[float]]:
    x = states.double().numpy()
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    order: list[int] = []
    scores: list[float] = []
    while len(order) < len(x):
        best, value = -1, -np.inf
        for at in range(len(x)):
            if at in order:
                continue
            alike = max((max(float(x[at] @ x[other]), 0.0) for other in order), default=0.0)
            now = sum(weights[name] * float(criteria[name][at]) for name in CRITERIA[:-1])
            now += weights["diversity"] * (1 - alike)
            if now > value + 1e-9:
                best, value = at, now
        order.append(best)
        scores.append(value)
    return order, scores


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 9), seed=st.integers(0, 999), weights=WEIGHTS)
def test_equals_the_greedy_loop(count: int, seed: int, weights: dict[str, float]) -> None:
    criteria, states = drawn(count, seed)
    ranked = MultiCriteriaRanker(5, weights).rank(criteria, states)
    order, scores = slowly(criteria, states, weights)
    mine = ranked.scores()[ranked.order]
    np.testing.assert_allclose(mine.numpy(), scores, atol=1e-4)
    assert sorted(ranked.order.tolist()) == list(range(count))
    gaps = np.abs(np.diff(scores))
    if len(gaps) == 0 or gaps.min() > 1e-3:
        assert ranked.order.tolist() == order


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 9), seed=st.integers(0, 999), weights=WEIGHTS, first=st.integers(0, 9))
def test_scores_never_rise_along_the_order(
    count: int, seed: int, weights: dict[str, float], first: int
) -> None:
    criteria, states = drawn(count, seed)
    ranked = MultiCriteriaRanker(5, weights).rank(criteria, states, first)
    along = ranked.scores()[ranked.order]
    assert bool((along.diff() <= 1e-5).all())


def test_default_weights_are_the_documented_ones_and_unnamed_ones_weigh_nothing() -> None:
    assert MultiCriteriaRanker(4).criteria_weights == {
        "relevance": 0.4, "similarity": 0.3, "recency": 0.2, "diversity": 0.1,
    }  # fmt: skip
    only = MultiCriteriaRanker(4, {"recency": 3.0})
    parts = only.weigh({name: torch.tensor([0.5]) for name in CRITERIA[:-1]})
    assert {name: part.item() for name, part in parts.items()} == {
        "relevance": 0.0, "similarity": 0.0, "recency": 1.5, "diversity": 0.0,
    }  # fmt: skip


def test_the_same_thing_twice_is_told_once_first() -> None:
    states = torch.tensor([[1.0, 0], [1.0, 0.01], [0, 1.0]])
    same = {name: torch.tensor([0.9, 0.89, 0.5]) for name in CRITERIA[:-1]}
    plain = MultiCriteriaRanker(2, {"similarity": 1.0}).rank(same, states)
    diverse = MultiCriteriaRanker(2, {"similarity": 1.0, "diversity": 1.0}).rank(same, states)
    assert plain.order.tolist() == [0, 1, 2]
    assert diverse.order.tolist() == [0, 2, 1]


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'recency'"):
        MultiCriteriaRanker(4, {"recentcy": 1.0})
    with pytest.raises(ConfigurationError, match="-1"):
        MultiCriteriaRanker(4, {"recency": -1.0})
    with pytest.raises(InputError, match="2 states of 4 numbers"):
        MultiCriteriaRanker(4).rank(
            {name: torch.zeros(2) for name in CRITERIA[:-1]}, torch.zeros(2, 3)
        )
