"""Laws 1, 2 and 6: woven equals one pass; nothing woven equals the plain model; backends agree."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import CONFIGS, make, tokens
from reweaving import ReweavingConfig

CODECS = ("hidden", "kv", "replay", "auto")
SDPA = [name for name in CONFIGS if name != "gemma2"]  # soft-capping exists in eager attention only
CASES = [(name, "eager") for name in CONFIGS] + [(name, "sdpa") for name in SDPA]


@torch.no_grad()
@pytest.mark.parametrize(("name", "backend"), CASES)
def test_woven_logits_and_greedy_tokens_equal_one_pass(name: str, backend: str) -> None:
    model = make(name, backend)
    read, asked = tokens(24, seed=1), tokens(7, seed=2)
    both = torch.cat([read, asked], dim=1)
    expected = model(both).logits[:, 24:]
    continued = model.generate(both, max_new_tokens=64, do_sample=False)[:, 31:]
    plain = model(asked).logits
    assert (plain - expected).abs().max() > 0.05, "premise: what was read changes the logits"
    for codec in CODECS:
        with reweaving.attach(model, config=ReweavingConfig(codec=codec)) as woven:
            entries = woven.capture(read)
            with woven.weaving(entries):
                assert (model(asked).logits - expected).abs().max() <= 1e-4, codec
                generated = model.generate(asked, max_new_tokens=64, do_sample=False)[:, 7:]
                assert torch.equal(generated, continued), codec
            assert torch.equal(model(asked).logits, plain), "law 2: nothing woven"
            with woven.paused():
                assert torch.equal(model(asked).logits, plain), "law 2: paused"


@torch.no_grad()
@pytest.mark.parametrize(
    "name", ["gpt2", "gpt_neox", "llama", "mistral-sliding", "qwen3", "gemma2", "gemma3", "phi3"]
)
def test_bfloat16_stays_close_in_distribution(name: str) -> None:
    model = make(name, "eager", torch.bfloat16)
    read, asked = tokens(40, seed=3), tokens(8, seed=4)
    expected = model(torch.cat([read, asked], dim=1)).logits[:, 40:].float().log_softmax(-1)
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        measured = model(asked).logits.float().log_softmax(-1)
    divergence = (expected.exp() * (expected - measured)).sum(-1).max()
    assert divergence <= 1e-3


@torch.no_grad()
@pytest.mark.parametrize("name", SDPA)
def test_backends_agree_with_memory(name: str) -> None:
    read, asked = tokens(30, seed=5), tokens(6, seed=6)
    outputs = []
    for backend in ("eager", "sdpa"):
        model = make(name, backend)
        with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
            outputs.append(model(asked).logits)
    assert (outputs[0] - outputs[1]).abs().max() <= 1e-4


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "mistral-sliding", "gemma3", "gpt_neox"])
def test_a_long_memory_meets_windows_and_several_spans(name: str) -> None:
    model = make(name, "sdpa")
    read, asked = tokens(150, seed=7), tokens(40, seed=8)
    expected = model(torch.cat([read, asked], dim=1)).logits[:, 150:]
    with reweaving.attach(model) as woven:
        entries = woven.capture(read)
        assert len(entries) == 3
        with woven.weaving(list(reversed(entries))):
            assert (model(asked).logits - expected).abs().max() <= 1e-4


@torch.no_grad()
def test_flex_attention_agrees() -> None:
    read, asked = tokens(30, seed=5), tokens(6, seed=6)
    model = make("llama", "flex_attention")
    expected = make("llama", "eager")(torch.cat([read, asked], dim=1)).logits[:, 30:]
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        assert (model(asked).logits - expected).abs().max() <= 1e-4
