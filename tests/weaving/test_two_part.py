"""Attention in two parts, merged, is attention to everything at once."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving.weaving import two_part


def reference(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, memory: Any, scaling: float
) -> torch.Tensor:
    """Softmax over all keys at once, in float64, with an explicit mask."""
    keys = torch.cat([memory[0], key], 2).double()
    values = torch.cat([memory[1], value], 2).double()
    groups = query.shape[1] // key.shape[1]
    keys, values = keys.repeat_interleave(groups, 1), values.repeat_interleave(groups, 1)
    scores = query.double() @ keys.mT * scaling
    queries, slots = query.shape[2], memory[0].shape[2]
    own = (
        torch.arange(key.shape[2])[None] <= torch.arange(queries)[:, None] + key.shape[2] - queries
    )
    seen = torch.cat([torch.ones(queries, slots, dtype=torch.bool), own], 1)
    return (scores.masked_fill(~seen, -torch.inf).softmax(-1) @ values).transpose(1, 2)


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (1, 40), (7, 7)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_two_parts_are_one_attention(
    groups: int, queries: int, keys: int, dtype: torch.dtype
) -> None:
    draw = torch.Generator().manual_seed(queries + keys)

    def states(heads: int, length: int) -> torch.Tensor:
        return (3 * torch.randn(2, heads, length, 16, generator=draw)).to(dtype)

    query, key, value = states(2 * groups, queries), states(2, keys), states(2, keys)
    memory = (states(2, 21), states(2, 21))
    assert two_part.serves(query, key, memory, {"scaling": 0.3, "dropout": 0.0})
    got = two_part.attend(query, key, value, memory, 0.3)
    tolerance = 5e-5 if dtype == torch.float32 else 3e-2
    assert (got.double() - reference(query, key, value, memory, 0.3)).abs().max() <= tolerance


def test_what_would_be_wrong_is_left_to_one_attention() -> None:
    query, key = torch.zeros(1, 2, 3, 8), torch.zeros(1, 2, 3, 8)
    memory = (torch.zeros(1, 2, 5, 8), torch.zeros(1, 2, 5, 8))
    assert two_part.serves(query, key, memory, {})
    assert not two_part.serves(query, key[:, :, :2], memory, {})  # a corner that does not fit
    assert not two_part.serves(query, key, memory, {"softcap": 30.0})
    assert not two_part.serves(query, key, memory, {"dropout": 0.1})
    assert not two_part.serves(query, key, memory, {"is_causal": False})
    assert not two_part.serves(query.clone().requires_grad_(), key, memory, {})
    assert not two_part.serves(query.double(), key.double(), memory, {})


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "qwen3", "gpt2", "phi3"])
def test_requests_without_padding_take_this_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, calls = make(name, "sdpa"), []
    attend = two_part.attend

    def counted(*given: Any) -> torch.Tensor:
        calls.append(given)
        return attend(*given)

    monkeypatch.setattr(two_part, "attend", counted)
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(tokens(20))):
        calls.clear()
        model.generate(tokens(5, seed=1), max_new_tokens=3, do_sample=False)
    assert len(calls) == 3 * len(woven.adapter.layers)


@torch.no_grad()
@pytest.mark.parametrize(("read", "apart"), [(4, True), (40, False)])
def test_a_sliding_window_takes_this_way_while_it_holds_everything(
    read: int, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make("mistral-sliding", "sdpa")
    window = model.config.sliding_window
    assert 4 + 5 + 3 <= window < 40
    calls = []
    attend = two_part.attend

    def counted(*given: Any) -> torch.Tensor:
        calls.append(given)
        return attend(*given)

    monkeypatch.setattr(two_part, "attend", counted)
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(tokens(read))):
        calls.clear()
        model.generate(tokens(5, seed=1), max_new_tokens=3, do_sample=False)
    assert len(calls) == (2 * len(woven.adapter.layers) if apart else 0)  # one token at a time
