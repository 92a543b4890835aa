"""Projections called by themselves give what the whole layer hands to its cache."""

from __future__ import annotations

import pytest
import torch

from families import make
from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.resolve import resolve_adapter

DIRECT = ["llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3"]


@torch.no_grad()
@pytest.mark.parametrize("name", DIRECT)
def test_direct_is_the_layer_s_own(name: str) -> None:
    adapter = resolve_adapter(make(name))
    states = torch.randn(2, 9, adapter.hidden_size, generator=torch.Generator().manual_seed(1))
    for layer in range(len(adapter.layers)):
        assert adapter.direct(layer) is not None
        whole = adapter._tapped(layer, states, adapter.unrotated(layer, 9))
        for got, expected in zip(adapter.project(layer, states), whole, strict=True):
            assert got.shape == expected.shape
            assert (got - expected).abs().max() <= 1e-5


@pytest.mark.parametrize("name", ["gpt2", "gpt_neox", "phi3", "stablelm", "olmo2"])
def test_other_families_keep_to_the_whole_layer(name: str) -> None:
    assert resolve_adapter(make(name)).direct(0) is None


@torch.no_grad()
def test_a_layer_that_does_more_than_its_projections_is_noticed() -> None:
    model = make("llama")
    adapter: BackboneAdapter = resolve_adapter(model)
    attention = adapter.attentions[1]
    attention.k_proj.register_forward_hook(lambda _, __, keys: keys * 2)
    assert adapter.direct(0) is not None
    assert adapter.direct(1) is None
