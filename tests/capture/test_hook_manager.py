"""Hooks see what the model computes, change what they say they change, and leave nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving.capture.hook_manager import HookManager
from reweaving.errors import HookConflictError, InputError, UnsupportedModelError
from reweaving.weaving.cross_attention import MemoryReader
from reweaving.weaving.integrate import ReconstructionIntegrator
from reweaving.weaving.interventions import (
    AdaptiveThreshold,
    ReconstructionInjection,
    StateInjection,
)

ASKED = tokens(9, seed=2)
FAMILIES = ["gpt2", "gpt_neox", "llama", "qwen3", "gemma3", "mistral-sliding", "phi3"]


def footprint(model: Any) -> Any:
    return [
        (
            name,
            sorted(vars(module)),
            type(vars(module).get("config")),
            *(len(getattr(module, kind)) for kind in vars(module) if kind.endswith("_hooks")),
        )
        for name, module in model.named_modules()
    ]


@torch.no_grad()
@pytest.mark.parametrize("name", FAMILIES)
def test_captured_states_are_those_of_transformers(name: str) -> None:
    model = make(name, "sdpa")
    expected = model(ASKED, output_hidden_states=True)
    with HookManager(model) as hooks:
        ids = [hooks.register_capture_hook(layer) for layer in range(4)]
        logits = model(ASKED).logits
        for layer, key in enumerate(ids):
            (seen,) = hooks.get_captured_data(key)
            assert torch.equal(seen, expected.hidden_states[layer])
        assert set(hooks.get_captured_data()) == set(ids)
    assert torch.equal(logits, expected.logits)


@torch.no_grad()
@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_captured_attention_is_the_eager_one(name: str, backend: str) -> None:
    expected = make(name, "eager")(ASKED, output_attentions=True).attentions
    model = make(name, backend)
    plain, before = model(ASKED).logits, footprint(model)
    with HookManager(model) as hooks:
        ids = [hooks.register_capture_hook(layer, "attention") for layer in (1, 3)]
        assert torch.equal(model(ASKED).logits, plain), "looking changes nothing"
        for layer, key in zip((1, 3), ids, strict=True):
            (seen,) = hooks.get_captured_data(key)
            assert (seen - expected[layer]).abs().max() <= 1e-4
    assert footprint(model) == before


@torch.no_grad()
def test_attention_of_padded_and_generated_tokens() -> None:
    model, eager = make("llama", "sdpa"), make("llama", "eager")
    mask = torch.ones_like(ASKED)
    mask[:, :3] = 0
    expected = eager(ASKED, attention_mask=mask, output_attentions=True).attentions[2]
    with HookManager(model) as hooks:
        key = hooks.register_capture_hook(2, "attention")
        model(ASKED, attention_mask=mask)
        assert (hooks.get_captured_data(key)[0] - expected)[:, :, 3:].abs().max() <= 1e-5
        hooks.clear()
        made = model.generate(ASKED, max_new_tokens=3, do_sample=False)
        steps = hooks.get_captured_data(key)
    whole = eager(made[:, :-1], output_attentions=True).attentions[2]
    assert [step.shape[2:] for step in steps] == [(9, 9), (1, 10), (1, 11)]
    assert (steps[2][:, :, 0] - whole[:, :, -1]).abs().max() <= 1e-4


@torch.no_grad()
def test_attention_on_woven_memory_comes_first() -> None:
    model, read = make("llama", "sdpa"), tokens(12, seed=4)
    both = torch.cat([read, ASKED], dim=1)
    expected = make("llama", "eager")(both, output_attentions=True).attentions[1][:, :, 12:]
    with reweaving.attach(model) as woven, HookManager(model) as hooks:
        key = hooks.register_capture_hook(1, "attention")
        entries = woven.capture(read)
        hooks.clear()
        with woven.weaving(entries):
            model(ASKED)
        assert (hooks.get_captured_data(key)[0] - expected).abs().max() <= 1e-4
        assert hooks.conflicts() == []


def test_gradients_are_those_of_autograd() -> None:
    model = make("llama", "sdpa")
    expected = model(ASKED, output_hidden_states=True)
    states = expected.hidden_states[2]
    (gradient,) = torch.autograd.grad(expected.logits.square().sum(), states)
    with HookManager(model) as hooks:
        key = hooks.register_capture_hook(2, "gradients")
        model(ASKED).logits.square().sum().backward()
        (seen,) = hooks.get_captured_data(key)
        assert torch.allclose(seen, gradient, rtol=1e-4, atol=1e-3)
        with torch.no_grad():
            model(ASKED)
        assert len(hooks.get_captured_data(key)) == 1
        loss = model(ASKED).logits.sum()
    loss.backward()  # the hook has gone: nothing is kept, nothing fails


@torch.no_grad()
def test_an_injected_state_is_what_runs_on() -> None:
    model = make("llama", "sdpa")
    other = model(tokens(9, seed=5), output_hidden_states=True)
    with HookManager(model) as hooks:
        hooks.register_intervention_hook(2, StateInjection(other.hidden_states[2][0], range(9)))
        assert torch.equal(model(ASKED).logits, other.logits), "every state replaced: the other run"
    mine = model(ASKED, output_hidden_states=True).hidden_states[2]
    with HookManager(model) as hooks:
        change = StateInjection(other.hidden_states[2][0, :1], [4], weight=0.25)
        hooks.register_intervention_hook(2, change)
        key = hooks.register_capture_hook(2)
        model(ASKED)
        (seen,) = hooks.get_captured_data(key)
        expected = mine.clone()
        expected[:, 4] = 0.75 * mine[:, 4] + 0.25 * other.hidden_states[2][:, 0]
        assert (seen - expected).abs().max() < 1e-5
        assert hooks.conflicts() == [f"{key} sees layer 2 after injection-2-1 has changed it"]
        model(ASKED[:, :3])  # too short for position 4


@torch.no_grad()
def test_a_threshold_lets_the_most_relevant_share_through() -> None:
    model = make("llama", "sdpa")

    def score(states: torch.Tensor) -> torch.Tensor:
        return torch.linspace(0, 1, states.shape[1])[None].expand(len(states), -1)

    zeros = StateInjection(torch.zeros(9, 48), range(9))
    change = AdaptiveThreshold(zeros, score, share=1 / 3, start=0.0, rate=1.0)
    with HookManager(model) as hooks:
        hooks.register_intervention_hook(1, change, "threshold")
        key = hooks.register_capture_hook(1)
        model(ASKED)
        model(ASKED)
        first, second = hooks.get_captured_data(key)
    assert not first.any(), "below the first threshold is nothing"
    assert change.threshold == pytest.approx(2 / 3)
    assert (second[0].abs().sum(-1) == 0).tolist() == [False] * 6 + [True] * 3


@torch.no_grad()
def test_reconstruction_reads_stored_states() -> None:
    model = make("llama", "sdpa")
    plain = model(ASKED).logits
    reader, integrator = MemoryReader([2], 48), ReconstructionIntegrator(4)
    change = ReconstructionInjection(reader, integrator, torch.randn(5, 48))
    with HookManager(model) as hooks:
        hooks.register_intervention_hook(2, change, "reconstruction")
        assert torch.equal(model(ASKED).logits, plain), "untrained: nothing"
        reader.maps["out2"].normal_()
        assert not torch.equal(model(ASKED).logits, plain)


@torch.no_grad()
def test_monitoring_keeps_nothing_and_exceptions_leave_nothing() -> None:
    model = make("llama", "sdpa")
    before, plain = footprint(model), model(ASKED).logits
    seen: list[tuple[int, tuple[int, ...]]] = []

    def fail(layer: int, _: torch.Tensor) -> None:
        raise ZeroDivisionError

    with HookManager(model) as hooks:
        hooks.register_monitoring_hook(0, lambda layer, t: seen.append((layer, tuple(t.shape))))
        hooks.register_monitoring_hook(3, lambda layer, t: seen.append((layer, ())), "attention")
        model(ASKED)
        assert seen == [(0, (1, 9, 48)), (3, ())]
        assert hooks.get_memory_usage()["total_bytes"] == 0
        hooks.register_monitoring_hook(2, fail, "attention")
        with pytest.raises(ZeroDivisionError):
            model(ASKED)
    with pytest.raises(ZeroDivisionError), HookManager(model) as hooks:
        raise ZeroDivisionError(hooks.register_capture_hook(1, "attention"))
    assert footprint(model) == before
    assert torch.equal(model(ASKED).logits, plain)


@torch.no_grad()
def test_counts_memory_and_its_limit() -> None:
    model = make("llama", "sdpa")
    one = 9 * 48 * 4
    with HookManager(model, max_bytes=3 * one) as hooks:
        first, second = hooks.register_capture_hook(0), hooks.register_capture_hook(1)
        for _ in range(4):
            model(ASKED)
        usage = hooks.get_memory_usage()
        assert usage["total_bytes"] == 3 * one == sum(usage["per_hook"].values())
        assert usage["dropped"] == 5
        assert hooks.counts() == {"hidden_states": 2}
        assert [hook.calls for hook in hooks.hooks()] == [4, 4]
        hooks.remove_hook(first)
        assert set(hooks.get_captured_data()) == {second}
        with pytest.raises(InputError, match="there is no hook"):
            hooks.remove_hook(first)
        assert hooks.remove_hooks("attention") == 0
        assert hooks.remove_hooks() == 1
        assert hooks.get_memory_usage()["total_bytes"] == 0


def test_conflicts_are_refused_or_named() -> None:
    model = make("llama", "sdpa")
    nothing = StateInjection(torch.zeros(0, 48), [])
    handle = model.model.layers[1].register_forward_hook(conflicts_with_me)
    with HookManager(model) as hooks:
        hooks.register_intervention_hook(1, nothing)
        with pytest.raises(HookConflictError, match="injection-1-1 already changes"):
            hooks.register_intervention_hook(1, nothing)
        hooks.register_intervention_hook(2, nothing)
        (said,) = hooks.conflicts()
        assert "layer 1 has hooks of others" in said
        assert "conflicts_with_me" in said
        with pytest.raises(InputError, match="no layer 4; LlamaForCausalLM has layers 0 to 3"):
            hooks.register_capture_hook(4)
        with pytest.raises(InputError, match="no kind 'logits'"):
            hooks.register_capture_hook(1, "logits")  # type: ignore[arg-type]
    handle.remove()
    with pytest.raises(InputError, match="one state"):
        StateInjection(torch.zeros(2, 48), [0])
    with pytest.raises(UnsupportedModelError):
        HookManager(torch.nn.Linear(2, 2))


def conflicts_with_me(*_: object) -> None:
    return None


@torch.no_grad()
def test_threads_capture_without_losing_any() -> None:
    model = make("llama", "sdpa")
    with HookManager(model) as hooks:
        key = hooks.register_capture_hook(1)

        def work() -> None:
            with torch.no_grad():
                for _ in range(5):
                    model(ASKED)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seen = hooks.get_captured_data(key)
    assert len(seen) == 15
    assert all(torch.equal(one, seen[0]) for one in seen)
