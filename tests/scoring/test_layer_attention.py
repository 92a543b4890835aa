"""Recomputed attention weights are the model's own, for every family, without touching the model."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import torch

import reweaving
from families import CONFIGS, make, padded, tokens
from reweaving.adapters.resolve import resolve_adapter
from reweaving.errors import UnsupportedModelError
from reweaving.scoring.base import ModelLayer
from reweaving.scoring.layer_attention import layer_attention
from reweaving.scoring.relevance import RelevanceScorer
from tests.scoring.worlds import BACKENDS, layer_inputs, made


def eager_weights(model: Any, ids: torch.Tensor, layer: int) -> torch.Tensor:
    with torch.no_grad():
        out = model(input_ids=ids, output_attentions=True, use_cache=False)
    return out.attentions[layer].mean(1)


def near(weights: torch.Tensor, window: int) -> torch.Tensor:
    """Weights on the tokens right before each query, 0 for those before the first token."""
    batch, tokens, _ = weights.shape
    kept = torch.zeros(batch, tokens, window)
    for query in range(tokens):
        for column in range(window):
            key = query - window + column
            if key >= 0:
                kept[:, query, column] = weights[:, query, key]
    return kept


def recomputed(model: Any, layer: int, states: torch.Tensor, window: int) -> torch.Tensor:
    found = layer_attention(ModelLayer(resolve_adapter(model), layer), states, window)
    exists = torch.arange(window) + torch.arange(states.shape[1])[:, None] >= window
    return found.masked_fill(~exists, 0.0)


@pytest.mark.parametrize("family", CONFIGS)
def test_weights_equal_eager_ones(family: str) -> None:
    ids = tokens(30, rows=2)
    eager, fused = make(family), made(family)
    before = dict(fused.config.to_dict())
    for layer in (1, 3):
        for window in (29, 8):
            weights = recomputed(fused, layer, layer_inputs(fused, ids, layer), window)
            expected = near(eager_weights(eager, ids, layer), window)
            torch.testing.assert_close(weights, expected, atol=1e-5, rtol=0)
    assert fused.config.to_dict() == before
    assert fused.config._attn_implementation == BACKENDS.get(family, "sdpa")


def test_long_texts_are_weighed_in_blocks() -> None:
    ids = tokens(500)
    eager = make("llama")
    weights = recomputed(eager, 2, layer_inputs(eager, ids, 2), 10)
    torch.testing.assert_close(weights, near(eager_weights(eager, ids, 2), 10), atol=1e-5, rtol=0)


def test_scores_of_padded_rows_are_those_of_eager_weights() -> None:
    rows = [tokens(24, seed=1), tokens(17, seed=2)]
    ids, mask = padded(rows, "left")
    eager, fused = make("llama"), make("llama", "sdpa")
    scorer = RelevanceScorer(48, "attention", model=fused, layer=2)
    scores = scorer(layer_inputs(fused, ids, 2, mask), mask)
    for row, alone in enumerate(rows):
        weights = eager_weights(eager, alone, 2)[:, None]
        expected = RelevanceScorer(48)(layer_inputs(eager, alone, 2), attention_weights=weights)
        torch.testing.assert_close(
            scores[row, 24 - alone.shape[1] :], expected[0], atol=1e-5, rtol=0
        )
    assert scorer.get_scoring_stats()["source"] == "model"


def test_hooks_of_others_and_a_running_memory_are_left_alone() -> None:
    model, ids = make("llama", "sdpa"), tokens(20)
    states = layer_inputs(model, ids, 1)
    seen: list[str] = []
    model.model.layers[1].register_forward_hook(lambda *_: seen.append("layer"))
    model.model.layers[1].self_attn.register_forward_pre_hook(lambda *_: seen.append("attention"))
    plain = layer_attention(ModelLayer(resolve_adapter(model), 1), states, 8)
    model.train()
    with reweaving.attach(model) as woven:
        seen.clear()
        with woven.capturing() as captured:
            again = layer_attention(ModelLayer(woven.adapter, 1), states, 8)
        assert captured == []
        assert seen == []
        assert model.training
        assert model.model.layers[1].self_attn.training
    torch.testing.assert_close(again, plain, atol=0, rtol=0)


def test_other_threads_may_run_the_model_meanwhile() -> None:
    model, ids = make("llama", "sdpa"), tokens(40)
    states = layer_inputs(model, ids, 1)
    with torch.no_grad():
        expected = model(ids).logits
    found: list[bool] = []

    def run() -> None:
        with torch.no_grad():
            found.extend(torch.equal(model(ids).logits, expected) for _ in range(10))

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(10):
        layer_attention(ModelLayer(resolve_adapter(model), 1), states, 8)
    thread.join()
    assert found == [True] * 10


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_any_dtype(dtype: torch.dtype) -> None:
    model, ids = make("llama", "sdpa", dtype), tokens(20)
    weights = recomputed(model, 1, layer_inputs(model, ids, 1), 8)
    assert weights.dtype == torch.float32
    expected = near(eager_weights(make("llama", "eager", dtype), ids, 1).float(), 8)
    torch.testing.assert_close(weights, expected, atol=0.02, rtol=0)


def test_a_layer_that_attends_in_its_own_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make("llama", "sdpa")
    attention = type(model.model.layers[1].self_attn)
    monkeypatch.setattr(
        attention, "forward", lambda self, hidden_states, **_: (hidden_states, None)
    )
    with pytest.raises(UnsupportedModelError, match="attention_weights="):
        layer_attention(ModelLayer(resolve_adapter(model), 1), torch.randn(1, 5, 48), 4)
