"""Items of each task, drawn from a seed: coined names, so that no model knows them from elsewhere."""

from __future__ import annotations

import random

from reweaving.experiments.tasks import Item

_HEADS = ("Bra", "Cor", "Del", "Fen", "Gar", "Hol", "Kes", "Lum", "Mor", "Nav", "Pel", "Ril")
_TAILS = ("dan", "fel", "mire", "nor", "stead", "tova", "vane", "wick", "zora", "bury")
_TOPICS = ("budget", "launch", "office move", "hiring plan", "audit", "training week")
_FILLER = (
    "The weather was fine and the train came on time.",
    "Nobody had much to add, so the talk moved on.",
    "There was coffee, and somebody had brought a cake.",
    "The minutes of the last meeting were read and agreed.",
    "Two people joined late because of the traffic.",
)


def _name(draw: random.Random) -> str:
    return draw.choice(_HEADS) + draw.choice(_TAILS)


def _names(draw: random.Random, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        name = _name(draw)
        if name not in found:
            found.append(name)
    return found


def conversation(items: int, seed: int) -> list[Item]:
    """A wish said in passing, and asked for in another session."""
    draw = random.Random(f"conversation {seed}")
    made = []
    for name in _names(draw, items):
        dish = f"{_name(draw)} soup"
        said = (
            ("user", f"My neighbour {name} came by. {draw.choice(_FILLER)}"),
            ("assistant", "How nice. What did you do?"),
            ("user", f"We cooked. The favourite dish of {name} is {dish}."),
            ("assistant", "I will keep that in mind."),
        )
        made.append(Item(said, f"What is the favourite dish of {name}?", (dish,)))
    return made


def long_context(items: int, seed: int) -> list[Item]:
    """One line that matters in a long report."""
    draw = random.Random(f"long context {seed}")
    made = []
    for name in _names(draw, items):
        code = str(draw.randint(1000, 9999))
        lines = [draw.choice(_FILLER) for _ in range(40)]
        lines.insert(draw.randrange(40), f"The access code of the {name} building is {code}.")
        parts = tuple(("user", " ".join(lines[at : at + 8])) for at in range(0, len(lines), 8))
        made.append(Item(parts, f"What is the access code of the {name} building?", (code,)))
    return made


def question_answering(items: int, seed: int) -> list[Item]:
    """A fact in a short text, among facts about others."""
    draw = random.Random(f"question answering {seed}")
    names = _names(draw, items)
    made = []
    for name in names:
        year, town = str(draw.randint(1700, 1990)), _name(draw)
        text = (
            f"The {name} museum was founded in {year} in the town of {town}. {draw.choice(_FILLER)}"
        )
        if draw.random() < 0.5:
            question, answer = f"In which year was the {name} museum founded?", year
        else:
            question, answer = f"In which town is the {name} museum?", town
        made.append(Item((("user", text),), question, (answer,)))
    return made


def summarization(items: int, seed: int) -> list[Item]:
    """Decisions of a meeting among talk; the reference lists them."""
    draw = random.Random(f"summarization {seed}")
    made = []
    for name in _names(draw, items):
        topics = draw.sample(_TOPICS, 3)
        decisions = [f"{_name(draw)} is in charge of the {topic}." for topic in topics]
        said = tuple(("user", f"{draw.choice(_FILLER)} {decision}") for decision in decisions)
        opened = (("user", f"These are my notes of the {name} meeting."), *said)
        question = f"Summarise what was decided in the {name} meeting."
        made.append(Item(opened, question, (" ".join(decisions),)))
    return made


def code_generation(items: int, seed: int) -> list[Item]:
    """A helper that a project has, and a line of Python that should call it."""
    draw = random.Random(f"code generation {seed}")
    made = []
    for name in _names(draw, items):
        helper = f"{_name(draw).lower()}_{draw.choice(('load', 'save', 'clean', 'send'))}"
        said = f"In the project {name} we never write this ourselves: there is the function {helper}(path)."
        question = (
            f"Write one line of Python that calls the function of the project {name} on 'a.txt'."
        )
        made.append(Item((("user", said),), question, (f"{helper}('a.txt')",)))
    return made
