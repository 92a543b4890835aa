"""Surprise against numpy, from logits, from given nats, from the model, and from states alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from families import CONFIGS, make, padded, tokens
from reweaving.errors import InputError
from reweaving.scoring.relevance import RelevanceScorer
from reweaving.scoring.surprise import next_token_nats
from tests.scoring import reference
from tests.scoring.worlds import SHAPES, holes, layer_inputs, made, states_of


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_from_logits_equals_numpy(shape: tuple[int, int, int], masked: bool) -> None:
    batch, seq, hidden = shape
    states, mask = states_of(*shape), holes(batch, seq) if masked else None
    logits, ids = 4 * states_of(batch, seq, 11, seed=1), torch.randint(0, 11, (batch, seq))
    scorer = RelevanceScorer(hidden, "surprise")
    scores = scorer(states, mask, logits=logits, token_ids=ids)

    def of_row(_: np.ndarray, real: list[int], row: int) -> list[float]:
        nats = reference.nats(logits[row].double().numpy()[real], ids[row].numpy()[real])
        return reference.surprise(nats)

    np.testing.assert_allclose(scores.numpy(), reference.by_rows(states, mask, of_row), atol=1e-5)
    assert scorer.get_scoring_stats()["source"] == "given"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_from_states_alone_equals_numpy(shape: tuple[int, int, int], masked: bool) -> None:
    states, mask = states_of(*shape), holes(*shape[:2]) if masked else None
    scores = RelevanceScorer(shape[-1], "surprise")(states, mask)
    expected = reference.by_rows(states, mask, lambda row, *_: reference.turning(row))
    np.testing.assert_allclose(scores.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("family", CONFIGS)
def test_from_the_model_equals_its_own_logits(family: str) -> None:
    rows = [tokens(20, seed=1), tokens(13, seed=2)]
    ids, mask = padded(rows, "right")
    model = made(family)
    scorer = RelevanceScorer(model.config.hidden_size, "surprise", model=model, layer=2)
    scores = scorer(layer_inputs(model, ids, 2, mask), mask, token_ids=ids)
    for row, alone in enumerate(rows):
        with torch.no_grad():
            logits = model(alone).logits[0].double().numpy()
        expected = reference.surprise(reference.nats(logits, alone[0].numpy()))
        np.testing.assert_allclose(scores[row, : alone.shape[1]].numpy(), expected, atol=1e-4)
    assert scorer.get_scoring_stats()["source"] == "model"


def test_given_nats_and_infinite_ones() -> None:
    states = states_of(1, 4, 3)
    nats = torch.tensor([[0.0, 2.0, 6.0, math.inf]])
    scores = RelevanceScorer(3, "surprise")(states, surprise=nats)
    torch.testing.assert_close(scores, torch.tensor([[0.0, 0.5, 0.75, 1.0]]))
    for wrong in (torch.tensor([[0.0, 1.0, math.nan, 0.0]]), torch.tensor([[0.0, -1.0, 0.0, 0.0]])):
        with pytest.raises(InputError, match="nats"):
            RelevanceScorer(3, "surprise")(states, surprise=wrong)


def test_a_text_read_in_pieces_is_one_text() -> None:
    logits, ids = torch.randn(1, 12, 9), torch.randint(0, 9, (1, 12))
    whole = next_token_nats(logits, ids)
    pieces = [
        next_token_nats(logits[:, :5], ids[:, :5]),
        next_token_nats(logits[:, 5:], ids[:, 5:], before=logits[:, 4:5]),
    ]
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole)


def test_what_is_missing_is_asked_for() -> None:
    with pytest.raises(InputError, match="token_ids="):
        RelevanceScorer(3, "surprise")(states_of(1, 4, 3), logits=torch.randn(1, 4, 5))
    scorer = RelevanceScorer(48, "surprise", model=make("llama"), layer=1)
    with pytest.raises(InputError, match="token_ids="):
        scorer(states_of(1, 4, 48))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("level", [-400.0, -60.0, 0.0, 70.0, 400.0])
def test_logits_of_any_level_have_their_nats(level: float, dtype: torch.dtype) -> None:
    draw = torch.Generator().manual_seed(0)
    logits = (level + 4 * torch.randn(1, 9, 300, generator=draw)).to(dtype)
    ids = torch.randint(0, 300, (1, 9), generator=draw)
    expected = -logits.double().log_softmax(-1)[0, :-1].gather(1, ids[0, 1:, None])[:, 0]
    found = next_token_nats(logits, ids)
    assert float(found[0, 0]) == 0.0
    torch.testing.assert_close(found[0, 1:].double(), expected, atol=1e-4, rtol=1e-5)


def test_masked_and_certain_tokens_have_their_nats() -> None:
    logits = torch.full((1, 3, 5), -torch.inf)
    logits[0, :, 2] = 3.0
    found = next_token_nats(logits, torch.tensor([[0, 2, 1]]))
    assert found.tolist() == [[0.0, 0.0, math.inf]]
    logits[0, 0, 1] = torch.nan
    assert next_token_nats(logits, torch.tensor([[0, 2, 1]]))[0, 1].isnan()
