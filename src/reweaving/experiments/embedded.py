"""`cmr bench embedded`: how well the chat model that comes along answers from memory.

Held-out dialogues only: people, attributes, phrasings and every value lie on the side of the
generator that training never draws from. Beside them stand, with figures of their own, questions that
share no word with what answers them (`in_other_words`) and conversations written by hand (`everyday`).
Memory is captured session by session and woven by `reweaving.attach`; the same memory as text is the
reference.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from reweaving.embedded.dialogues.held_out import HELD_OUT
from reweaving.embedded.dialogues.phrasing import UNKNOWN
from reweaving.embedded.dialogues.scene import Question, Scene
from reweaving.embedded.layout import SceneEncoder
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult
from reweaving.experiments.embedded_answers import text_answers, woven_answers
from reweaving.experiments.embedded_perplexity import held_out_english, perplexity
from reweaving.experiments.everyday import everyday_scenes
from reweaving.reweaver import attach
from reweaving.settings import ReweavingConfig

if TYPE_CHECKING:
    from reweaving.experiments.base import Progress

_ITEMS, _QUICK_ITEMS = 40, 3
_UNKNOWN_STARTS = UNKNOWN.partition(".")[0].lower()


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure the embedded model with its adapter; one row for each question."""
    model, tokenizer = load_embedded(dtype="auto")
    plain, _ = load_embedded(adapter=False, dtype="float32")
    encoder = SceneEncoder(tokenizer)
    scenes = held_out_scenes(_QUICK_ITEMS if quick else _ITEMS, seed)
    scenes += everyday_scenes()[:: 9 if quick else 1]
    progress(0, 3, f"{len(scenes)} held-out requests, woven")
    with attach(model, tokenizer, config=ReweavingConfig(codec="hidden")) as woven:
        answers = woven_answers(woven, encoder, scenes)
    progress(1, 3, "the same with memory as text")
    from_text = text_answers(model, encoder, scenes)
    rows = [_row(*item) for item in zip(scenes, answers, from_text, strict=True)]
    progress(2, 3, "perplexity on English that training never saw")
    text, windows = held_out_english(), 2 if quick else 24
    tuned = load_embedded(dtype="float32")[0]
    ratio = perplexity(tuned, tokenizer, text, windows) / perplexity(
        plain, tokenizer, text, windows
    )
    summary = summarise(rows) | {
        "general_perplexity_ratio": round(ratio, 4),
        "questions": len(rows),
    }
    progress(3, 3)
    return BenchResult(summary, rows)


def held_out_scenes(items: int, seed: int) -> list[Scene]:
    """Draw `items` scenes of every skill."""
    return [
        draw(random.Random(f"held out {skill} {seed} {number}"))
        for skill, draw in HELD_OUT.items()
        for number in range(items)
    ]


def right(question: Question, answer: str) -> bool:
    """Whether an answer holds every wanted value and no other one.

    Where nothing is known it has to say so; to an ordinary request it must not.
    """
    said = normal(answer)
    if not question.values:
        return said.startswith(_UNKNOWN_STARTS) is (question.skill != "general")
    wanted = [normal(value) for value in question.values]
    rest = said
    for value in wanted:
        rest = re.sub(_whole(value), " ", rest)
    return all(re.search(_whole(value), said) for value in wanted) and not any(
        re.search(_whole(normal(other)), rest) for other in question.others
    )


def normal(text: str) -> str:
    """Return `text` in lower case with single spaces and without its last full stop."""
    return " ".join(text.lower().replace("’", "'").split()).rstrip(".!")


def _whole(value: str) -> str:
    """A pattern for a value that is no part of a longer word or number."""
    return rf"(?<!\w){re.escape(value)}(?!\w)"


def summarise(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Average over the questions with an answer, those without, by skill, and over what stands beside them."""
    by_skill: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_skill[row["skill"]].append(row["right"])
    general, everyday = by_skill.pop("general", []), by_skill.pop("everyday", [])
    unasked, apart = by_skill.pop("everyday_unknown", []), by_skill.pop("in_other_words", [])
    unknown = [row for row in rows if row["skill"] == "abstain"]
    known = [row for row in rows if row["skill"] in by_skill and row["skill"] != "abstain"]
    return {
        "exact_match": _mean([row["right"] for row in known]),
        "abstain": _mean([row["right"] for row in unknown]),
        "per_skill": {skill: _mean(found) for skill, found in sorted(by_skill.items())},
        "text_exact_match": _mean([row["right_as_text"] for row in known]),
        "text_abstain": _mean([row["right_as_text"] for row in unknown]),
        "in_other_words": _mean(apart),
        "general_kept": _mean(general),
        "everyday": {"exact_match": _mean(everyday), "abstain": _mean(unasked)},
    }


def _mean(found: list[bool]) -> float:
    return round(sum(found) / len(found), 4) if found else float("nan")


def _skill(question: Question) -> str:
    generated = question.skill != "everyday_unknown"
    return "abstain" if generated and question.answer == UNKNOWN else question.skill


def _row(scene: Scene, answer: str, from_text: str) -> dict[str, Any]:
    question = scene.questions[0]
    return {
        "skill": _skill(question),
        "blocks": question.last - question.first,
        "question": question.text,
        "wanted": " · ".join(question.values),
        "answer": answer,
        "right": right(question, answer),
        "answer_from_text": from_text,
        "right_as_text": right(question, from_text),
    }
