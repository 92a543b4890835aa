"""Spans that are woven again are not made again, and what is gone or changed is never woven from the cache."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import reweaving
from families import make, tokenizer, tokens
from reweaving import Memory, ReweavingConfig
from reweaving.weaving.hot_spans import HotSpans

OPEN = {"threshold": 0.0, "share": 0.0, "limit": 8}
ASKED = "Who is Tom?"


def config(codec: Any = "hidden", **settings: Any) -> ReweavingConfig:
    from reweaving.retrieval.retriever import RecallConfig

    return ReweavingConfig(codec=codec, recall=RecallConfig(**OPEN), **settings)


def ask(woven: Any, words: Any) -> torch.Tensor:
    ids = torch.tensor([woven.chat.request(ASKED)])
    out = woven.model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=4,
        do_sample=False,
        output_logits=True,
        return_dict_in_generate=True,
    )
    return torch.stack(out.logits)


@pytest.mark.parametrize("codec", ["hidden", "int8", "int4"])
def test_the_second_time_gives_the_same_without_making_it(codec: Any) -> None:
    model, words = make("llama", "sdpa"), tokenizer()
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, words, memory, config(codec)) as woven,
    ):
        woven.remember("my cat is called Tom and lives in Rome")
        hot = woven._weaver._builder._hot
        first, again = ask(woven, words), ask(woven, words)
        assert torch.equal(first, again)
        assert (hot.misses, hot.hits) == (1, 1)
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, words, memory, config(codec, hot_bytes=0)) as woven,
    ):
        woven.remember("my cat is called Tom and lives in Rome")
        assert (ask(woven, words) - first).abs().max() <= 1e-4
        assert len(woven._weaver._builder._hot) == 0


def test_what_is_forgotten_leaves_the_cache() -> None:
    model, words = make("llama", "sdpa"), tokenizer()
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, words, memory, config()) as woven,
    ):
        kept = woven.remember("my cat is called Tom", session="one")
        woven.remember("the dog is called Rex", session="two")
        ask(woven, words)
        hot = woven._weaver._builder._hot
        before = len(hot)
        memory.forget(id=kept[0].id)
        ask(woven, words)
        assert len(hot) == before - 1
        assert kept[0].id not in hot._held
    assert len(hot) == 0  # detached


def test_the_bytes_are_bounded_and_changed_states_are_made_anew() -> None:
    model = make("llama", "sdpa")
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, None, memory, config()) as woven,
    ):
        entries = [entry for seed in range(4) for entry in woven.capture(tokens(20, seed=seed))]
        memory.add(entries)
        stored = memory.get_many([entry.id for entry in entries])
        one = 2 * 4 * 2 * 20 * 12 * 4  # keys and values, layers, heads, tokens, width, bytes
        hot = HotSpans(woven.adapter, 2 * one, lambda: 1, lambda ids: set(ids))
        hot.warmed(stored)
        assert len(hot) == 2
        hot.warmed(stored[-1:])
        assert hot.hits == 1
        # Re-encoded meanwhile: the same id, other states.
        stored[-1].timestamp += 1
        (made,) = hot.warmed(stored[-1:])
        assert hot.hits == 1
        assert made.codec == "kv"
        assert stored[-1].codec == "hidden"


def test_what_is_forgotten_before_it_is_woven_is_not_kept() -> None:
    model, words = make("llama", "sdpa"), tokenizer()
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, words, memory, config()) as woven,
    ):
        (said,) = woven.remember("my cat is called Tom and lives in Rome")
        hot = HotSpans(
            woven.adapter,
            2**20,
            lambda: memory.generation,
            lambda ids: {row.id for row in memory.rows_of(ids)},
        )
        entries = memory.get_many([said.id])
        memory.forget(session=said.sequence_id)
        hot.warmed(entries)
        assert len(hot) == 0
