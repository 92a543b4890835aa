"""A prompt that holds remembered turns still: they are passed over without searching anew for each."""

from __future__ import annotations

import pytest

import reweaving
from families import make, tokenizer
from reweaving import ReweavingConfig

MADE = tokenizer()
NAMES = ("Tom", "Rex", "the cat", "the dog")
TURNS = tuple(f"{name} {does} {at}" for at in range(4) for name, does in zip(
    NAMES, ("is called blue", "lives in Rome", "is my cat", "is in a blue"), strict=True
))  # fmt: skip


def test_turns_that_the_prompt_holds_cost_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    config = ReweavingConfig(recall={"threshold": 0.0, "share": 0.0, "limit": 4})
    with reweaving.attach(make("llama", "sdpa"), MADE, config=config) as woven:
        for number, turn in enumerate(TURNS):
            woven.remember(turn, session=str(number))
        question = "who is called Tom"
        messages = [{"role": "user", "content": text} for text in (*TURNS[:12], question)]
        inputs = MADE.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        recall = woven._requests._recall
        loaded: list[list[str]] = []
        get_many = woven.memory.get_many
        monkeypatch.setattr(
            woven.memory, "get_many", lambda ids: loaded.append(list(ids)) or get_many(ids)
        )
        (found,) = woven._requests.rows(inputs["input_ids"], inputs["attention_mask"])
        assert {hit.text for hit in found} == {*TURNS[12:]}
        assert recall.cache.misses > 1, "some of those took places at first"
        assert recall.scored_spans == len(woven.memory.entries())
        assert loaded == [[hit.entry.id for hit in found]]
