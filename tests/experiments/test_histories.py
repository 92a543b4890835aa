"""Histories are reproducible, answerable, of one half of the vocabulary, and never contradict themselves."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from reweaving.embedded.dialogues.facts import PAST
from reweaving.embedded.dialogues.split import Side
from reweaving.experiments.histories import KINDS, HistoryWriter, Probe, Session
from reweaving.experiments.recall import asked


def told(seed: int, sessions: int, side: Side = Side.TRAIN) -> tuple[HistoryWriter, list[Session]]:
    writer = HistoryWriter(seed, side)
    return writer, list(itertools.islice(writer.sessions(), sessions))


def everything(writer: HistoryWriter, count: int = 8) -> list[Probe]:
    return [probe for kind in KINDS for probe in writer.probes(kind, count)]


def test_the_seed_decides() -> None:
    one, first = told(3, 60)
    two, second = told(3, 60)
    assert first == second
    assert everything(one) == everything(two)
    assert told(4, 60)[1] != first
    assert told(3, 60, Side.TEST)[1] != first


@pytest.mark.parametrize("side", list(Side))
def test_every_answer_is_told_where_the_probe_says(side: Side) -> None:
    writer, sessions = told(1, 120, side)
    said = {session.name: [turn.text for turn in session.turns] for session in sessions}
    probes = everything(writer)
    assert {probe.kind for probe in probes} == set(KINDS)
    for probe in probes:
        assert len(probe.told) == len(probe.values) == {"unknown": 0, "joint": 2}.get(probe.kind, 1)
        for value, (session, text) in zip(probe.values, probe.told, strict=True):
            assert value.casefold() in text.casefold()  # a value may begin a sentence
            assert text in said[session]
        assert not set(probe.values) & set(probe.others)


def test_an_update_is_asked_for_its_latest_value() -> None:
    writer, sessions = told(2, 160)
    order = [session.name for session in sessions]
    probes = writer.probes("updated", 12)
    assert probes
    for probe in probes:
        (where, _), (value,) = probe.told[0], probe.values
        later = sessions[order.index(where) + 1 :]
        assert not any(value in turn.text for session in later for turn in session.turns)
        assert probe.others


def test_what_is_past_is_not_corrected() -> None:
    writer, _ = told(4, 300)
    for chapter in writer._chapters:
        slots = Counter(slot for block in chapter.writer.told for slot in block)
        assert not [key for (_, key), times in slots.items() if times > 1 and key in PAST]


def test_context_is_not_named_in_the_turn_that_answers() -> None:
    writer, _ = told(5, 160)
    names = {s.name for chapter in writer._chapters for s in chapter.writer.cast}
    probes = writer.probes("context", 12)
    assert probes
    for probe in probes:
        rest = probe.told[0][1].replace(probe.values[0], "")
        named = [name for name in names if name[:1].isupper() and name != "I"]
        assert not any(re.search(rf"\b{re.escape(name)}\b", rest) for name in named)


def test_no_two_chapters_share_a_subject() -> None:
    writer, _ = told(6, 400)
    casts = [subject.name for chapter in writer._chapters for subject in chapter.writer.cast]
    assert len(writer._chapters) > 5
    assert len(casts) == len(set(casts))


def test_questions_come_in_all_kinds_and_only_once() -> None:
    writer, _ = told(7, 200)
    probes = asked(writer, 80)
    kinds = [probe.kind for probe in probes]
    assert {kind: kinds.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 10)
    slots = [(probe.kind, probe.told) for probe in probes if probe.told]
    assert len(slots) == len(set(slots))
    again = asked(writer, 80)
    assert len(again) == 80, "a longer history may be asked the same"
    few, _ = told(8, 3)
    assert 0 < len(asked(few, 500)) < 500, (
        "a short history ends the questions, it does not repeat them"
    )
