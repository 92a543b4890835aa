"""Facts become parts of past sessions: plain statements, stories, asides, notes of the assistant."""

from __future__ import annotations

import random
from collections.abc import Sequence

from reweaving.embedded.dialogues import chatter, phrasing
from reweaving.embedded.dialogues.facts import Fact, ask, say
from reweaving.embedded.dialogues.scene import Block, Turn
from reweaving.embedded.dialogues.split import Side, choose
from reweaving.embedded.dialogues.subjects import render


def earlier_turns(rng: random.Random, side: Side, quiet: float = 0.7) -> tuple[Turn, ...]:
    """Return small talk that the session began with, most often none."""
    if rng.random() < quiet:
        return ()
    user, assistant = chatter.exchange(rng, side)
    return Turn("user", user), Turn("assistant", assistant)


def _closed(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?:" else f"{sentence}."


def _chained(rng: random.Random, side: Side, sentences: Sequence[str]) -> list[str]:
    """Close the sentences; now and then say two in one, or begin one with a few idle words."""
    parts = [_closed(sentence) for sentence in sentences]
    if len(parts) > 1 and _lowered(parts[1])[0].islower() and rng.random() < 0.5:
        joint = rng.choice((" and ", ", and ", "; ", ", but ", ", while "))
        parts[:2] = [parts[0].rstrip(".!?") + joint + _lowered(parts[1])]
    if rng.random() < 0.12:
        lead = choose(rng, "lead", side, phrasing.LEADS)
        parts[0] = f"{lead} {_lowered(parts[0]) if lead[-1] == ',' else parts[0]}"
    return parts


def _lowered(sentence: str) -> str:
    """Return a sentence as it stands inside another: only words that open many are put lower."""
    first = sentence.partition(" ")[0]
    common = first in (
        "My",
        "The",
        "Our",
        "In",
        "He",
        "She",
        "It",
        "His",
        "Her",
        "Its",
        "Payday",
        "Letters",
    )
    return sentence[:1].lower() + sentence[1:] if common else sentence


def statement(rng: random.Random, side: Side, sentences: Sequence[str]) -> Block:
    """The user states facts, sometimes among small talk; the assistant acknowledges or repeats."""
    parts = _chained(rng, side, sentences)
    if rng.random() < 0.3:
        parts.insert(rng.randrange(len(parts) + 1), chatter.remark(rng, side))
    woven = [Turn("user", " ".join(parts))]
    if rng.random() < 0.7:
        woven.append(Turn("assistant", chatter.acknowledgement(rng, side)))
    return Block(chatter.system_prompt(rng, side), earlier_turns(rng, side), tuple(woven))


def story(rng: random.Random, side: Side, sentences: Sequence[str]) -> Block:
    """Facts buried in several sentences; sometimes only the later part of the turn is woven."""
    before = [chatter.remark(rng, side) for _ in range(rng.randint(1, 3))]
    after = [chatter.remark(rng, side) for _ in range(rng.randint(0, 2))]
    system = chatter.system_prompt(rng, side)
    roll = rng.random()
    if roll < 0.15:
        turn = Turn("user", " ".join((*before, *map(_closed, sentences))))
        return Block(system, (), (turn,), unfinished=True)
    if roll < 0.45:
        turn = Turn("user", " ".join((*map(_closed, sentences), *after)))
        return Block(system, (), (turn,), head=" ".join(before))
    return Block(system, (), (Turn("user", " ".join((*before, *map(_closed, sentences), *after))),))


def corrected(rng: random.Random, side: Side, first: str, second: str) -> Block:
    """The user states a fact and, a turn later or in the same one, its newer value."""
    turns = [Turn("user", _closed(first)), Turn("assistant", chatter.acknowledgement(rng, side))]
    later = Turn("user", _closed(second))
    woven = (
        [*turns, later] if rng.random() < 0.7 else [Turn("user", f"{turns[0].text} {later.text}")]
    )
    if rng.random() < 0.7:
        woven.append(Turn("assistant", chatter.acknowledgement(rng, side)))
    return Block(chatter.system_prompt(rng, side), earlier_turns(rng, side), tuple(woven))


def by_assistant(rng: random.Random, side: Side, fact: Fact) -> Block:
    """The assistant states the fact: as an answer to a question, or as a note."""
    told = say(rng, fact, side, speaker="assistant")
    if rng.random() < 0.5:
        user = ask(rng, fact.attribute, fact.subject, side).text
    else:
        user, told = say(rng, fact, side), f"{chatter.acknowledgement(rng, side)} {told}"
    return Block(
        chatter.system_prompt(rng, side),
        earlier_turns(rng, side),
        (Turn("user", user), Turn("assistant", told)),
    )


def aside(rng: random.Random, side: Side, fact: Fact) -> Block:
    """The subject is named in a turn that is not woven; the woven turn only says "it" or "she"."""
    opening = render(choose(rng, "open", side, phrasing.OPENS_TOPIC), fact.subject, "user")
    if rng.random() < 0.3:
        opening = f"{chatter.remark(rng, side)} {opening}"
    earlier = [Turn("user", opening), Turn("assistant", chatter.acknowledgement(rng, side))]
    woven = [Turn("user", say(rng, fact, side, pronoun=True))]
    if rng.random() < 0.7:
        woven.append(Turn("assistant", chatter.acknowledgement(rng, side)))
    return Block(chatter.system_prompt(rng, side), tuple(earlier), tuple(woven))


def small_talk(rng: random.Random, side: Side) -> Block:
    """A part of a session that holds no fact."""
    user, assistant = chatter.exchange(rng, side)
    turns = (Turn("user", user), Turn("assistant", assistant))
    return Block(chatter.system_prompt(rng, side), earlier_turns(rng, side), turns)


def unanswered(rng: random.Random, side: Side, fact: Fact) -> Block:
    """A question that was asked before anybody had told the answer."""
    turns = (
        Turn("user", ask(rng, fact.attribute, fact.subject, side).text),
        Turn("assistant", phrasing.UNKNOWN),
    )
    return Block(chatter.system_prompt(rng, side), (), turns)
