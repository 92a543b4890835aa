"""Attention scores against numpy, and what follows from their definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reweaving.scoring.relevance import RelevanceScorer
from tests.scoring import reference
from tests.scoring.worlds import SHAPES, holes, states_of, weights_of


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_similarity_of_states_equals_numpy(shape: tuple[int, int, int], masked: bool) -> None:
    states = states_of(*shape)
    mask = holes(*shape[:2]) if masked else None
    scores = RelevanceScorer(shape[-1])(states, mask)
    expected = reference.by_rows(
        states, mask, lambda row, *_: reference.attention(reference.similarity(row))
    )
    np.testing.assert_allclose(scores.numpy(), expected, atol=2e-5)


@pytest.mark.parametrize(("batch", "heads", "seq"), [(1, 1, 1), (2, 3, 9), (2, 2, 150)])
@pytest.mark.parametrize("masked", [False, True])
def test_given_weights_equal_numpy(batch: int, heads: int, seq: int, masked: bool) -> None:
    states, weights = states_of(batch, seq, 4), weights_of(batch, heads, seq)
    mask = holes(batch, seq) if masked else None
    scorer = RelevanceScorer(4, "attention_based")
    scores = scorer(states, mask, attention_weights=weights)

    def of_row(_: np.ndarray, real: list[int], row: int) -> list[float]:
        mean = sum(weights[row, head].double().numpy() for head in range(heads)) / heads
        return reference.attention(mean[np.ix_(real, real)])

    np.testing.assert_allclose(scores.numpy(), reference.by_rows(states, mask, of_row), atol=1e-5)
    assert scorer.get_scoring_stats()["source"] == "given"


def test_a_token_that_all_look_back_at_scores_highest() -> None:
    weights = torch.full((1, 2, 20, 20), 0.01).tril()
    weights[..., 7:, 6] = 0.5
    weights[..., 0] = 5.0  # the first token takes more than all others; that is no news
    scores = RelevanceScorer(3)(torch.randn(1, 20, 3), attention_weights=weights)[0]
    assert int(scores.argmax()) == 6
    assert scores[6] > 0.8
    assert scores[0] == scores[19] == 0.5
    assert scores[1:6].max() < 0.5, "what lies in its shadow gets less than its share"


def test_even_attention_scores_one_half_early_and_late() -> None:
    weights = torch.ones(1, 1, 90, 90).tril()
    scores = RelevanceScorer(3)(torch.randn(1, 90, 3), attention_weights=weights / 2)
    torch.testing.assert_close(scores, torch.full((1, 90), 0.5), atol=1e-6, rtol=0)


def test_what_stands_beyond_the_window_changes_nothing() -> None:
    states = states_of(1, 200, 8)
    scorer = RelevanceScorer(8)
    short, long = scorer(states[:, :120]), scorer(states)
    torch.testing.assert_close(long[:, :56], short[:, :56], atol=1e-6, rtol=0)
    assert not torch.equal(long[:, 56:120], short[:, 56:120])


def test_queries_that_look_only_at_the_first_token_say_nothing() -> None:
    weights = torch.zeros(1, 1, 12, 12)
    weights[..., 0] = 1.0
    scores = RelevanceScorer(3)(torch.randn(1, 12, 3), attention_weights=weights)
    assert torch.equal(scores, torch.full((1, 12), 0.5))
