"""Law 3: after detach the model is what it was; threads and attached memories never meet."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving.errors import AttachmentError


def footprint(model: Any) -> tuple[Any, ...]:
    """Everything that attaching could leave behind."""
    hooks = [
        (
            name,
            sorted(vars(module)),
            *(len(getattr(module, kind)) for kind in vars(module) if kind.endswith("_hooks")),
        )
        for name, module in model.named_modules()
    ]
    return hooks, model.config.to_dict(), model.config._attn_implementation, sorted(model.__dict__)


@torch.no_grad()
@pytest.mark.parametrize("name", ["gpt2", "llama", "gemma3", "phi3-longrope"])
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_detach_leaves_nothing(name: str, backend: str) -> None:
    model = make(name, backend)
    asked = tokens(9, seed=2)
    logits, before = model(asked).logits, footprint(model)
    woven = reweaving.attach(model)
    with woven.weaving(woven.capture(tokens(20))):
        model(asked)
    assert footprint(model) != before, "premise: attaching shows"
    woven.detach()
    woven.detach()
    assert footprint(model) == before
    assert torch.equal(model(asked).logits, logits)


@torch.no_grad()
def test_an_exception_leaves_nothing() -> None:
    model = make("llama", "sdpa")
    before = footprint(model)
    with (
        pytest.raises(ZeroDivisionError),
        reweaving.attach(model) as woven,
        woven.weaving(woven.capture(tokens(20))),
    ):
        raise ZeroDivisionError
    assert footprint(model) == before
    handle = model.model.layers[2].register_forward_pre_hook(lambda *_: 1 / 0)
    in_between = footprint(model)
    with pytest.raises(ZeroDivisionError):
        reweaving.attach(model)
    assert footprint(model) == in_between
    handle.remove()
    with reweaving.attach(model):
        pass


@torch.no_grad()
def test_a_failure_inside_the_model_ends_the_weave() -> None:
    model = make("llama", "sdpa")
    plain = model(tokens(5)).logits
    with reweaving.attach(model) as woven:
        entries = woven.capture(tokens(20, seed=1))
        with pytest.raises(IndexError), woven.weaving(entries):
            model(torch.tensor([[10_000]]))
        assert torch.equal(model(tokens(5)).logits, plain)


@torch.no_grad()
def test_threads_do_not_share_a_weave() -> None:
    model = make("llama", "sdpa")
    asked = tokens(8, seed=9)
    with reweaving.attach(model) as woven:
        memories = [woven.capture(tokens(20, seed=i)) for i in range(2)]
        expected = []
        for memory in memories:
            with woven.weaving(memory):
                expected.append(model.generate(asked, max_new_tokens=12, do_sample=False))
        plain = model(asked).logits
        barrier = threading.Barrier(3)
        found: dict[int, list[torch.Tensor]] = {0: [], 1: [], 2: []}

        def work(which: int) -> None:
            with torch.no_grad():
                barrier.wait()
                for _ in range(5):
                    if which == 2:
                        found[2].append(model(asked).logits)
                    else:
                        with woven.weaving(memories[which]):
                            found[which].append(
                                model.generate(asked, max_new_tokens=12, do_sample=False)
                            )

        threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(len(results) == 5 for results in found.values())
    assert all(torch.equal(out, expected[i]) for i in range(2) for out in found[i])
    assert all(torch.equal(out, plain) for out in found[2])


@torch.no_grad()
def test_two_attached_models_do_not_meet() -> None:
    one, other = make("llama", "sdpa", seed=0), make("llama", "sdpa", seed=1)
    asked = tokens(8)
    plain = other(asked).logits
    with reweaving.attach(one) as first, reweaving.attach(other) as second:
        with first.weaving(first.capture(tokens(20, seed=1))), first.capturing() as captured:
            assert torch.equal(other(asked).logits, plain)
            one(asked)
        assert [t for e in captured[0] for t in e.token_ids] == asked[0].tolist()
        assert second.capture(asked)[0].fingerprint != captured[0][0].fingerprint


def test_attach_twice_and_use_after_detach_are_refused() -> None:
    model = make("llama", "sdpa")
    woven = reweaving.attach(model)
    with pytest.raises(AttachmentError, match="already has a memory"):
        reweaving.attach(model)
    woven.detach()
    for use in (
        lambda: woven.capture(tokens(3)),
        lambda: woven.weaving([]),
        lambda: woven.paused(),
        lambda: woven.remember("hello"),
        lambda: woven.recall("hello"),
    ):
        with pytest.raises(AttachmentError, match="detached"):
            use()
    with reweaving.attach(model):
        pass


def test_a_model_that_is_dropped_while_attached_is_freed() -> None:
    model = make("llama", "sdpa")
    gone = weakref.ref(model)
    woven = reweaving.attach(model)
    woven.capture(tokens(5))
    del model, woven
    gc.collect()
    assert gone() is None
