"""Laws 5 and 7: what is captured while generating is what prefilling captures, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import reweaving
from families import make, padded, tokens
from reweaving import MemoryEntry


def states(entries: list[MemoryEntry]) -> torch.Tensor:
    """All states of a sequence, ``(layers, tokens, …)`` flattened per token."""
    if entries[0].hidden_state is not None:
        return torch.cat([e.hidden_state for e in entries if e.hidden_state is not None], dim=1)
    return torch.cat([torch.stack([*(e.keys or ()), *(e.values or ())]) for e in entries], dim=2)


def ids_of(entries: list[MemoryEntry]) -> list[int]:
    return [token for entry in entries for token in entry.token_ids]


@torch.no_grad()
@pytest.mark.parametrize(
    "name", ["gpt2", "gpt_neox", "llama", "mistral-sliding", "qwen3", "gemma2", "gemma3", "phi3"]
)
@pytest.mark.parametrize(
    "options", [{}, {"cache_implementation": "static"}, {"prompt_lookup_num_tokens": 3}]
)
def test_streaming_equals_one_pass(name: str, options: dict[str, Any]) -> None:
    if options.get("prompt_lookup_num_tokens") and name in ("mistral-sliding", "gemma2", "gemma3"):
        return  # assisted decoding itself cannot roll back a sliding cache
    model = make(name, "eager")
    with reweaving.attach(model) as woven:
        with woven.capturing() as captured:
            out = model.generate(tokens(6), max_new_tokens=20, do_sample=False, **options)
        # The last token was sampled, but never read.
        assert ids_of(captured[0]) == out[0, :-1].tolist()
        assert (states(captured[0]) - states(woven.capture(out[:, :-1]))).abs().max() <= 1e-4


@torch.no_grad()
def test_streaming_leaves_padding_out_of_every_row() -> None:
    model = make("llama", "sdpa")
    ids, mask = padded([tokens(4, seed=1), tokens(9, seed=2)], "left")
    with reweaving.attach(model) as woven:
        with woven.capturing() as captured:
            out = model.generate(ids, attention_mask=mask, max_new_tokens=7, do_sample=False)
        for row in range(2):
            real = out[row][ids.shape[1] - int(mask[row].sum()) : -1]
            assert ids_of(captured[row]) == real.tolist()
            assert (states(captured[row]) - states(woven.capture(real[None]))).abs().max() <= 1e-4


@torch.no_grad()
def test_woven_tokens_are_not_captured_again() -> None:
    model = make("llama", "sdpa")
    with (
        reweaving.attach(model) as woven,
        woven.weaving(woven.capture(tokens(30, seed=1))),
        woven.capturing() as captured,
    ):
        model(tokens(5, seed=2))
    assert ids_of(captured[0]) == tokens(5, seed=2)[0].tolist()


@torch.no_grad()
def test_of_beams_only_their_prompts_are_captured() -> None:
    model = make("llama", "sdpa")
    ids = tokens(6)
    with reweaving.attach(model) as woven:
        with woven.capturing() as captured:
            model.generate(ids, max_new_tokens=8, do_sample=False, num_beams=3)
        for row in captured:
            assert ids_of(row) == ids[0].tolist()
            assert (states(row) - states(woven.capture(ids))).abs().max() <= 1e-4


@torch.no_grad()
def test_measuring_attention_takes_nothing_out_of_what_is_captured() -> None:
    model = make("llama", "sdpa")
    with reweaving.attach(model) as woven:
        with woven.weaving(woven.capture(tokens(9, seed=1))):
            model.generate(tokens(5, seed=2), max_new_tokens=4, do_sample=False)
        record = woven.last_weave
        assert record is not None
        with woven.capturing() as captured:
            model(tokens(7, seed=3))
            assert record.attention
        assert ids_of(captured[0]) == tokens(7, seed=3)[0].tolist()


@torch.no_grad()
def test_a_pass_that_failed_leaves_nothing_behind() -> None:
    model = make("llama", "sdpa")
    ids = tokens(7)

    def fail(*_: object) -> None:
        raise MemoryError("no room")

    with reweaving.attach(model) as woven:
        with woven.capturing() as captured:
            handle = model.model.layers[1].register_forward_hook(fail)
            with pytest.raises(MemoryError):
                model(ids)
            handle.remove()
            model(ids)
        assert (states(captured[0]) - states(woven.capture(ids))).abs().max() <= 1e-6


@torch.no_grad()
def test_a_model_that_drafts_for_itself_is_captured_once() -> None:
    model = make("llama", "sdpa")
    with reweaving.attach(model) as woven:
        with woven.capturing() as captured:
            out = model.generate(
                tokens(6), max_new_tokens=8, do_sample=False, assistant_early_exit=1
            )
        assert ids_of(captured[0]) == out[0, :-1].tolist()
        assert (states(captured[0]) - states(woven.capture(out[:, :-1]))).abs().max() <= 1e-4
