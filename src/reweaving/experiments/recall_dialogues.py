"""Made-up chat histories for measuring recall: many people, the same attributes, small talk.

Every value is drawn from the seed, so nothing here can be known to a model, and every fact has near
misses: the same attribute of other people, and other attributes of the same person.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace

from reweaving.experiments import recall_phrases as phrases

SYSTEM_PROMPT = "You are a helpful assistant who remembers earlier conversations."
_CONTEXT_SHARE = 0.25  # of the sessions name their person only once


@dataclass(frozen=True)
class Question:
    """One question with the turn that answers it (None: nothing in the history does)."""

    text: str
    kind: str
    session: str | None = None
    turn: int | None = None
    value: str = ""


@dataclass
class History:
    """Sessions of (role, text) turns, in the order in which they were held, and the questions."""

    sessions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


def make_history(
    *, seed: int, people: int, attributes: int = 12, questions: int = 60, unknown: int = 20
) -> History:
    """Invent sessions in which ``people * attributes`` facts minus some unknown ones are told.

    Kinds of questions: ``plain``; ``wordy``, the same among other words; ``context``, where the person
    was named at the beginning of the session and not in the turn that answers; ``own``, about whoever
    is talking; ``unknown``, of which only near-misses were told; ``unrelated``; ``text``, passages to
    be read on.
    """
    rng = random.Random(seed)
    names = _names(rng, people)
    facts = [(name, kind) for name in names for kind in list(phrases.ATTRIBUTES)[:attributes]]
    rng.shuffle(facts)
    hidden, told = facts[:unknown], facts[unknown:]
    history = History()
    while told:
        session = f"s{len(history.sessions):04d}"
        if rng.random() < _CONTEXT_SHARE:
            told = _session_about_one(rng, history, session, told)
        else:
            batch, told = told[:4], told[4:]
            _session_about_many(rng, history, session, batch)
    _own_facts(rng, history)
    history.questions = _chosen(rng, history.questions, questions)
    history.questions += [Question(_ask(rng, name, kind), "unknown") for name, kind in hidden]
    history.questions += [Question(text, "unrelated") for text in phrases.UNRELATED]
    history.questions += [Question(text, "text") for text in _passages(rng, 30)]
    return history


def _chosen(rng: random.Random, told: list[Question], most: int) -> list[Question]:
    """Up to ``most / 3`` questions each of the kinds plain, wordy and context, and all own ones."""
    by_kind: dict[str, list[Question]] = {"plain": [], "context": [], "own": []}
    for question in told:
        by_kind[question.kind].append(question)
    for group in by_kind.values():
        rng.shuffle(group)
    plain, share = by_kind["plain"], most // 3
    wordy = [
        replace(question, kind="wordy", text=rng.choice(phrases.WRAPS).format(q=question.text))
        for question in plain[share : 2 * share]
    ]
    return plain[:share] + wordy + by_kind["context"][:share] + by_kind["own"]


def _passages(rng: random.Random, count: int) -> list[str]:
    """Paragraphs of the standard library's own help."""
    from pydoc_data.topics import topics

    paragraphs = [
        re.sub(r"\s+", " ", part) for text in topics.values() for part in text.split("\n\n")
    ]
    return rng.sample([part for part in paragraphs if 60 < len(part) < 300], count)


def _own_facts(rng: random.Random, history: History) -> None:
    names = rng.sample(list(history.sessions), min(len(phrases.OWN), len(history.sessions)))
    for session, (statement, asks, maker) in zip(names, phrases.OWN, strict=False):
        turns = history.sessions[session]
        value = _value(rng, maker)
        for ask in asks:
            history.questions.append(Question(ask, "own", session, len(turns), value))
        turns += [("user", statement.format(v=value)), ("assistant", rng.choice(phrases.ACKS))]


def _session_about_one(
    rng: random.Random, history: History, session: str, told: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    name = told[0][0]
    mine = [fact for fact in told if fact[0] == name][:4]
    turns = history.sessions.setdefault(session, [])
    turns += [
        ("user", f"Let me tell you about {name} today."),
        ("assistant", "Please do, I am listening."),
    ]
    turns += _chatter(rng)
    for _, kind in mine:
        _tell(rng, history, session, name, kind, context=True)
    return [fact for fact in told if fact not in mine]


def _session_about_many(
    rng: random.Random, history: History, session: str, batch: list[tuple[str, str]]
) -> None:
    turns = history.sessions.setdefault(session, [])
    for name, kind in batch:
        if rng.random() < 0.5:
            turns += _chatter(rng)
        _tell(rng, history, session, name, kind, context=False)


def _tell(
    rng: random.Random, history: History, session: str, name: str, kind: str, *, context: bool
) -> None:
    turns = history.sessions[session]
    value = _value(rng, phrases.ATTRIBUTES[kind][2])
    template = rng.choice(phrases.ATTRIBUTES[kind][0])
    said = template.format(n="this person" if context else name, v=value)
    turn = len(turns)
    said = rng.choice(phrases.LEADS) + said[0].upper() + said[1:]
    turns += [("user", said), ("assistant", rng.choice(phrases.ACKS))]
    label = "context" if context else "plain"
    history.questions.append(Question(_ask(rng, name, kind), label, session, turn, value))


def _ask(rng: random.Random, name: str, kind: str) -> str:
    return rng.choice(phrases.ATTRIBUTES[kind][1]).format(n=name)


def _chatter(rng: random.Random) -> list[tuple[str, str]]:
    said, reply = rng.choice(phrases.CHATTER)
    return [("user", said), ("assistant", reply)]


def _word(rng: random.Random, syllables: int) -> str:
    return "".join(rng.choice(phrases.SYLLABLES.split()) for _ in range(syllables)).capitalize()


def _value(rng: random.Random, maker: str) -> str:
    if maker == "word":
        return _word(rng, 3)
    if maker == "number":
        return str(rng.randint(100, 9999))
    if maker == "date":
        return f"{rng.choice(phrases.MONTHS.split())} {rng.randint(1, 28)}"
    words = {"colour": phrases.COLOURS, "job": phrases.JOBS, "food": phrases.FOODS}
    return rng.choice(words[maker].split())


def _names(rng: random.Random, people: int) -> list[str]:
    names = phrases.NAMES.split()[:people]
    while len(names) < people:
        name = _word(rng, 2)
        if name not in names:
            names.append(name)
    return names
