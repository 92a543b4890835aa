"""LoCoMo: very long dialogues of two people, with questions and the turns that answer them.

Maharana et al., 2024, https://github.com/snap-research/locomo, CC BY-NC 4.0: for evaluation only, and no
part of this project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reweaving.errors import InputError
from reweaving.experiments.outside_data import outside_data

_FILE = Path("locomo") / "locomo_first5.json"
_UNANSWERABLE = 5  # the category of questions that nothing in the dialogue answers


@dataclass(frozen=True)
class Turn:
    """What one of the two people said."""

    id: str
    session: str
    speaker: str
    text: str

    def said(self) -> str:
        """The turn as it is read: who said it, and what, with the caption of a picture that was shown."""
        return f"{self.speaker}: {self.text}"


@dataclass(frozen=True)
class Question:
    """A question, its gold answer, and the ids of the turns that hold it."""

    text: str
    answer: str
    category: int
    evidence: frozenset[str]


@dataclass(frozen=True)
class Dialogue:
    """All sessions of two people, in order, and what is asked about them."""

    name: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]

    def sessions(self) -> dict[str, list[Turn]]:
        """Turns by session, both in order."""
        grouped: dict[str, list[Turn]] = {}
        for turn in self.turns:
            grouped.setdefault(turn.session, []).append(turn)
        return grouped


def dialogues() -> list[Dialogue]:
    """Every dialogue, with the questions that can be answered and whose evidence is in it.

    Raises
    ------
    ConfigurationError
        Where the data is not at hand.
    InputError
        Where the file is missing in it, or is something else.
    """
    path = outside_data() / _FILE
    try:
        return [_dialogue(item) for item in json.loads(path.read_text("utf-8"))]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} does not hold LoCoMo's dialogues: {error!r}") from error


def _dialogue(item: Mapping[str, Any]) -> Dialogue:
    turns = tuple(
        Turn(turn["dia_id"], session, turn["speaker"], _text(turn))
        for session, said in item["conversation"].items()
        if re.fullmatch(r"session_\d+", session)
        for turn in said
    )
    known = {turn.id for turn in turns}
    questions = []
    for asked in item["qa"]:
        cited = {name for entry in asked["evidence"] for name in re.findall(r"D\d+:\d+", entry)}
        if asked["category"] != _UNANSWERABLE and cited & known:
            questions.append(
                Question(
                    asked["question"].strip(),
                    str(asked["answer"]),
                    asked["category"],
                    frozenset(cited & known),
                )
            )
    return Dialogue(item["sample_id"], turns, tuple(questions))


def _text(turn: Mapping[str, Any]) -> str:
    caption = turn.get("blip_caption")
    text = str(turn["text"]).strip()
    return f"{text} [{caption}]" if caption else text
