"""The histories of the recall probe, and that its figures count what they say."""

from __future__ import annotations

import torch

from reweaving.experiments import recall_probe
from reweaving.experiments.recall_dialogues import Question, make_history
from reweaving.experiments.recall_reading import Asked, ReadHistory
from reweaving.retrieval.catalogue import SpanNote
from tests.retrieval.world import STORIES, word_states, words_of


def test_histories_are_reproducible_and_answerable() -> None:
    history = make_history(seed=3, people=6, questions=60)
    assert history == make_history(seed=3, people=6, questions=60)
    assert history != make_history(seed=4, people=6, questions=60)
    kinds = {question.kind for question in history.questions}
    assert kinds == {*recall_probe.KNOWN, *recall_probe.SILENT}
    for question in history.questions:
        if question.session is None:
            assert question.kind in recall_probe.SILENT
        else:
            assert question.turn is not None
            role, said = history.sessions[question.session][question.turn]
            assert role == "user"
            assert question.value in said


def test_context_questions_name_nobody_in_the_turn_that_answers() -> None:
    history = make_history(seed=3, people=6, questions=60)
    asked = [question for question in history.questions if question.kind == "context"]
    assert asked
    for question in asked:
        assert question.session is not None
        assert question.turn is not None
        turns = history.sessions[question.session]
        name = turns[0][1].split()[5]
        assert name in question.text
        assert name not in turns[question.turn][1]


def read_history() -> ReadHistory:
    spans = [
        SpanNote(str(at), str(at), 1, len(words_of(text)), text) for at, text in enumerate(STORIES)
    ]
    questions = [
        (Question("Which code opens the locker of Clara?", "plain", "4", 0), {4}),
        (
            Question("Anna has a dog called what?", "plain", "1", 0),
            {1},
        ),  # a wrong answer on purpose
        (Question("Explain inflation quickly!", "unrelated"), set()),
    ]
    asked = [
        Asked(question, word_states(question.text)[None], 0, 99, words_of(question.text), answers)
        for question, answers in questions
    ]
    states = tuple(word_states(text)[None] for text in STORIES)
    return ReadHistory((6,), tuple(spans), states, tuple(asked))


def test_what_is_found_and_what_is_woven_is_counted() -> None:
    history = read_history()
    row = recall_probe._found("default", history, 6, recall_probe._default)
    assert row["plain"][0] == 0.5
    assert row["own"] == [None] * 4
    gate = recall_probe._gate_row(history, "gate", 0.2)
    assert gate["plain"] == 1.0
    assert gate["unrelated"] == 0.0
    assert recall_probe._gate_row(history, "gate", 0.0)["unrelated"] == 1.0


def test_of_spans_that_score_alike_the_earlier_goes_first_as_in_the_product() -> None:
    asked = Asked(Question("What?", "plain"), torch.empty(0), 0, 0, (), frozenset({1, 2}))
    assert recall_probe._place(torch.tensor([1.0, 1.0, 1.0, 2.0]), asked) == 2
    assert recall_probe._place(torch.tensor([0.0, 3.0, 1.0, 2.0]), asked) == 0


def test_every_method_and_layer_row_has_the_same_kinds() -> None:
    history = read_history()
    rows = [*recall_probe._layer_rows(history), *recall_probe._method_rows(history)]
    assert len({row["variant"] for row in rows}) == len(rows)
    assert all({*recall_probe.KNOWN} <= row.keys() for row in rows)
