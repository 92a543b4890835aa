"""Requests that ask for two things are two questions; all others stay whole."""

from __future__ import annotations

import itertools
import re

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, ReweavingConfig
from reweaving.retrieval.calibration import Calibration, JudgeCalibration
from reweaving.retrieval.judge import joined
from reweaving.retrieval.judge_parts import asked_parts
from reweaving.types import Findings, MemoryEntry, Recollection, Verdict


def pieces(text: str) -> list[str]:
    """Words with the blank before them, and marks, as most tokenizers cut."""
    return re.findall(r"\s?\w+|[^\w\s]|\s", text)


def parts(text: str) -> list[str]:
    cut = pieces(text)
    assert "".join(cut) == text
    return ["".join(cut[start:stop]).strip() for start, stop in asked_parts(cut)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "What is Ann's gate code? And where does Ben's brother work?",
            ["What is Ann's gate code?", "And where does Ben's brother work?"],
        ),
        (
            "Tell me Ann's gate code and Ben's shoe size.",
            ["Tell me Ann's gate code", "and Ben's shoe size."],
        ),
        ("What are Ann's and Ben's jobs?", ["What are Ann's and Ben's jobs?"]),
        ("Who likes rock and roll?", ["Who likes rock and roll?"]),
        (
            "Hi there! What is Ann's gate code? Thanks.",
            ["Hi there! What is Ann's gate code? Thanks."],
        ),
        ("What is Ann's gate code", ["What is Ann's gate code"]),
        ("Did Ann pay 3.50 euros rent?", ["Did Ann pay 3.50 euros rent?"]),
        ("?", ["?"]),
    ],
)
def test_only_what_asks_by_itself_is_a_part(text: str, wanted: list[str]) -> None:
    assert parts(text) == wanted


@pytest.mark.parametrize(
    "text", ["a", "Ann. Ben. Ann. Ben.", "and and and", "1. Ann's code. 2. Ben's job."]
)
def test_parts_cover_every_token_once(text: str) -> None:
    cut = pieces(text)
    bounds = asked_parts(cut)
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(cut)
    assert all(left[1] == right[0] for left, right in itertools.pairwise(bounds))


def entry(name: str) -> MemoryEntry:
    return MemoryEntry(None, (0,), "s", 1, codec="replay", token_ids=(1,), text=name, id=name)


def test_joined_parts_take_turns_and_add_their_cost() -> None:
    def hits(*names: str) -> list[Recollection]:
        return [Recollection(entry(name), 1.0) for name in names]

    one = Findings(hits("a", "b"), Verdict("judged", {"a": 0.1, "x": 0.9}, 3, 0.5, 10))
    two = Findings(hits("c", "a"), Verdict("unknown", {"a": 0.3, "c": 0.2}, 4, 0.25, 20))
    both = joined([one, two])
    assert [hit.entry.id for hit in both] == ["a", "c", "b"]
    assert both.judged == Verdict("judged", {"a": 0.1, "x": 0.9, "c": 0.2}, 7, 0.75, 30)
    assert joined([one]) is one


def test_two_questions_find_their_memories_separately() -> None:
    """A judge that would weave one span only weaves one for each of two questions."""
    words = tokenizer()
    narrow = JudgeCalibration(first=1.0, unknown=0.0, question=0.0, needs=0.0, most_unknown=1.0)
    config = ReweavingConfig(recall={"threshold": 0.0, "limit": 4})
    with Memory.open(":memory:") as memory:
        with reweaving.attach(make("llama", "sdpa"), words, memory, config) as woven:
            for fact in ("my cat Tom is called blue", "the dog Rex lives in Rome", "Tom is Rex"):
                woven.remember(fact, session=fact)
            Calibration(
                model="tiny", fingerprint=woven.fingerprint, key_layer=1, threshold=0.0,
                false_weave_rate=0.05, judge=narrow,
            ).keep(memory)  # fmt: skip
        with reweaving.attach(make("llama", "sdpa"), words, memory, config) as woven:
            one, two = "my cat Tom is called?", "the dog Rex lives in?"
            singly = [woven.recall(text)[0].entry.id for text in (one, two)]
            assert len({*singly}) == 2
            found = woven.recall(f"{one} {two}")
            assert [hit.entry.id for hit in found] == singly
            assert len(woven.recall("my cat Tom is called blue")) == 1, "one question, one span"


def test_who_would_not_know_alone_needs_a_memory() -> None:
    words = tokenizer()
    with reweaving.attach(make("llama", "sdpa"), words) as woven:
        heard = woven.witness().hear(reweaving.retrieval.judge_witness.Request((1, 5, 6), 1, 3), [])
        assert heard.unknown.shape == (0,)
        assert torch.isfinite(heard.asked_alone).all()
