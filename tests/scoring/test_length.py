"""Scores mean the same in a short and in a long sequence."""

from __future__ import annotations

import pytest
import torch

from reweaving.scoring.relevance import RelevanceScorer
from tests.scoring.worlds import METHODS, layer_inputs, long_model, weights_of

SHORT, LONG = 32, 2048


def assert_alike(short: torch.Tensor, long: torch.Tensor) -> None:
    """Mean and 95th percentile agree within 0.05."""
    short, long = short.flatten(), long.flatten()
    assert abs(float(short.mean() - long.mean())) < 0.05
    assert abs(float(short.quantile(0.95) - long.quantile(0.95))) < 0.05


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("hidden", [16, 256])
def test_from_states_alone(name: str, hidden: int) -> None:
    generator = torch.Generator().manual_seed(0)
    scorer = RelevanceScorer(hidden, name)
    assert_alike(
        scorer(torch.randn(64, SHORT, hidden, generator=generator)),
        scorer(torch.randn(1, LONG, hidden, generator=generator)),
    )


@pytest.mark.parametrize("name", METHODS)
def test_from_a_model(name: str) -> None:
    model, generator = long_model(), torch.Generator().manual_seed(0)
    scorer = RelevanceScorer(48, name, model=model, layer=2)
    scores = []
    for rows, length in ((96, SHORT), (2, LONG)):
        ids = torch.randint(2, 160, (rows, length), generator=generator)
        scores.append(scorer(layer_inputs(model, ids, 2), token_ids=ids))
    assert_alike(*scores)


def test_from_given_weights() -> None:
    scorer = RelevanceScorer(4, "attention")
    assert_alike(
        scorer(torch.randn(32, SHORT, 4), attention_weights=weights_of(32, 2, SHORT)),
        scorer(torch.randn(1, LONG, 4), attention_weights=weights_of(1, 2, LONG)),
    )


@pytest.mark.parametrize("name", METHODS)
def test_unrelated_tokens_behind_change_little(name: str) -> None:
    generator = torch.Generator().manual_seed(1)
    states = torch.randn(1, 600, 64, generator=generator)
    scorer = RelevanceScorer(64, name)
    change = (scorer(states)[:, :100] - scorer(states[:, :100])).abs()[0]
    assert float(change.mean()) < 0.02
    assert float(change[:-1].max()) < 0.15, "the last token may gain a successor"


@pytest.mark.parametrize("name", METHODS)
def test_unrelated_tokens_behind_change_little_with_a_model(name: str) -> None:
    model = long_model()
    ids = torch.randint(2, 160, (1, 600), generator=torch.Generator().manual_seed(2))
    scorer = RelevanceScorer(48, name, model=model, layer=1)
    states = layer_inputs(model, ids, 1)
    short = scorer(states[:, :100], token_ids=ids[:, :100])
    change = (scorer(states, token_ids=ids)[:, :100] - short).abs()[0]
    assert float(change[:-1].mean()) < 0.03


def test_a_softmax_over_the_sequence_would_fail_here() -> None:
    generator = torch.Generator().manual_seed(0)
    shares = [
        torch.randn(rows, length, 64, generator=generator).norm(dim=-1).softmax(-1)
        for rows, length in ((64, SHORT), (1, LONG))
    ]
    peaks = [share / share.amax(-1, keepdim=True) for share in shares]
    with pytest.raises(AssertionError):
        assert_alike(*peaks)
    assert float(shares[1].max()) < 0.05
