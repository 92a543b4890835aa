"""Exactness where models do not run plainly: compiled, dispatched by accelerate, in training mode."""

from __future__ import annotations

import shutil

import pytest
import torch
from accelerate import cpu_offload, dispatch_model
from peft import LoraConfig, get_peft_model

import reweaving
from families import make, tokens


@torch.no_grad()
@pytest.mark.skipif(
    shutil.which("c++") is None, reason="torch.compile needs a C++ compiler: apt-get install g++"
)
def test_a_compiled_model_is_woven_like_a_plain_one() -> None:
    model = make("llama", "sdpa")
    read, asked = tokens(20, seed=1), tokens(6, seed=2)
    expected = model(torch.cat([read, asked], 1)).logits[:, 20:]
    plain = model(asked).logits
    with reweaving.attach(model) as woven:
        entries = woven.capture(read)
        compiled = torch.compile(model)
        assert (compiled(asked).logits - plain).abs().max() <= 1e-4
        for _ in range(2):
            with woven.weaving(entries):
                assert (compiled(asked).logits - expected).abs().max() <= 1e-4
            assert (compiled(asked).logits - plain).abs().max() <= 1e-4


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gpt2", "gemma3"])
def test_a_dispatched_model(name: str) -> None:
    read, asked = tokens(20, seed=1), tokens(6, seed=2)
    model = make(name, "eager")
    expected = model(torch.cat([read, asked], 1)).logits[:, 20:]
    continued = model.generate(torch.cat([read, asked], 1), max_new_tokens=8, do_sample=False)[
        :, 26:
    ]
    dispatched = dispatch_model(model, {"": "cpu"}, force_hooks=True)
    with reweaving.attach(dispatched) as woven, woven.weaving(woven.capture(read)):
        assert (dispatched(asked).logits - expected).abs().max() <= 1e-4
        out = dispatched.generate(asked, max_new_tokens=8, do_sample=False)[:, 6:]
    assert torch.equal(out, continued)


@torch.no_grad()
def test_an_offloaded_model() -> None:
    read, asked = tokens(20, seed=1), tokens(6, seed=2)
    model = make("llama", "eager")
    expected = model(torch.cat([read, asked], 1)).logits[:, 20:]
    offloaded = cpu_offload(model, execution_device=torch.device("cpu"))
    with reweaving.attach(offloaded) as woven, woven.weaving(woven.capture(read)):
        assert (offloaded(asked).logits - expected).abs().max() <= 1e-4


def test_reading_in_training_mode_drops_nothing_out() -> None:
    model = make("gpt2", "eager").train()
    modes = [module.training for module in model.modules()]
    with reweaving.attach(model) as woven:
        one, other = woven.capture(tokens(12)), woven.capture(tokens(12))
        assert torch.equal(one[0].hidden_state, other[0].hidden_state)
    assert [module.training for module in model.modules()] == modes


@torch.no_grad()
@pytest.mark.filterwarnings(
    "ignore:`is_gradient_checkpointing`:FutureWarning"
)  # peft, of transformers
def test_a_model_wrapped_by_peft() -> None:
    read, asked = tokens(20, seed=1), tokens(6, seed=2)
    lora = LoraConfig(target_modules=["q_proj", "k_proj", "up_proj"], init_lora_weights=False)
    model = get_peft_model(make("llama", "sdpa"), lora).eval()
    expected = model(torch.cat([read, asked], 1)).logits[:, 20:]
    continued = model.generate(
        input_ids=torch.cat([read, asked], 1), max_new_tokens=8, do_sample=False
    )[:, 26:]
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        assert (model(asked).logits - expected).abs().max() <= 1e-4
        out = model.generate(input_ids=asked, max_new_tokens=8, do_sample=False)[:, 6:]
    assert torch.equal(out, continued)


@torch.no_grad()
def test_a_model_that_was_compiled_before_it_got_a_memory() -> None:
    read, asked = tokens(20, seed=1), tokens(6, seed=2)
    model = make("llama", "sdpa")
    expected = model(torch.cat([read, asked], 1)).logits[:, 20:]
    compiled = torch.compile(model, backend="eager")
    compiled(asked)
    with reweaving.attach(compiled) as woven, woven.weaving(woven.capture(read)):
        assert (compiled(asked).logits - expected).abs().max() <= 1e-4
