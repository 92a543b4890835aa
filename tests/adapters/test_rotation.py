"""Turning keys in fewer passes gives the family's own bits, and no other rotation is taken for it."""

from __future__ import annotations

import pytest
import torch

from families import make
from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.resolve import resolve_adapter
from reweaving.adapters.rotation import turned_halves


def turned(name: str) -> tuple[BackboneAdapter, torch.Tensor, torch.Tensor, torch.Tensor]:
    adapter = resolve_adapter(make(name, "sdpa"))
    positions = torch.arange(-7, 0)[None]
    cos, sin = adapter.rotation(0, positions)
    keys, _ = adapter.project(0, adapter._probe_states(7, 0))
    return adapter, keys, cos, sin


@pytest.mark.parametrize("name", ["llama", "qwen3", "gemma3", "phi3"])
def test_halves_are_turned_as_the_family_turns_them(name: str) -> None:
    adapter, keys, cos, sin = turned(name)
    assert torch.equal(
        adapter.rotate(0, keys, cos, sin), adapter._turned_by_family(0, keys, cos, sin)
    )
    assert torch.equal(adapter.rotate(0, keys, cos, sin), turned_halves(keys, cos, sin))
    assert not torch.equal(turned_halves(keys, cos, sin), keys)


def test_a_family_that_turns_otherwise_keeps_its_own_way() -> None:
    adapter, keys, cos, sin = turned("cohere")  # neighbours against each other
    expected = adapter._turned_by_family(0, keys, cos, sin)
    assert torch.equal(adapter.rotate(0, keys, cos, sin), expected)
    assert not torch.equal(turned_halves(keys, cos, sin), expected)


def test_a_part_of_each_head_is_left_to_the_family() -> None:
    adapter, keys, cos, sin = turned("gpt_neox")
    assert cos.shape[-1] < keys.shape[-1], "the premise: partial rotary"
    got = adapter.rotate(0, keys, cos, sin)
    assert torch.equal(got[..., cos.shape[-1] :], keys[..., cos.shape[-1] :])
    assert torch.equal(got, adapter._turned_by_family(0, keys, cos, sin))
