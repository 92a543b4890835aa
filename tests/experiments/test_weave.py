"""The comparison of all ways of weaving, on a tiny model: what it says, and that its controls are controls."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from families import make, tokenizer
from reweaving.embedded.dialogues.held_out import HELD_OUT
from reweaving.experiments import weave
from reweaving.experiments.weave import METHODS, _RandomTokens, _Size, _summary, _with_memory
from reweaving.weaving.blend import ContextBlender


def test_every_method_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = make("llama", "sdpa")
    hooks = [len(module._forward_pre_hooks) for module in model.modules()]
    small = _Size(items=1, windows=2, repeats=2, examples=20, steps=1, rows=2)
    monkeypatch.setattr(weave, "_QUICK", small)
    monkeypatch.setattr(weave, "load_embedded", lambda **_: (model, tokenizer()))
    told: list[str] = []
    result = weave.run(True, 0, lambda done, total, what="": told.append(what))
    assert [row["method"] for row in result.rows] == list(METHODS)
    assert result.summary["questions"] == 4
    for name, figures in result.summary["methods"].items():
        assert set(figures) == {"recall", "harm", "ms_per_token"}
        assert 0 <= figures["recall"] <= 1
        assert figures["ms_per_token"] > 0, name
    methods = result.summary["methods"]
    assert methods["memory_off"]["harm"] == 0, "nothing woven is the plain model"
    # The wrong memory and the right one are woven alike: unrelated text suffers the same.
    assert methods["random_memory"]["harm"] == methods["direct"]["harm"] != 0
    trained = [row["method"] for row in result.rows if row["training_seconds"]]
    assert trained == [name for name, one in METHODS.items() if one.config.needs_training]
    assert any("training, step 1 of 1" in what for what in told)
    assert [len(module._forward_pre_hooks) for module in model.modules()] == hooks


def test_the_summary_says_nothing_that_the_bench_cannot_find() -> None:
    recalls = {"memory_off": 0.0, "hierarchical": 0.5, "hierarchical_random_tokens": 0.3}
    rows = [
        {"method": name, "recall": recall, "harm": 0.0, "ms_per_token": 1.0}
        for name, recall in recalls.items()
    ]
    summary = _summary(rows, 10)
    # Made-up values cannot be guessed: without memory recall is 0, so nothing could be found below it.
    assert set(summary) == {"methods", "attended_over_random_tokens", "questions"}
    assert summary["attended_over_random_tokens"] == pytest.approx(0.2)


def test_memory_is_the_right_one_the_wrong_one_or_none() -> None:
    scenes = [HELD_OUT["plain"](random.Random(seed)) for seed in range(3)]
    assert _with_memory(scenes, 1, "right") is scenes[1]
    wrong = _with_memory(scenes, 2, "wrong")
    assert wrong.blocks == scenes[0].blocks
    assert wrong.questions[0].text == scenes[2].questions[0].text
    assert (wrong.questions[0].first, wrong.questions[0].last) == (0, len(scenes[0].blocks))
    assert _with_memory(scenes, 0, "none").blocks == ()


def test_tokens_at_random_are_as_many_and_keep_the_start() -> None:
    like = ContextBlender(4, max_memory_tokens=20)
    drawn = _RandomTokens(like, seed=0)
    valid = torch.ones(1, 40, dtype=torch.bool)
    attention = torch.linspace(0, 1, 40)[None]
    for layer in range(4):
        mine = drawn.choose(layer, torch.tensor([40]), valid, attention).slots
        theirs = like.choose(layer, torch.tensor([40]), valid, attention).slots
        assert mine.shape == theirs.shape
        assert 0 in mine
    assert set(mine[0].tolist()) != set(theirs[0].tolist())
