"""The demo's premises: its answers stand where they should, and nowhere else."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("answering", "demo", "picture", "stories")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    yield {name: importlib.import_module(name) for name in NAMES}
    for name in NAMES:
        sys.modules.pop(name, None)


def test_each_answer_is_said_once_in_its_own_story(modules: dict[str, ModuleType]) -> None:
    stories = modules["stories"]
    assert len(stories.QUESTIONS) == 9
    assert {question.story for question in stories.QUESTIONS} == set(stories.STORIES)
    talks = stories.sessions()
    for question in stories.QUESTIONS:
        assert question.expected.casefold() not in question.text.casefold()
        said = [
            name
            for name, talk in talks
            for pair in talk
            for text in pair
            if question.expected.casefold() in text.casefold()
        ]
        assert set(said) == {question.story}


def test_stories_stand_far_apart_among_other_talks(modules: dict[str, ModuleType]) -> None:
    stories = modules["stories"]
    names = [name for name, _ in stories.sessions()]
    places = [names.index(story) for story in stories.STORIES]
    assert len(names) == len(set(names))
    assert min(b - a for a, b in itertools.pairwise(places)) > len(names) // 4
    assert stories.sessions() == stories.sessions()


def test_judging_looks_for_the_value(modules: dict[str, ModuleType]) -> None:
    demo, answering = modules["demo"], modules["answering"]
    question = modules["stories"].QUESTIONS[0]
    assert demo._right(question, answering.Reply("It is a LUMATEL R7.", 0.1))
    assert not demo._right(question, answering.Reply("I don't know which router.", 0.1))


def test_picture_is_drawn(modules: dict[str, ModuleType], tmp_path: Path) -> None:
    answering, stories = modules["answering"], modules["stories"]
    woven = [answering.Woven("My router is a Lumatel R7.", "support assistant", 9.0, 0.2)]
    replies = [answering.Reply("x", 0.1, woven if i % 2 else []) for i in range(9)]
    target = tmp_path / "picture.png"
    modules["picture"].draw(target, stories.QUESTIONS, replies, set(stories.STORIES))
    assert target.read_bytes().startswith(b"\x89PNG")
