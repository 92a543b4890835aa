"""Law 1 through every way of calling `generate`."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.laws.said import ASKED, FACT, attached
from transformers import DynamicCache, GenerationConfig, StaticCache
from transformers.generation.streamers import BaseStreamer

import reweaving
from families import make, tokens
from reweaving.errors import StoreError

FAMILIES = ["gpt2", "llama", "mistral-sliding", "gemma2", "gemma3", "gpt_neox"]
WAYS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "sampling": {"do_sample": True, "temperature": 0.8, "top_k": 20},
    "beams": {"do_sample": False, "num_beams": 3},
    "several": {"do_sample": True, "num_return_sequences": 3},
    "static cache": {"do_sample": False, "cache_implementation": "static"},
    "no cache": {"do_sample": False, "use_cache": False},
}


class Ids(BaseStreamer):
    """Collects what is streamed."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def put(self, value: torch.Tensor) -> None:
        self.ids.extend(value.flatten().tolist())

    def end(self) -> None:
        self.ids.append(-1)


@torch.no_grad()
@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_generating(name: str, way: str) -> None:
    model = make(name, "sdpa" if name != "gemma2" else "eager")
    read, asked = tokens(22, seed=1), tokens(6, seed=2)
    torch.manual_seed(0)
    expected = model.generate(torch.cat([read, asked], 1), max_new_tokens=12, **WAYS[way])[:, 28:]
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        torch.manual_seed(0)
        assert torch.equal(model.generate(asked, max_new_tokens=12, **WAYS[way])[:, 6:], expected)


@torch.no_grad()
def test_a_streamer_gets_the_same_tokens() -> None:
    model = make("llama", "sdpa")
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(tokens(22))):
        streamed = Ids()
        out = model.generate(
            tokens(6, seed=2), max_new_tokens=9, do_sample=False, streamer=streamed
        )
    assert streamed.ids == [*out[0].tolist(), -1]


@torch.no_grad()
@pytest.mark.parametrize("name", FAMILIES)
def test_a_cache_carried_over_several_turns(name: str) -> None:
    model = make(name, "eager")
    read, first, second = tokens(22, seed=1), tokens(6, seed=2), tokens(5, seed=3)

    def converse(prefix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cache = DynamicCache(config=model.config)
        one = model.generate(
            torch.cat([prefix, first], 1), max_new_tokens=8, do_sample=False, past_key_values=cache
        )
        two = model.generate(
            torch.cat([one, second], 1), max_new_tokens=8, do_sample=False, past_key_values=cache
        )
        return one[:, prefix.shape[1] :], two[:, prefix.shape[1] :]

    expected = converse(read)
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        measured = converse(read[:, :0])
    assert torch.equal(measured[0], expected[0])
    assert torch.equal(measured[1], expected[1])


@torch.no_grad()
def test_a_cache_outlives_its_memory() -> None:
    """Memory woven in the first turn only: later turns keep their positions and never see it again."""
    model = make("gpt2", "eager")
    with reweaving.attach(model) as woven:
        cache = DynamicCache()
        with woven.weaving(woven.capture(tokens(22, seed=1))):
            one = model.generate(
                tokens(6, seed=2), max_new_tokens=4, do_sample=False, past_key_values=cache
            )
        with woven.paused():
            two = model.generate(
                torch.cat([one, tokens(3, seed=3)], 1),
                max_new_tokens=4,
                do_sample=False,
                past_key_values=cache,
            )
    assert two.shape[1] == one.shape[1] + 7


@torch.no_grad()
@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_a_cache_that_was_reset_knows_nothing_of_earlier_memory(name: str) -> None:
    model = make(name, "eager")
    asked = tokens(6, seed=2)
    expected = model(asked).logits
    with reweaving.attach(model) as woven:
        cache = StaticCache(config=model.config, max_cache_len=16)
        with woven.weaving(woven.capture(tokens(22, seed=1))):
            model(asked, past_key_values=cache)
        cache.reset()
        with woven.paused():
            assert (model(asked, past_key_values=cache).logits - expected).abs().max() <= 1e-5


@torch.no_grad()
def test_arguments_may_stand_in_their_places() -> None:
    model = make("llama", "sdpa")
    settings = GenerationConfig(max_new_tokens=5, do_sample=False, eos_token_id=None)
    expected = model.generate(tokens(6), settings)
    with reweaving.attach(model):
        assert torch.equal(model.generate(tokens(6), settings), expected)
        assert torch.equal(model.generate(None, settings, input_ids=tokens(6)), expected)


def test_an_answer_is_given_when_its_use_cannot_be_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    with attached() as woven:
        woven.remember(FACT)
        monkeypatch.setattr(woven.memory, "touch", full)
        ids = torch.tensor([woven.chat.request(ASKED)])
        with pytest.warns(RuntimeWarning, match="the disk is full"):
            out = woven.model.generate(ids, max_new_tokens=3, do_sample=False, eos_token_id=None)
    assert out.shape[1] == ids.shape[1] + 3
