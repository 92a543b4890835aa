"""Remembering text in sessions, on a tiny model with a tiny tokenizer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, MemoryEntry, ReweavingConfig
from reweaving.errors import ConfigurationError, FingerprintError, InputError
from reweaving.weaving.positions import lay_out

MADE = tokenizer()
FACTS = ["my cat is called Tom", "the dog lives in Rome", "my dog is blue. my cat is a dog."]


def states(entry: MemoryEntry) -> torch.Tensor:
    if entry.hidden_state is not None:
        return entry.hidden_state
    return torch.stack([*(entry.keys or ()), *(entry.values or ())])


@pytest.fixture
def woven() -> Any:
    with reweaving.attach(make("llama", "sdpa"), MADE) as attached:
        yield attached


def test_a_message_is_read_where_it_was_said(woven: Any) -> None:
    """States of a session read message by message equal those of one pass over the whole session."""
    entries = [entry for fact in FACTS for entry in woven.remember(fact, session="s")]
    messages = [{"role": "user", "content": fact} for fact in FACTS]
    ids = MADE.apply_chat_template(messages, return_dict=False)
    opening = len(woven.chat.opening())
    assert entries[0].position_idx == opening, "the system prompt is never stored"
    assert [t for e in entries for t in e.token_ids] == ids[opening:]
    whole = torch.cat([states(e) for e in woven.capture(torch.tensor([ids]))], dim=-2)
    mine = torch.cat([states(e) for e in entries], dim=-2)
    assert (mine - whole[..., opening:, :]).abs().max() <= 1e-4


def test_sessions_do_not_see_each_other(woven: Any) -> None:
    alone = woven.remember(FACTS[0], session="one")
    woven.remember(FACTS[1], session="other")
    again = woven.remember(FACTS[0], session="third")
    assert torch.equal(states(alone[0]), states(again[0]))
    assert alone[0].relevance_score == again[0].relevance_score
    assert 0 <= alone[0].relevance_score <= 1


def test_many_sessions_and_a_restart_resume_by_weaving(tmp_path: Path) -> None:
    model = make("llama", "sdpa")
    with Memory.open(tmp_path / "m") as memory:
        with reweaving.attach(model, MADE, memory) as woven:
            first = woven.remember(FACTS[0], session="s")
            for i in range(6):
                woven.remember(FACTS[1], session=f"other {i}")
            second = woven.remember(FACTS[1], session="s")
        assert second[0].position_idx == first[-1].position_idx + first[-1].tokens
        with reweaving.attach(model, MADE, memory) as woven:
            third = woven.remember(FACTS[2], session="s")
        alone = Memory.open(":memory:")
        with reweaving.attach(model, MADE, alone) as woven:
            unaware = woven.remember(FACTS[2], session="s")
        assert third[0].position_idx == second[-1].position_idx + second[-1].tokens
        assert (states(third[0]) - states(unaware[0])).abs().max() > 1e-3, (
            "it knew what came before"
        )
        stored = memory.get(third[0].id)
        assert torch.equal(states(stored), states(third[0]))
        assert [e.position_idx for e in memory.entries(session="s")] == [
            e.position_idx for e in (*first, *second, *third)
        ]


def test_generate_recalls_weaves_and_says_so(woven: Any) -> None:
    for i, fact in enumerate(FACTS):
        woven.remember(fact, session=f"s{i}", metadata={"n": i})
    inputs = MADE.apply_chat_template(
        [{"role": "user", "content": "the cat is called"}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    with woven.paused():
        plain = woven.model.generate(**inputs, max_new_tokens=8, do_sample=False)
    config = ReweavingConfig(recall={"threshold": 0.0, "limit": 2})
    woven.detach()
    with reweaving.attach(woven.model, MADE, woven.memory, config) as again:
        hits = again.recall("the cat is called")
        assert hits
        assert hits[0].text == FACTS[0]
        assert hits[0].score >= hits[-1].score
        assert hits[0].tokens == hits[0].entry.tokens
        out = again.model.generate(**inputs, max_new_tokens=8, do_sample=False)
        record = again.last_weave
        assert record is not None
        assert [hit.entry.id for hit in record.recollections] == [hit.entry.id for hit in hits]
        with again.weaving(hits):
            explicit = again.model.generate(**inputs, max_new_tokens=8, do_sample=False)
        assert torch.equal(out, explicit)
        assert not torch.equal(out, plain), "premise: memory changes what this model says"
        assert 0 < sum(record.attention.values()) < 1
        assert again.memory.get(hits[0].entry.id).access_count == 1


def test_accesses_are_noted_with_the_answer_and_not_before_its_first_token(woven: Any) -> None:
    (entry,) = woven.remember(FACTS[0])
    woven.detach()
    config = ReweavingConfig(recall={"threshold": 0.0})
    seen: list[int] = []

    def look(ids: torch.Tensor, scores: torch.Tensor, **_: Any) -> torch.Tensor:
        del scores
        seen.append(woven.memory.get(entry.id).access_count)
        return torch.zeros(len(ids), dtype=torch.bool)

    def refuse(*_: Any, **__: Any) -> torch.Tensor:
        raise RuntimeError("the answer is given up")

    ids = torch.arange(20, 26)[None]
    options = {"attention_mask": torch.ones_like(ids), "max_new_tokens": 3, "do_sample": False}
    with reweaving.attach(woven.model, MADE, woven.memory, config) as again:
        with pytest.raises(RuntimeError, match="given up"):
            again.model.generate(ids, stopping_criteria=[refuse], **options)
        assert woven.memory.get(entry.id).access_count == 0
        again.model.generate(ids, stopping_criteria=[look], **options)
        assert seen == [0, 0, 0]
        assert woven.memory.get(entry.id).access_count == 1
        with again.weaving([entry]):  # named, not recalled
            again.model.generate(ids, **options)
        assert woven.memory.get(entry.id).access_count == 1


def test_what_the_prompt_still_holds_is_not_woven_again(woven: Any) -> None:
    woven.remember(FACTS[0])
    woven.detach()
    config = ReweavingConfig(recall={"threshold": 0.0})
    with reweaving.attach(woven.model, MADE, woven.memory, config) as again:
        question = {"role": "user", "content": "the cat is called"}
        for earlier, spans in (([], 1), ([{"role": "user", "content": FACTS[0]}], 0)):
            inputs = MADE.apply_chat_template(
                [*earlier, question],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            )
            again.model.generate(**inputs, max_new_tokens=2, do_sample=False)
            assert len(again.last_weave.recollections) == spans


def test_an_empty_memory_weaves_nothing(woven: Any) -> None:
    inputs = MADE("the cat", return_tensors="pt")
    with woven.paused():
        plain = woven.model.generate(**inputs, max_new_tokens=8, do_sample=False)
    assert torch.equal(woven.model.generate(**inputs, max_new_tokens=8, do_sample=False), plain)
    assert len(woven.last_weave) == 0
    assert woven.last_weave.recollections == []
    assert woven.last_weave.attention == {}
    assert woven.recall("anything") == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_empty_text_is_refused_and_memory_untouched(woven: Any, text: str) -> None:
    with pytest.raises(InputError, match="nothing to remember"):
        woven.remember(text)
    with pytest.raises(InputError, match="nothing to recall"):
        woven.recall(text)
    with pytest.raises(InputError, match="nothing to remember"):
        woven.remember([{"role": "user", "content": "a cat"}, {"role": "user", "content": text}])
    assert woven.memory.stats().entries == 0


def test_other_bad_input_leaves_memory_untouched(woven: Any) -> None:
    with pytest.raises(InputError, match="cannot be read at once"):
        woven.remember("my cat. " * 300)
    with pytest.raises(InputError, match="0 messages"):
        woven.remember([])
    with pytest.raises(InputError, match="budget"):
        woven.recall("a cat", budget=0)
    with pytest.raises(InputError, match="namespace"):
        Memory.open(":memory:", namespace="../ann")
    with torch.no_grad():
        woven.model.model.layers[2].mlp.down_proj.weight[0, 0] = float("nan")
    with pytest.raises(InputError, match="NaN"):
        woven.remember("my cat")
    assert woven.memory.stats().entries == 0


def test_a_store_of_another_model_is_refused(woven: Any) -> None:
    woven.remember(FACTS[0])
    with pytest.raises(FingerprintError, match="reencode"):
        reweaving.attach(make("llama", seed=1), MADE, woven.memory)


def test_async_twins(woven: Any) -> None:
    async def converse() -> Any:
        entries = await woven.aremember(FACTS[0])
        return entries, await woven.arecall("the cat")

    entries, _ = asyncio.run(converse())
    assert woven.memory.get(entries[0].id).text == FACTS[0]


def test_one_start_token_and_reading_order(woven: Any) -> None:
    one, other = woven.capture(torch.arange(5, 75)), woven.capture(torch.arange(6, 40))
    layout = lay_out([*reversed(other), *reversed(one)])
    assert layout.segments[0].is_start
    assert layout.slots == 70 + 34 - 1, "the second start token is dropped"
    places = [(s.entry.sequence_id, s.entry.position_idx) for s in layout.segments[1:]]
    assert places == [(e.sequence_id, e.position_idx) for e in (*one, *other)]
    assert lay_out([one[0], one[0]]).slots == one[0].tokens


@torch.no_grad()
def test_a_span_from_the_middle_borrows_the_sink_and_a_layer_budget_cuts_from_below() -> None:
    model = make("llama", "sdpa")
    asked = torch.arange(9, 15)[None]
    with reweaving.attach(model, MADE) as woven:
        entries = woven.remember(FACTS[0])
        with woven.weaving(entries) as weave:
            everything = model(asked).logits
            assert weave.slots == entries[0].tokens + 1
            assert weave.layouts[0].segments[0].entry.token_ids == (MADE.bos_token_id,)
        memory = woven.memory
    with reweaving.attach(model, MADE, memory, ReweavingConfig(layer_budget=2)) as woven:
        seen = []
        with woven.weaving(entries) as weave:
            top = model(asked).logits
            seen = [weave.keys_values(layer, 1) is not None for layer in range(4)]
    assert seen == [False, False, True, True]
    assert not torch.equal(top, everything)


def test_recall_passes_on_what_is_asked_of_it(woven: Any) -> None:
    for at, fact in enumerate(FACTS[:2]):
        woven.remember(fact, session=str(at), metadata={"at": at})
    every = {
        hit.text
        for hit in woven.recall("the cat lives in Rome", filters={"metadata": {"at": [0, 1]}})
    }
    found = asyncio.run(
        woven.arecall("the cat lives in Rome", filters={"metadata": {"at": 1}}, explain=True)
    )
    assert {hit.entry.metadata["at"] for hit in found} <= {1}
    assert every
    assert found
    assert sum(found[0].explanation.values()) == pytest.approx(found[0].score, abs=1e-4)
    assert len(woven.recall("the cat lives in Rome", limit=1)) == 1
    with pytest.raises(InputError, match="limit = 0"):
        woven.recall("the cat", limit=0)
    with pytest.raises(ConfigurationError, match="did you mean 'since'"):
        woven.recall("the cat", filters={"sinc": 1})


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(woven: Any, limit: int) -> None:
    woven.remember(FACTS[0])
    with pytest.raises(InputError, match=f"limit = {limit}"):
        woven.recall("who is Tom", limit=limit)


def test_what_the_prompt_holds_takes_no_place_of_another() -> None:
    recall = {"threshold": 0.0, "share": 0.0}
    with reweaving.attach(
        make("llama", "sdpa"), MADE, config=ReweavingConfig(recall=recall)
    ) as woven:
        for number, fact in enumerate(FACTS):
            woven.remember(fact, session=str(number))
        (best,) = woven.recall(FACTS[0], limit=1)
        assert best.text != FACTS[0], "the prompt itself says that"


@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_padding_of_either_side_recalls_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reweaving.retrieval.requests._PROMPT_TOKENS", 24)
    with reweaving.attach(make(name, "sdpa"), MADE) as woven:
        short = torch.tensor([woven.chat.request("who is Tom")])
        ((_, alone),) = woven.request_states(short)
        pad = torch.full((1, 60), MADE.pad_token_id)
        for ids, real in (
            (torch.cat([short, pad], 1), torch.tensor([[1] * short.shape[1] + [0] * 60])),
            (torch.cat([pad, short], 1), torch.tensor([[0] * 60 + [1] * short.shape[1]])),
        ):
            ((row, states),) = woven.request_states(ids, real)
            assert row == short[0, -24:].tolist()
            assert torch.allclose(states, alone, atol=1e-4)
