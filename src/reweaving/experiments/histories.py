"""Chat histories of any length about people who are not real, and questions of every kind about them.

Facts come in chapters. Each has a few people and things of its own, whom no other chapter knows, and
gives them the attributes that earlier chapters used as well: every fact has near-misses, the same
attribute of others and other attributes of the same one. Which half of the vocabulary is used is
`Side`'s: training's for calibration, the held-out one for measuring.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from reweaving.embedded.dialogues.asking import fact_question, in_other_words, joint_question
from reweaving.embedded.dialogues.facts import Fact
from reweaving.embedded.dialogues.scene import Block, Turn
from reweaving.embedded.dialogues.scenes import of_another, unstated
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.dialogues.subjects import Subject
from reweaving.embedded.dialogues.values import TYPES
from reweaving.embedded.dialogues.writer import SceneWriter

KINDS = (
    "plain",
    "numeric",
    "rare_word",
    "updated",
    "context",
    "unknown",
    "joint",
    "in_other_words",
)
"""The last of them shares no word with what was told; all others that are known share one."""
_APART = KINDS[-1]
_CHAPTER_CAST = 5
_FACTS_OF_EACH = 8
_NEAR = 0.7
_CARRIED_ATTRIBUTES = 24


@dataclass(frozen=True)
class Session:
    """One past conversation, in order."""

    name: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Probe:
    """One question about a history.

    Attributes
    ----------
    kind
        One of `KINDS`.
    values
        What the answer must hold; empty where nothing is known.
    others
        Values of near-misses, which it must not hold.
    told
        For each value the session and the turn's text that tell it.
    """

    kind: str
    text: str
    values: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


@dataclass
class _Chapter:
    writer: SceneWriter
    sessions: list[str] = field(default_factory=list)  # the session of each block
    asked: set[tuple[tuple[str, str], ...]] = field(default_factory=set)


class HistoryWriter:
    """Writes sessions without end, and asks about what has been written so far.

    Parameters
    ----------
    seed
        Everything follows from it.
    side
        Half of the vocabulary.
    """

    def __init__(self, seed: int | str, side: Side) -> None:
        self._rng = random.Random(f"history {side} {seed}")
        self._side = side
        self._crowd = SceneWriter(self._rng, side)  # who has appeared in any chapter
        self._names: set[str] = set()
        self._chapters: list[_Chapter] = []
        self._sessions = 0

    def sessions(self) -> Iterator[Session]:
        """One session after another; a session counts as told as soon as it is handed out."""
        while True:
            chapter = self._chapter()
            name = f"{self._sessions:06d}"
            self._sessions += 1
            turns: list[Turn] = []
            for _ in range(self._rng.randint(1, 3)):
                self._add_block(chapter.writer)
                chapter.sessions.append(name)
                turns += turns_of(chapter.writer.blocks[-1])
            yield Session(name, tuple(turns))

    def probes(self, kind: str, count: int) -> list[Probe]:
        """Draw up to `count` different questions of one kind; fewer where so many cannot be asked."""
        found: list[Probe] = []
        for _ in range(60 * count):
            if len(found) == count:
                break
            chapter = self._rng.choice(self._chapters)
            probe = self._probe(kind, chapter)
            if probe is not None:
                found.append(probe)
        return found

    def ask_again(self) -> None:
        """Let what was asked about be asked once more, about a history that has grown."""
        for chapter in self._chapters:
            chapter.asked.clear()

    # -- telling -----------------------------------------------------------------------------------

    def _chapter(self) -> _Chapter:
        if self._chapters:
            latest = self._chapters[-1]
            if len(latest.writer.facts) < _FACTS_OF_EACH * len(latest.writer.cast):
                return latest
        writer = SceneWriter(self._rng, self._side)
        writer.cast = [self._stranger(at) for at in range(_CHAPTER_CAST)]
        if self._chapters:
            known = self._chapters[-1].writer.attributes
            writer.attributes = self._rng.sample(known, min(len(known), _CARRIED_ATTRIBUTES))
        self._chapters.append(_Chapter(writer))
        return self._chapters[-1]

    def _stranger(self, at: int) -> Subject:
        """Somebody whom no chapter knows; the first of each chapter has a name."""
        while True:
            self._crowd.draw_cast(len(self._crowd.cast) + 1)
            subject = self._crowd.cast[-1]
            if subject.name not in self._names and not (at == 0 and subject.nameless):
                self._names.add(subject.name)
                return subject

    def _add_block(self, writer: SceneWriter) -> None:
        roll = self._rng.random()
        changeable = writer.changeable()
        if roll < 0.12 and changeable:
            writer.add_update(self._rng.choice(changeable))
        elif roll < 0.30:
            writer.add_aside(of_another(writer, _NEAR))
        elif roll < 0.36:
            writer.add_small_talk()
        else:
            count = self._rng.choices((1, 2, 3), weights=(7, 3, 1))[0]
            writer.add_facts([writer.new_fact(near=_NEAR) for _ in range(count)])

    # -- asking ------------------------------------------------------------------------------------

    def _probe(self, kind: str, chapter: _Chapter) -> Probe | None:
        writer = chapter.writer
        facts = [fact for fact in writer.facts.values() if self._holder(chapter, fact) is not None]
        if kind == "unknown":
            return self._unknown(chapter) if facts else None
        if kind == "joint":
            return self._joint(chapter, facts)
        fitting = [fact for fact in facts if kind in (_APART, self._kind(chapter, fact))]
        if not fitting:
            return None
        return self._single(kind, chapter, self._rng.choice(fitting))

    def _single(self, kind: str, chapter: _Chapter, fact: Fact) -> Probe | None:
        last = len(chapter.writer.blocks)
        asked = fact_question(chapter.writer, fact, 0, last, kind)
        if in_other_words(chapter.writer, asked) is not (kind == _APART):
            return None
        if not self._first_time(chapter, fact.slot):
            return None
        return Probe(kind, asked.text, asked.values, asked.others, self._told(chapter, [fact]))

    def _joint(self, chapter: _Chapter, facts: list[Fact]) -> Probe | None:
        if len(facts) < 2:
            return None
        one = self._rng.choice(facts)
        # Half of them ask the same of two ("What are Ann's and Ben's jobs?") where that can be.
        same = [fact for fact in facts if fact.attribute == one.attribute and fact is not one]
        rest = [fact for fact in facts if fact is not one]
        two = self._rng.choice(same if same and self._rng.random() < 0.5 else rest)
        if self._holder(chapter, one) == self._holder(chapter, two):
            return None
        last = len(chapter.writer.blocks)
        asked = joint_question(chapter.writer, one, two, 0, last)
        if in_other_words(chapter.writer, asked) or not self._first_time(
            chapter, one.slot, two.slot
        ):
            return None
        told = self._told(chapter, [one, two])
        return Probe("joint", asked.text, asked.values, asked.others, told)

    def _unknown(self, chapter: _Chapter) -> Probe | None:
        fact = unstated(chapter.writer)
        if not self._first_time(chapter, fact.slot):
            return None
        asked = fact_question(chapter.writer, fact, 0, len(chapter.writer.blocks), "unknown")
        return Probe("unknown", asked.text)

    def _first_time(self, chapter: _Chapter, *slots: tuple[str, str]) -> bool:
        if slots in chapter.asked:
            return False
        chapter.asked.add(slots)
        return True

    def _kind(self, chapter: _Chapter, fact: Fact) -> str:
        writer = chapter.writer
        holding = [at for at, told in enumerate(writer.told) if fact.slot in told]
        if holding[-1] in writer.asides:
            return "context"
        if len(holding) > 1:
            return "updated"
        value = TYPES[fact.attribute.kind]
        return "numeric" if value.numeric else "rare_word" if value.rare else "plain"

    def _holder(self, chapter: _Chapter, fact: Fact) -> int | None:
        """The latest block that tells the fact's value."""
        for at in reversed(range(len(chapter.writer.told))):
            if fact.slot in chapter.writer.told[at]:
                return at
        return None

    def _told(self, chapter: _Chapter, facts: list[Fact]) -> tuple[tuple[str, str], ...]:
        told = []
        for fact in facts:
            at = self._holder(chapter, fact)
            if at is None:
                continue
            value = chapter.writer.told[at][fact.slot]
            turns = turns_of(chapter.writer.blocks[at])
            told += [
                (chapter.sessions[at], turn.text)
                for turn in turns
                if value.casefold() in turn.text.casefold()
            ][:1]
        return tuple(told)


def turns_of(block: Block) -> list[Turn]:
    """All that is said in a block, what is read only and what is woven."""
    first, *rest = block.woven
    if block.head:
        first = Turn(first.role, f"{block.head} {first.text}")
    return [*block.earlier, first, *rest]
