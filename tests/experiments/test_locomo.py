"""The LoCoMo bench's own parts, on a made-up dialogue of the same form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving.errors import ConfigurationError, InputError
from reweaving.experiments import locomo
from reweaving.experiments.locomo_answers import answer_nll
from reweaving.experiments.locomo_data import Dialogue, Question, Turn, dialogues
from reweaving.experiments.locomo_reading import EmbedderOfRun, read
from reweaving.experiments.outside_data import VARIABLE
from reweaving.retrieval.contextual_scorer import StatesAsHeads
from reweaving.retrieval.retriever import Recall, RecallConfig

ITEM = {
    "sample_id": "made-up",
    "conversation": {
        "speaker_a": "Tom",
        "session_1_date_time": "then",
        "session_1": [
            {"speaker": "Tom", "dia_id": "D1:1", "text": "my cat is blue. " * 9},
            {"speaker": "Rex", "dia_id": "D1:2", "text": "ok", "blip_caption": "a dog"},
        ],
        "session_2": [{"speaker": "Tom", "dia_id": "D2:1", "text": "the dog lives in Rome"}],
    },
    "qa": [
        {"question": " Where? ", "answer": 7, "category": 1, "evidence": ["D1:2; D2:1", "D9:9"]},
        {"question": "Never?", "category": 5, "evidence": ["D1:1"]},
        {"question": "Lost?", "answer": "x", "category": 2, "evidence": ["D8:8"]},
    ],
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "locomo"
    folder.mkdir()
    (folder / "locomo_first5.json").write_text(json.dumps([ITEM]))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return folder


@pytest.fixture
def woven() -> Any:
    with reweaving.attach(make("llama", "sdpa"), tokenizer()) as attached:
        yield attached


def test_a_file_of_its_form_is_read(data: Path) -> None:
    (dialogue,) = dialogues()
    assert [turn.id for turn in dialogue.turns] == ["D1:1", "D1:2", "D2:1"]
    assert dialogue.turns[1].said() == "Rex: ok [a dog]"
    assert [len(turns) for turns in dialogue.sessions().values()] == [2, 1]
    assert dialogue.questions == (Question("Where?", "7", 1, frozenset({"D1:2", "D2:1"})),)


def test_missing_or_other_data_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "locomo_first5.json").write_text("[{}]")
    with pytest.raises(InputError, match="LoCoMo"):
        dialogues()
    monkeypatch.setenv(VARIABLE, str(data / "nowhere"))
    with pytest.raises(ConfigurationError, match=VARIABLE):
        dialogues()


def test_every_span_belongs_to_the_turn_that_it_is_of(data: Path, woven: Any) -> None:
    (dialogue,) = dialogues()
    held = read(woven, dialogue, dialogue.questions)
    said = {turn.id: turn.said() for turn in dialogue.turns}
    entries = held.spans.entries()
    turns_of = {key: {part.turn for part in parts} for key, parts in held.turns_of.items()}
    assert set().union(*turns_of.values()) == set(said)
    for turn, text in said.items():
        spans = [e for e in entries if turn in turns_of[e.id]]
        spans.sort(key=lambda entry: entry.position_idx)
        assert text.strip() in "".join(entry.text for entry in spans).replace("user\n", "")
    assert [len(parts) > 1 for parts in held.parts_of(frozenset({"D1:1"}))] == [True]
    assert held.asked[0].states.shape[0] == len(held.asked[0].words)
    recall = Recall(held.spans, locomo._OPEN, heads=StatesAsHeads(woven.adapter.hidden_size, 1))
    turns = locomo._turns(recall, held, held.asked[0], "fused")
    assert sorted(turns) == sorted(said)


def test_turns_that_share_a_span_are_all_found_in_it_and_keep_their_own_tokens(woven: Any) -> None:
    said = ("my cat is called Tom and lives in Rome", "ok", "the dog of my cat is called Rex")
    turns = tuple(Turn(f"D1:{at}", "session_1", "Tom", text) for at, text in enumerate(said, 1))
    question = Question("Where?", "7", 1, frozenset({"D1:2"}))
    held = read(woven, Dialogue("made-up", turns, (question,)), [question])
    credited = [[part.turn for part in parts] for parts in held.turns_of.values()]
    assert max(map(len, credited)) > 1, "the second turn is too short for a span of its own"
    recall = Recall(held.memory, locomo._OPEN)
    found = locomo._turns(recall, held, held.asked[0], "fused")
    assert sorted(found) == ["D1:1", "D1:2", "D1:3"]
    for turn in turns:
        (parts,) = held.parts_of(frozenset({turn.id}))
        own = [token for part in parts for token in part.token_ids]
        assert own == list(woven.chat.piece(turn.said()).ids)
        assert all(state.shape[1] == part.tokens for part in parts for state in part.states())
    likely = answer_nll(woven, recall, held, held.asked[0])
    assert likely["evidence_spans"] == 1
    assert likely["evidence_woven"] == pytest.approx(likely["evidence_as_text"], abs=1e-4)


def test_the_share_of_the_evidence_is_counted() -> None:
    question = Question("?", "x", 1, frozenset({"a", "b"}))
    turns = ["a", *"123456", "b"]
    assert locomo._found(turns, question) == [0.5, 1.0, 1.0]


def test_every_token_of_the_answers_counts_alike() -> None:
    short = dict.fromkeys(locomo.WAYS, 8.0) | {"answer_tokens": 1}
    long = dict.fromkeys(locomo.WAYS, 2.0) | {"answer_tokens": 3}
    assert locomo._nats([short, long]) == dict.fromkeys(locomo.WAYS, 3.5)
    assert locomo._nats([]) == dict.fromkeys(locomo.WAYS)


def test_answers_are_measured_each_way(data: Path, woven: Any) -> None:
    (dialogue,) = dialogues()
    held = read(woven, dialogue, dialogue.questions)
    recall = Recall(held.memory, RecallConfig(threshold=0.0, share=0.0))
    found = answer_nll(woven, recall, held, held.asked[0])
    request = woven.chat.request("Where?")
    answer = woven.tokenizer("7", add_special_tokens=False)["input_ids"]
    with woven.paused(), torch.no_grad():
        logits = woven.model(torch.tensor([request])).logits[0, -1]
    assert found["none"] == pytest.approx(-float(logits.log_softmax(-1)[answer[0]]), abs=1e-4)
    assert (
        len({round(found[way], 6) for way in ("none", "evidence_as_text", "evidence_woven")}) == 3
    )
    assert found["evidence_spans"] == 2
    assert found["recalled_spans"] > 0


def test_one_turn_woven_is_what_it_is_as_text(data: Path, woven: Any) -> None:
    (dialogue,) = dialogues()
    held = read(woven, dialogue, dialogue.questions)
    recall = Recall(held.memory, RecallConfig(threshold=0.0, share=0.0))
    for turn in ("D1:1", "D2:1"):  # of several spans, and of one
        asked = replace(held.asked[0], question=Question("Where?", "7", 1, frozenset({turn})))
        found = answer_nll(woven, recall, held, asked)
        assert found["evidence_woven"] == pytest.approx(found["evidence_as_text"], abs=1e-4)
        assert found["none"] != pytest.approx(found["evidence_as_text"], abs=1e-3)
        # What saw its session, with its template around it, says something else.
        session = found["evidence_woven_from_session"]
        assert session != pytest.approx(found["evidence_as_text"], abs=1e-3)


def test_no_text_is_read_twice_in_a_run() -> None:
    class Counting:
        read = 0

        def states(self, texts: Any) -> list[torch.Tensor]:
            self.read += len(texts)
            return [torch.full((1, 2), float(len(text))) for _, text in texts]

        def words(self, text: str) -> tuple[str, ...]:
            return (text,)

    inner = Counting()
    embedder = EmbedderOfRun(inner)
    first = embedder.states([("", "a"), ("", "bb"), ("", "a")])
    assert [float(state[0, 0]) for state in first] == [1.0, 2.0, 1.0]
    assert embedder.states([("", "bb"), ("x", "a")])[0][0, 0] == 2.0
    assert inner.read == 3
