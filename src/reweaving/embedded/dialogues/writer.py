"""Writes a scene: a cast, facts about it spread over past sessions, and requests over runs of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from reweaving.embedded.dialogues import blocks, chatter, phrasing, product
from reweaving.embedded.dialogues.attributes import NOUNS
from reweaving.embedded.dialogues.facts import (
    Attribute,
    Fact,
    alias,
    answer,
    ask,
    ask_both,
    draw_attribute,
    draw_value,
    owner_of,
    say,
)
from reweaving.embedded.dialogues.general import ordinary_request
from reweaving.embedded.dialogues.scene import Block, Question, Turn
from reweaving.embedded.dialogues.split import Side, choose
from reweaving.embedded.dialogues.subjects import Subject, common, me, person, render, thing
from reweaving.embedded.dialogues.synonyms import alike
from reweaving.embedded.dialogues.values import TYPES

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
            self.draw_cast(len(self.cast) + 1)
            return self.new_fact(near)
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
        owners = {subject.name} | ({"product"} if subject.kind == "me" else set())
        held = [key for told in self.told for owner, key in told if owner in owners]
        held += [key for owner, key in self.facts if owner in owners]
        both = subject.kind == "me" and attribute.key in held
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
            nameless = fact.subject.kind in ("me", "common")
            if not nameless and not updated and named is None and self.rng.random() < 0.1:
                opening = choose(self.rng, "open", self.side, phrasing.OPENS_TOPIC)
                sentences.append(render(opening, fact.subject, "user"))
                named = fact.subject
            again = not nameless and fact.subject == named and self.rng.random() < 0.6
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

    def others(self, values: tuple[str, ...], first: int, last: int) -> tuple[str, ...]:
        """Return the values in a run of blocks that are none of `values`."""
        found = {value for told in self.told[first:last] for value in told.values()}
        return tuple(sorted(found - set(values)))

    def question(
        self,
        skill: str,
        first: int,
        last: int,
        text: str,
        reply: str | None,
        values: tuple[str, ...] = (),
    ) -> Question:
        """Write a request over a run of blocks, with a conversation of its own around it."""
        system = chatter.system_prompt(self.rng, self.side, default=0.35, none=0.5)
        earlier: tuple[Turn, ...] = ()
        if self.rng.random() < 0.05:
            earlier = blocks.earlier_turns(self.rng, self.side, quiet=0.0)
        others = self.others(values, first, last) if values else ()
        asked = _scribble(self.rng, text)
        holding = tuple(self._holding(value, first, last) for value in values)
        return Question(skill, first, last, system, earlier, asked, reply, values, others, holding)

    def _holding(self, value: str, first: int, last: int) -> int:
        """Return the latest of a run of blocks that states `value`."""
        return max(i for i in range(first, last) if value in self.told[i].values())

    def ask_fact(self, fact: Fact, first: int, last: int, skill: str = "") -> Question:
        """Ask for a fact; the answer follows from what the run of blocks holds."""
        subject = alias(self.rng, fact.subject)
        american = self.rng.random() < 0.5
        text, noun = ask(self.rng, fact.attribute, subject, self.side, american)
        value = self.known(fact.slot, first, last)
        if value is None:
            return self.question(skill or "abstain", first, last, text, phrasing.UNKNOWN)
        reply = answer(Fact(fact.subject, fact.attribute, value), subject, noun, american)
        skill = skill or self._skill(fact, first, last)
        return self.question(skill, first, last, text, reply, (value,))

    def ask_joint(self, one: Fact, two: Fact, first: int, last: int) -> Question:
        """Ask for two facts at once; both must be known."""
        american = self.rng.random() < 0.5
        same = one.attribute == two.attribute and one.attribute.relation is None
        if same and self.rng.random() < 0.6:
            subjects = (one.subject, two.subject)
            text = ask_both(self.rng, one.attribute, *subjects, self.side, american)
            nouns = [one.attribute.key] * 2
        else:
            asked = [
                ask(self.rng, f.attribute, f.subject, self.side, american, wrapped=False)
                for f in (one, two)
            ]
            template = choose(self.rng, "join", self.side, phrasing.JOINS)
            text = template.replace("{a}", asked[0].text).replace("{b}", asked[1].text)
            nouns = [question.noun for question in asked]
        values = tuple(str(self.known(fact.slot, first, last)) for fact in (one, two))
        told = [Fact(f.subject, f.attribute, v) for f, v in zip((one, two), values, strict=True)]
        reply = " ".join(
            answer(fact, fact.subject, noun, american)
            for fact, noun in zip(told, nouns, strict=True)
        )
        return self.question("joint", first, last, text, reply, values)

    def ask_product(self, key: str, first: int, last: int) -> Question:
        """Ask one of the product assistants for what it was told."""
        fact = product.product_fact(key)
        text = product.product_asks(self.rng, fact, self.side)
        value = self.known(("product", key), first, last)
        if value is None:
            return self.question("abstain", first, last, text, phrasing.UNKNOWN)
        reply = fact.answer.replace("{v}", value)
        return self.question("product", first, last, text, reply, (value,))

    def ask_transfer(self, first: int, last: int) -> Question:
        """Ask the banking helper to act on two memories."""
        text = choose(self.rng, "product", self.side, product.TRANSFER_REQUESTS)
        amount = self.known(("product", "transfer"), first, last)
        account = self.known(("product", "account"), first, last)
        if amount is None or account is None:
            return self.question("abstain", first, last, text, phrasing.UNKNOWN)
        reply = product.TRANSFER_ANSWER.replace("{amount}", amount).replace("{account}", account)
        return self.question("product", first, last, text, reply, (amount, account))

    def ask_ordinary(self, first: int, last: int) -> Question:
        """Ask what needs no memory; the plain model's own answer is the target."""
        text = ordinary_request(self.rng, self.side)
        return self.question("general", first, last, text, None)

    def _skill(self, fact: Fact, first: int, last: int) -> str:
        holding = [i for i in range(first, last) if fact.slot in self.told[i]]
        if holding[-1] in self.asides:
            return "context"
        if len(holding) > 1:
            return "updated"
        if last - first >= 6:
            return "near_miss"
        kind = TYPES[fact.attribute.kind]
        return "numeric" if kind.numeric else "rare_word" if kind.rare else "plain"


def _name_words(subject: Subject) -> set[str]:
    return {word for word in subject.name.split() if word not in ("my", "our", "the")}


def _owners(attribute: Attribute) -> tuple[str, ...]:
    return tuple(o for o in NOUNS if (attribute.key, attribute.kind) in NOUNS[o])


def _scribble(rng: random.Random, text: str) -> str:
    """Return a request as people type it: now and then in lower case or without its last mark."""
    roll = rng.random()
    if roll < 0.06:
        return text.lower()
    if roll < 0.14:
        return text.rstrip("?.!")
    if roll < 0.16:
        return text.upper() if len(text) < 40 else text
    return text
