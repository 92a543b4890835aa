"""A witness says of each candidate what one pass over candidate and request would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import MemoryEntry
from reweaving.retrieval import judge_witness
from reweaving.retrieval.judge_witness import ABSTENTION, Request

MADE = tokenizer()
FACTS = ("my cat is called Tom", "the dog lives in Rome", "blue is the dog")
ASKED = "the cat is called"


@pytest.fixture
def woven() -> Iterator[reweaving.Reweaver]:
    with reweaving.attach(make("llama", "sdpa"), MADE) as attached:
        yield attached


def request(woven: reweaving.Reweaver) -> Request:
    words = MADE(ASKED, add_special_tokens=False)["input_ids"]
    return Request.of(woven.chat.asking(words))


def captured(woven: reweaving.Reweaver) -> list[list[MemoryEntry]]:
    return [woven.capture(ids(fact)) for fact in FACTS]


def ids(fact: str) -> list[int]:
    return [1, *MADE(fact, add_special_tokens=False)["input_ids"]]


def one_pass(
    woven: reweaving.Reweaver, before: list[int], asked: Request
) -> tuple[float, list[float]]:
    """By looping over one plain pass: log p of the abstention, and of each token of the question."""
    said = MADE(ABSTENTION, add_special_tokens=False)["input_ids"][:4]
    whole = [*before, *asked.ids, *said]
    with torch.no_grad(), woven.paused():
        logs = woven.model(torch.tensor([whole])).logits[0].double().log_softmax(-1)
    first = len(before) + len(asked.ids)
    unknown = sum(float(logs[first + i - 1, token]) for i, token in enumerate(said))
    places = range(len(before) + asked.start, len(before) + asked.stop)
    return unknown, [float(logs[at - 1, whole[at]]) for at in places]


def test_it_says_what_one_pass_says(woven: reweaving.Reweaver) -> None:
    asked = request(woven)
    heard = woven.witness().hear(asked, captured(woven))
    for at, fact in enumerate(FACTS):
        unknown, question = one_pass(woven, ids(fact), asked)
        assert float(heard.unknown[at]) == pytest.approx(unknown, abs=1e-4)
        assert heard.asked[at].tolist() == pytest.approx(question, abs=1e-4)
    unknown, question = one_pass(woven, [], asked)
    assert heard.unknown_alone == pytest.approx(unknown, abs=1e-4)
    assert heard.asked_alone.tolist() == pytest.approx(question, abs=1e-4)
    assert torch.equal(heard.gains, heard.asked - heard.asked_alone)
    assert heard.tokens == (len(FACTS) + 1) * (len(asked.ids) + 3)
    assert heard.seconds > 0


def test_a_candidate_is_judged_alone(woven: reweaving.Reweaver) -> None:
    asked, candidates = request(woven), captured(woven)
    together = woven.witness().hear(asked, candidates)
    for at, candidate in enumerate(candidates):
        alone = woven.witness().hear(asked, [candidate])
        assert float(alone.unknown[0]) == pytest.approx(float(together.unknown[at]), abs=1e-5)
        assert torch.allclose(alone.asked[0], together.asked[at], atol=1e-5)


def test_few_rows_at_once_change_nothing(
    woven: reweaving.Reweaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, candidates = request(woven), captured(woven)
    whole = woven.witness().hear(asked, candidates)
    monkeypatch.setattr(judge_witness, "_LOGIT_BYTES", 1)
    pieces = woven.witness().hear(asked, candidates)
    assert torch.allclose(whole.unknown, pieces.unknown, atol=1e-5)
    assert torch.allclose(whole.gains, pieces.gains, atol=1e-5)


def test_what_was_heard_in_parts_is_the_whole(woven: reweaving.Reweaver) -> None:
    asked, candidates = request(woven), captured(woven)
    whole = woven.witness().hear(asked, candidates)
    first = woven.witness().hear(asked, candidates[:1])
    joined = first.and_then(woven.witness().hear(asked, candidates[1:]))
    assert torch.allclose(joined.unknown, whole.unknown, atol=1e-5)
    assert torch.allclose(joined.asked, whole.asked, atol=1e-5)
    assert joined.tokens > first.tokens


def test_witnesses_need_words() -> None:
    with (
        reweaving.attach(make("llama", "sdpa")) as attached,
        pytest.raises(reweaving.errors.InputError, match="needs words"),
    ):
        attached.witness()
