"""Variance scores against numpy, and what follows from their definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reweaving.scoring.relevance import RelevanceScorer
from tests.scoring import reference
from tests.scoring.worlds import SHAPES, holes, states_of


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_equals_numpy(shape: tuple[int, int, int], masked: bool) -> None:
    states = states_of(*shape)
    mask = holes(*shape[:2]) if masked else None
    scores = RelevanceScorer(shape[-1], "variance_based")(states, mask)
    expected = reference.by_rows(states, mask, lambda row, *_: reference.variance(row))
    np.testing.assert_allclose(scores.numpy(), expected, atol=1e-4)


def test_a_far_state_stands_out() -> None:
    for change in (lambda h: h + 8.0, lambda h: 8.0 * h):
        states = torch.randn(1, 60, 32, generator=torch.Generator().manual_seed(0))
        states[0, 40] = change(states[0, 40])
        scores = RelevanceScorer(32, "variance")(states)[0]
        assert int(scores.argmax()) == 40
        assert scores[40] > 0.9


def test_what_follows_changes_nothing() -> None:
    states, scorer = states_of(2, 90, 16), RelevanceScorer(16, "variance")
    torch.testing.assert_close(scorer(states)[:, :40], scorer(states[:, :40]), atol=1e-6, rtol=0)


def test_the_first_state_counts_for_nothing() -> None:
    states, scorer = states_of(1, 60, 32), RelevanceScorer(32, "variance")
    plain = scorer(states)
    states[0, 0] *= 1000
    assert torch.equal(scorer(states), plain)


def test_states_a_thousand_times_as_long_do_not_blind_it() -> None:
    states = torch.randn(1, 90, 32, generator=torch.Generator().manual_seed(0))
    states[0, 70] += 8.0
    scorer = RelevanceScorer(32, "variance")
    plain = scorer(states)[0]
    states[0, [0, 30]] *= 1000
    blinded = scorer(states)[0]
    assert blinded[30] > 0.99
    assert int(blinded[31:].argmax()) + 31 == 70
    assert blinded[70] > 0.85
    # One of n logarithms is ln(10^6) larger, which is all that is left of it.
    assert (blinded[60:] - plain[60:]).abs().max() < 0.06


@pytest.mark.parametrize("factor", [1e-3, 100.0])
def test_a_common_factor_changes_nothing(factor: float) -> None:
    states, scorer = states_of(1, 50, 16), RelevanceScorer(16, "variance")
    torch.testing.assert_close(scorer(factor * states), scorer(states), atol=1e-5, rtol=0)


def test_states_that_are_all_alike_score_one_half() -> None:
    scorer = RelevanceScorer(8, "variance")
    for states in (
        torch.zeros(1, 30, 8),
        torch.full((1, 30, 8), 3.7),
        torch.randn(8).expand(1, 30, 8),
    ):
        torch.testing.assert_close(scorer(states), torch.full((1, 30), 0.5), atol=1e-3, rtol=0)
