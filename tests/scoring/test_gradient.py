"""Gradient scores against finite differences, and that a model never notices."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
import torch

import reweaving
from families import CONFIGS, make, padded, tokens
from reweaving.adapters.resolve import resolve_adapter
from reweaving.scoring.base import ModelLayer
from reweaving.scoring.gradient import saliency
from reweaving.scoring.relevance import RelevanceScorer
from tests.scoring import reference
from tests.scoring.worlds import SHAPES, holes, layer_inputs, made, states_of

STEP = 1e-3


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_from_states_alone_equals_numpy(shape: tuple[int, int, int], masked: bool) -> None:
    states, mask = states_of(*shape), holes(*shape[:2]) if masked else None
    scores = RelevanceScorer(shape[-1], "gradient_based")(states, mask)
    expected = reference.by_rows(states, mask, lambda row, *_: reference.neighbours(row))
    np.testing.assert_allclose(scores.numpy(), expected, atol=1e-5)


def loss_with(model: Any, layer: int, states: torch.Tensor, ids: torch.Tensor) -> float:
    """Summed nats of a row when a layer of a float64 model gets these states."""
    module = resolve_adapter(model).layers[layer]
    taken: list[torch.Tensor] = []

    def hook(_: Any, args: Any, kwargs: Any) -> Any:
        taken.append(states)
        return (
            ((states, *args[1:]), kwargs) if args else (args, {**kwargs, "hidden_states": states})
        )

    handle = module.register_forward_pre_hook(hook, with_kwargs=True)
    try:
        with torch.no_grad():
            logits = model(input_ids=ids, use_cache=False).logits[0].numpy()
    finally:
        handle.remove()
    assert len(taken) == 1
    return sum(reference.nats(logits, ids[0].numpy()))


@pytest.mark.parametrize("family", ["gpt2", "gpt_neox", "llama", "qwen3", "gemma3", "phi3"])
def test_saliency_equals_finite_differences(family: str) -> None:
    model, ids, layer = make(family, "eager", torch.float64), tokens(7), 2
    states = layer_inputs(model, ids, layer)
    found = saliency(
        ModelLayer(resolve_adapter(model), layer), states, ids, torch.ones_like(ids).bool()
    )
    for t in range(7):
        losses = []
        for factor in (1 + STEP, 1 - STEP):
            changed = states.clone()
            changed[0, t] *= factor
            losses.append(loss_with(model, layer, changed, ids))
        expected = abs(losses[0] - losses[1]) / (2 * STEP)
        # Most families take their softmax in float32, also in a float64 model: differences are that rough.
        assert float(found[0, t]) == pytest.approx(expected, rel=2e-3, abs=1e-3), f"token {t}"


def test_score_is_saliency_squashed_and_rows_are_alone() -> None:
    rows = [tokens(20, seed=1), tokens(13, seed=2)]
    model = make("llama", "sdpa")
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    for side in ("left", "right"):
        ids, mask = padded(rows, side)
        scores = scorer(layer_inputs(model, ids, 1, mask), mask, token_ids=ids)
        for row, alone in enumerate(rows):
            states = layer_inputs(model, alone, 1)
            salience = saliency(
                ModelLayer(resolve_adapter(model), 1), states, alone, torch.ones_like(alone).bool()
            )
            torch.testing.assert_close(
                scores[row][mask[row] == 1], (salience / (1 + salience))[0], atol=1e-4, rtol=0
            )
            assert scores[row][mask[row] == 1][-1] == 0, (
                "nothing is predicted behind the last token"
            )
    assert scorer.get_scoring_stats()["source"] == "model"


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
@pytest.mark.parametrize("training", [False, True])
def test_model_is_left_as_it_was(dtype: torch.dtype, training: bool) -> None:
    model, ids = make("llama", "sdpa", dtype), tokens(16)
    model.train(training)
    names = dict(model.named_parameters())
    for at, parameter in enumerate(names.values()):
        parameter.requires_grad_(at % 2 == 0)
    kept = next(iter(names.values()))
    kept.grad = torch.ones_like(kept)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    flags = {name: value.requires_grad for name, value in names.items()}
    hooks = len(model.model.layers[1]._forward_pre_hooks)
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    states = layer_inputs(model, ids, 1)
    with torch.no_grad():
        scores = scorer(states, token_ids=ids)
    assert not scores.requires_grad
    assert scores[0, :-1].min() > 0
    assert {name: value.requires_grad for name, value in names.items()} == flags
    assert [name for name, value in names.items() if value.grad is not None] == [next(iter(names))]
    assert bool((kept.grad == 1).all())
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
    assert len(model.model.layers[1]._forward_pre_hooks) == hooks
    assert all(module.training == training for module in model.modules())


def test_dropout_of_a_model_in_training_changes_nothing() -> None:
    model, ids = made("gpt2"), tokens(16)
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    states = layer_inputs(model, ids, 1)
    expected = scorer(states, token_ids=ids)
    model.train()
    assert not torch.equal(model(ids).logits, model(ids).logits), "it does drop"
    torch.testing.assert_close(scorer(states, token_ids=ids), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_callers_in_any_mode_get_the_same_scores(mode: Any) -> None:
    model, ids = make("llama", "sdpa"), tokens(16)
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    expected = scorer(layer_inputs(model, ids, 1), token_ids=ids)
    with mode():
        inside = ids.clone()
        states = model(inside, output_hidden_states=True).hidden_states[1]
        scores = scorer(states, token_ids=inside)
        assert torch.is_grad_enabled() == (mode is torch.enable_grad)
    torch.testing.assert_close(scores, expected, atol=1e-6, rtol=0)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_hook_is_gone_after_an_error() -> None:
    model, ids = make("llama", "sdpa"), tokens(16)
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    hooks = dict(model.model.layers[1]._forward_pre_hooks)
    with pytest.raises(IndexError):
        scorer(layer_inputs(model, ids, 1), token_ids=ids + 1000)
    assert model.model.layers[1]._forward_pre_hooks == hooks


def test_memory_and_recordings_of_an_attached_model_are_left_alone() -> None:
    model, ids = make("llama", "sdpa"), tokens(16)
    states = layer_inputs(model, ids, 1)
    alone = RelevanceScorer(48, "gradient", model=model, layer=1)(states, token_ids=ids)
    with reweaving.attach(model) as woven:
        scorer = RelevanceScorer(48, "gradient", model=woven.adapter, layer=1)
        entries = woven.capture(tokens(12, seed=5))
        with woven.weaving(entries), woven.capturing() as captured:
            scores = scorer(states, token_ids=ids)
        assert captured == []
    torch.testing.assert_close(scores, alone, atol=1e-6, rtol=0)


def test_other_threads_keep_their_own_states() -> None:
    model, ids = make("llama", "sdpa"), tokens(30)
    with torch.no_grad():
        expected = model(ids).logits
    states = layer_inputs(model, ids, 1)
    found: list[bool] = []

    def run() -> None:
        with torch.no_grad():
            found.extend(torch.equal(model(ids).logits, expected) for _ in range(10))

    thread = threading.Thread(target=run)
    thread.start()
    scorer = RelevanceScorer(48, "gradient", model=model, layer=1)
    for _ in range(10):
        scorer(2 * states, token_ids=ids)
    thread.join()
    assert found == [True] * 10


@pytest.mark.parametrize("family", CONFIGS)
def test_every_family_can_be_scored(family: str) -> None:
    model, ids = made(family), tokens(16, rows=2)
    width = model.config.hidden_size
    scores = RelevanceScorer(width, "gradient", model=model, layer=1)(
        layer_inputs(model, ids, 1), token_ids=ids
    )
    assert scores[:, :-1].std() > 0
    assert bool(((scores >= 0) & (scores <= 1)).all())
