"""Projections called by themselves give what the whole layer hands to its cache."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.hooks import StateRecorder, recording

DIRECT = ["llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3"]
DIRECT += ["gpt2", "gpt_neox", "phi3"]  # queries, keys and values from one module


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


@pytest.mark.parametrize("name", ["stablelm", "olmo2"])
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


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gpt2", "gpt_neox", "phi3"])
def test_a_pass_of_the_model_leaves_the_keys_and_values_that_are_kept(name: str) -> None:
    model = make(name)
    with reweaving.attach(model) as woven:
        layers = woven.layers
        recorder = StateRecorder(woven.adapter, layers, projections=True)
        with woven.paused(), recording(recorder):
            model(tokens(9))
        ((_, states),) = recorder.rows()
        pairs = recorder.pairs()
        assert pairs is not None
        for at, layer in enumerate(layers):
            for got, expected in zip(
                pairs[at], woven.adapter.project(layer, states[at][None]), strict=True
            ):
                assert got.shape == expected.shape
                assert (got - expected).abs().max() <= 1e-5


@torch.no_grad()
def test_a_joint_module_that_is_laid_out_otherwise_is_noticed() -> None:
    adapter = resolve_adapter(make("phi3"))
    joint = adapter.attentions[1].qkv_proj
    joint.forward = lambda given: torch.nn.functional.linear(given, joint.weight.roll(1, 0))
    assert adapter.direct(0) is not None
    assert adapter.direct(1) is None
