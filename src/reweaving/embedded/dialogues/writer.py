"""Writes a scene: a cast, facts about it spread over past sessions, and requests over runs of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from reweaving.embedded.dialogues import blocks, phrasing, product
from reweaving.embedded.dialogues.attributes import NOUNS
from reweaving.embedded.dialogues.facts import (
    PAST,
    Attribute,
    Fact,
    draw_attribute,
    draw_value,
    owner_of,
    say,
)
from reweaving.embedded.dialogues.scene import Block
from reweaving.embedded.dialogues.split import Side, choose
from reweaving.embedded.dialogues.subjects import Subject, common, me, person, render, thing
from reweaving.embedded.dialogues.synonyms import alike

Slot = tuple[str, str]


@dataclass
class SceneWriter:
    """Blocks under construction, with the facts that each of them states.

    Attributes
    ----------
    kinds : frozenset of str or None
        Types of value to which attributes are limited.
    told : list
        For each block the facts (or product facts) it states, as slot → value.
    asides : set of int
        Blocks whose subject was named only in a turn that is not woven.
    """

    rng: random.Random
    side: Side
    kinds: frozenset[str] | None = None
    cast: list[Subject] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    facts: dict[Slot, Fact] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    told: list[dict[Slot, str]] = field(default_factory=list)
    asides: set[int] = field(default_factory=set)

    def draw_cast(self, size: int) -> None:
        """Draw people and things that cannot be mistaken for one another."""
        names = {word for subject in self.cast for word in _name_words(subject)}
        while len(self.cast) < size:
            roll = self.rng.random()
            subject = person(self.rng, self.side) if roll < 0.6 else thing(self.rng, self.side)
            subject = me() if roll > 0.78 else common() if roll > 0.7 else subject
            parts = _name_words(subject)
            if not parts & names:
                names |= parts
                self.cast.append(subject)

    def new_fact(self, near: float = 0.6) -> Fact:
        """Draw a fact of an empty slot; with probability `near` of an attribute already used."""
        for _ in range(60):
            subject = self.rng.choice(self.cast)
            owner = owner_of(subject)
            used = [a for a in self.attributes if self._fits(a, owner)]
            if used and self.rng.random() < near:
                attribute = self.rng.choice(used)
            else:
                kinds = self.kinds
                if used and self.rng.random() < 0.4:
                    kinds = frozenset({self.rng.choice(used).kind})
                attribute = draw_attribute(self.rng, subject, self.side, kinds)
            free = (subject.name, attribute.key) not in self.facts
            value = self._fresh_value(attribute) if free else ""
            if value and not self._confused(subject, attribute):
                break
        else:
            # Somebody more, and more often something new: nobody else has what "the gate code" is.
            self.draw_cast(len(self.cast) + 1)
            return self.new_fact(near / 2)
        if attribute not in self.attributes:
            self.attributes.append(attribute)
        fact = Fact(subject, attribute, value)
        self.facts[fact.slot] = fact
        return fact

    def add_neighbour(self, facts: list[Fact]) -> None:
        """Replace the second fact by another one about the first one's subject."""
        cast, self.cast = self.cast, [facts[0].subject]
        del self.facts[facts[1].slot]
        facts[1] = self.new_fact(near=0.2)
        self.cast = cast + [subject for subject in self.cast if subject not in cast]

    def _confused(self, subject: Subject, attribute: Attribute) -> bool:
        """Whether the subject has an attribute that could be taken for this one."""
        slots = {*self.facts, *(slot for told in self.told for slot in told)}
        owners = {subject.name} | ({"product"} if subject.kind == "me" else set())
        held = [key for owner, key in slots if owner in owners]
        # "The gate code" is nobody's, or that of whoever has one.
        others = [key for owner, key in slots if subject.kind == "common" or owner == ""]
        both = attribute.key in (others if subject.kind != "me" else [*held, *others])
        return both or any(alike(key, attribute.key) for key in held)

    def _fits(self, attribute: Attribute, owner: str) -> bool:
        if attribute.relation:
            return attribute.relation.owners == owner
        return owner in _owners(attribute)

    def _fresh_value(self, attribute: Attribute) -> str:
        """Draw a value that nothing else in the scene has; "" where there are too few of them."""
        taken = {value.lower() for told in self.told for value in told.values()}
        taken |= {fact.value.lower() for fact in self.facts.values()}
        for _ in range(40):
            value = draw_value(self.rng, attribute, self.side)
            if not any(value.lower() in other or other in value.lower() for other in taken):
                return value
        return ""

    def _newer(self, fact: Fact) -> Fact:
        """Put another value in the place of a fact's."""
        value = self._fresh_value(fact.attribute)
        while not value or value == fact.value:
            value = draw_value(self.rng, fact.attribute, self.side)
        newer = Fact(fact.subject, fact.attribute, value)
        self.facts[newer.slot] = newer
        return newer

    def changeable(self) -> list[Fact]:
        """Return the facts that a later one may replace: not those of what is past."""
        return [fact for fact in self.facts.values() if fact.attribute.key not in PAST]

    def add_facts(self, facts: list[Fact], *, updated: bool = False, as_story: bool = False) -> int:
        """Write a block that states `facts` and return its number."""
        sentences = self._sentences(facts, updated)
        roll = self.rng.random()
        if as_story or roll < 0.14:
            block = blocks.story(self.rng, self.side, sentences)
        elif roll < 0.24 and len(facts) == 1 and not updated:
            block = blocks.by_assistant(self.rng, self.side, facts[0])
        else:
            block = blocks.statement(self.rng, self.side, sentences)
        return self._append(block, {fact.slot: fact.value for fact in facts})

    def _sentences(self, facts: list[Fact], updated: bool) -> list[str]:
        """State facts one after another; a subject that was just named may become "she" or "it"."""
        sentences: list[str] = []
        named: Subject | None = None
        for fact in facts:
            nameless = fact.subject.nameless
            if not nameless and not updated and named is None and self.rng.random() < 0.1:
                opening = choose(self.rng, "open", self.side, phrasing.OPENS_TOPIC)
                sentences.append(render(opening, fact.subject, "user"))
                named = fact.subject
            # "The code", where the code of somebody else was just told, would be taken for that one.
            alone = sum(other.attribute == fact.attribute for other in facts) == 1
            again = not nameless and alone and fact.subject == named and self.rng.random() < 0.6
            sentences.append(say(self.rng, fact, self.side, updated=updated, pronoun=again))
            named = fact.subject
        return sentences

    def add_aside(self, fact: Fact) -> int:
        """Write a block whose woven part does not name the subject."""
        number = self._append(blocks.aside(self.rng, self.side, fact), {fact.slot: fact.value})
        self.asides.add(number)
        return number

    def add_update(self, fact: Fact) -> Fact:
        """Write a block that replaces the value of `fact`."""
        newer = self._newer(fact)
        self.add_facts([newer], updated=True)
        return newer

    def add_both(self, fact: Fact) -> Fact:
        """Write one block that states `fact` and, later in the same session, its newer value."""
        newer = self._newer(fact)
        first = say(self.rng, fact, self.side)
        second = say(self.rng, newer, self.side, updated=True)
        block = blocks.corrected(self.rng, self.side, first, second)
        self._append(block, {newer.slot: newer.value})
        return newer

    def add_small_talk(self) -> int:
        """Write a block without facts."""
        return self._append(blocks.small_talk(self.rng, self.side), {})

    def add_unanswered(self) -> int:
        """Write a block in which somebody asked what was not known."""
        subject = self.rng.choice(self.cast)
        attribute = draw_attribute(self.rng, subject, self.side, self.kinds)
        if (subject.name, attribute.key) in self.facts or self._confused(subject, attribute):
            return self.add_small_talk()  # nobody would say that what was told is not known
        fact = Fact(subject, attribute, "")
        return self._append(blocks.unanswered(self.rng, self.side, fact), {})

    def add_product(self, keys: tuple[str, ...], split: bool) -> None:
        """Write what an assistant of one of the products was told, in one block or in several."""
        said = {}
        for key in keys:
            fact = product.product_fact(key)
            value = product.product_value(self.rng, fact, self.side)
            said[key] = (value, product.product_says(self.rng, fact, value, self.side))
        groups = [(key,) for key in keys] if split else [keys]
        for group in groups:
            block = blocks.statement(self.rng, self.side, [said[key][1] for key in group])
            self._append(block, {("product", key): said[key][0] for key in group})

    def _append(self, block: Block, told: dict[Slot, str]) -> int:
        self.blocks.append(block)
        self.told.append(told)
        return len(self.blocks) - 1

    def known(self, slot: Slot, first: int, last: int) -> str | None:
        """Return the latest value of a slot in the blocks `first` … `last - 1`."""
        for told in reversed(self.told[first:last]):
            if slot in told:
                return told[slot]
        return None


def _name_words(subject: Subject) -> set[str]:
    return {word for word in subject.name.split() if word not in ("my", "our", "the")}


def _owners(attribute: Attribute) -> tuple[str, ...]:
    return tuple(o for o in NOUNS if (attribute.key, attribute.kind) in NOUNS[o])
