"""A fact, and the sentences that state it, ask for it and answer with it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import NamedTuple

from reweaving.embedded.dialogues import chatter, phrasing
from reweaving.embedded.dialogues.attributes import NOUNS
from reweaving.embedded.dialogues.paraphrase import NOUN_OF_VERB
from reweaving.embedded.dialogues.relation import Relation
from reweaving.embedded.dialogues.relations import RELATIONS
from reweaving.embedded.dialogues.split import Side, choose, draw, share, side_of
from reweaving.embedded.dialogues.subjects import Subject, render
from reweaving.embedded.dialogues.values import TYPES

_AMERICAN = {
    "favourite": "favorite",
    "colour": "color",
    "neighbour": "neighbor",
    "licence": "license",
    "travelling": "traveling",
    "practise": "practice",
    "grey": "gray",
}
_COUNTED = frozenset(
    {"device", "plan", "company", "account", "job", "animal", "instrument", "study"}
)
PAST = frozenset({
    "birthplace", "birthday", "childhood pet", "childhood sport", "childhood hobby", "country of birth",
    "first job", "first pet", "first instrument", "first car", "home country", "honeymoon destination",
    "wedding city", "wedding date", "was born on", "comes from", "broken", "celebrated with",
    "early years in", "family row lasted", "graduated on", "heard live", "honeymoon in", "jars of jam",
    "learned trade from", "learnt to read with", "lost", "married on", "met", "saw at cinema", "sold",
    "tipped", "toasted with", "wedding held in",
})  # fmt: skip
"""Keys of what has happened: it cannot change any more, and a second one would stand beside the first."""
_HAPPENING = frozenset({"date", "time", "day_time", "schedule"})
_CALLED = frozenset({"word", "project", "company", "title"})


@dataclass(frozen=True)
class Attribute:
    """A noun with its type of value, or a relation with phrasings of its own."""

    key: str
    kind: str
    relation: Relation | None = None


@dataclass(frozen=True)
class Fact:
    """`subject` has `value` for `attribute`."""

    subject: Subject
    attribute: Attribute
    value: str

    @property
    def slot(self) -> tuple[str, str]:
        """What can hold one value at a time; a later fact of the same slot replaces an earlier."""
        return self.subject.name, self.attribute.key


class Asked(NamedTuple):
    """A question, and the noun it asks by: empty where it asks by a relation's verb."""

    text: str
    noun: str


def _spell(american: bool, template: str) -> str:
    if american:
        for british, other in _AMERICAN.items():
            template = template.replace(british, other)
    return template


def _owned_by(owner: str, side: Side) -> list[Attribute]:
    nouns = [Attribute(noun, kind) for noun, kind in NOUNS[owner]]
    relations = [Attribute(r.key, r.kind, r) for r in RELATIONS if r.owners == owner]
    return [a for a in nouns + relations if side_of("attribute", a.key) is side]


_ATTRIBUTES = {(owner, side): _owned_by(owner, side) for owner in NOUNS for side in Side}


def owner_of(subject: Subject) -> str:
    """Return the kind of owner whose attributes a subject can have."""
    return subject.kind if subject.kind in ("thing", "common") else "person"


def attributes_of(subject: Subject, side: Side) -> list[Attribute]:
    """Return every attribute of that side that a subject can have."""
    return _ATTRIBUTES[owner_of(subject), side]


def draw_attribute(
    rng: random.Random, subject: Subject, side: Side, kinds: frozenset[str] | None = None
) -> Attribute:
    """Draw an attribute, of one of the `kinds` of value if any are given; nouns count more."""
    options = attributes_of(subject, side)
    fitting = [a for a in options if kinds is None or a.kind in kinds] or options
    weights = [0.6 if attribute.relation else 1.0 for attribute in fitting]
    return rng.choices(fitting, weights=weights)[0]


def draw_value(rng: random.Random, attribute: Attribute, side: Side) -> str:
    """Draw a value of the attribute's type."""
    return draw(rng, "value", side, TYPES[attribute.kind].make)


def say(
    rng: random.Random,
    fact: Fact,
    side: Side,
    *,
    speaker: str = "user",
    pronoun: bool = False,
    updated: bool = False,
) -> str:
    """Return a sentence that states the fact."""
    noun, template = _wording(fact, side)
    start = ""
    if template:
        if speaker == "assistant" and fact.attribute.relation:
            template = fact.attribute.relation.answer
        template = template.rstrip(".") + rng.choice((".", ".", ".", ".", "!"))
        if updated:
            start = choose(rng, "update start", side, phrasing.UPDATED_STARTS)
    else:
        template = _noun_template(rng, fact, side, speaker, pronoun, updated)
    american = rng.random() < 0.5
    template, noun = _spell(american, template), _spell(american, noun)
    text = render(template, fact.subject, speaker, fact.value, noun, pronoun)
    if start.endswith((", ", "now ")) and not text.startswith(("I ", fact.subject.name)):
        text = text[:1].lower() + text[1:]
    if speaker == "user" and not updated and text.endswith(".") and rng.random() < 0.08:
        tail = chatter.fill(rng, choose(rng, "tail", side, phrasing.TAILS), side)
        text = f"{text[:-1]}{tail}."
    return start + text


def _wording(fact: Fact, side: Side) -> tuple[str, str]:
    """Return the noun, and for a relation the saying, in which a fact is put: always the same for a fact."""
    relation, noun = fact.attribute.relation, fact.attribute.key
    if relation is None:
        return noun, ""
    drawn = random.Random(f"{fact.slot} {fact.value}")
    alias = _same_noun(relation, side)
    if alias and drawn.random() < 0.25:
        return alias, ""
    return noun, drawn.choice(relation.says)


def _same_noun(relation: Relation, side: Side) -> str:
    """Return the noun that means the same as the verb, if there is one on this side."""
    noun = NOUN_OF_VERB.get(relation.key, "")
    return noun if noun and side_of("attribute", noun) is side else ""


def _noun_template(
    rng: random.Random, fact: Fact, side: Side, speaker: str, pronoun: bool, updated: bool
) -> str:
    if speaker == "assistant":
        return "{P} {n} is {v}."
    if updated:
        return choose(rng, "update", side, phrasing.SAYS_UPDATED)
    if pronoun and fact.subject.kind != "me":
        return choose(rng, "say", side, phrasing.SAYS_PRONOUN)
    if (
        fact.attribute.kind in _CALLED
        and not fact.attribute.key.endswith("name")
        and rng.random() < 0.3
    ):
        return choose(rng, "say", side, phrasing.SAYS_CALLED)
    return choose(rng, "say", side, phrasing.SAYS_NOUN)


def alias(rng: random.Random, subject: Subject) -> Subject:
    """Return the subject by one of its names: "my sister Ann" is "my sister" and "Ann" too."""
    words = subject.name.split()
    if subject.kind != "person" or not subject.name.startswith("my ") or not words[-1][0].isupper():
        return subject
    names = (subject.name, " ".join(words[:-1]), words[-1])
    return replace(subject, name=rng.choice(names))


def ask(
    rng: random.Random,
    attribute: Attribute,
    subject: Subject,
    side: Side,
    american: bool = False,
    *,
    wrapped: bool = True,
) -> Asked:
    """Ask for the attribute's value, directly or as a clause, maybe among idle words."""
    relation = attribute.relation
    noun = attribute.key
    if relation and rng.random() < 0.2:
        noun = _same_noun(relation, side)
        relation = None if noun else relation
    named = "" if relation else noun
    noun = _spell(american, noun)
    if relation and rng.random() < 0.6:
        template = rng.choice(relation.asks)
    elif relation:
        clause = choose(rng, "clause", side, phrasing.WRAPS_CLAUSE)
        template = clause.replace("{c}", relation.about)
    else:
        template, noun = _noun_question(rng, attribute.kind, noun, subject, side)
        while not wrapped and template.startswith("And"):  # something else stands before it
            template, noun = _noun_question(rng, attribute.kind, noun, subject, side)
    question = render(_spell(american, template), subject, "user", noun=noun)
    if wrapped and rng.random() < 0.3:
        question = _wrapped(rng, question, subject, side)
    return Asked(question, named)


def _noun_question(
    rng: random.Random, kind: str, noun: str, subject: Subject, side: Side
) -> tuple[str, str]:
    """Return a template that asks for a noun, and the noun to put into it."""
    roll = rng.random()
    if roll < 0.3 and kind in _COUNTED and subject.kind != "common":
        named = noun.removesuffix(" model") if rng.random() < 0.5 else noun
        return choose(rng, "which", side, phrasing.ASKS_WHICH), named
    if roll < 0.6 and noun.endswith("'s name"):
        return choose(rng, "ask", side, phrasing.ASKS_CALLED), noun.removesuffix("'s name")
    fitting = share("ask", side, phrasing.ASKS_OF_KIND.get(kind, ()))
    happens = kind in _HAPPENING and not noun.endswith(("date", "day", "time", "deadline"))
    if (happens or 0.3 < roll < 0.6) and fitting and "name" not in noun:
        return rng.choice(fitting), noun
    if side is Side.TRAIN and roll > 0.9:
        return rng.choice(phrasing.ASKS_PLAIN), noun
    return choose(rng, "ask", side, phrasing.ASKS_NOUN), noun


def _wrapped(rng: random.Random, question: str, subject: Subject, side: Side) -> str:
    """Return the question with idle words before or behind it."""
    wrap = choose(rng, "wrap", side, phrasing.WRAPS_QUESTION)
    joined = wrap.index("{q}") > 0 and wrap[wrap.index("{q}") - 2] not in ".:!?"
    named = question.startswith("I ") or (subject.name and question.startswith(subject.name))
    if joined and not named:
        question = question[:1].lower() + question[1:]
    return wrap.replace("{q}", question)


def ask_both(
    rng: random.Random, attribute: Attribute, one: Subject, two: Subject, side: Side, american: bool
) -> str:
    """Return one question for the same attribute, a noun, of two subjects."""
    # "My and Ann's rent" is not English.
    in_full = one.nameless or two.nameless
    templates = tuple(phrasing.ASKS_BOTH_IN_FULL if in_full else phrasing.ASKS_BOTH)
    template = choose(rng, "both", side, templates)
    noun = _spell(american, attribute.key)
    owns, owned = one.forms("user")[1], two.forms("user")[1]
    text = template.format(a=owns, b=owned, n=noun)
    return text[:1].upper() + text[1:]


def answer(fact: Fact, subject: Subject, noun: str, american: bool = False) -> str:
    """Return the assistant's sentence that holds the value, in the words of a question by that noun or by none.

    It ends in the value wherever English lets it: what is looked up comes after what it is looked up by.
    """
    relation = fact.attribute.relation
    template = relation.answer if relation and not noun else "{P} {n} is {v}."
    noun = _spell(american, noun)
    return render(_spell(american, template), subject, "assistant", fact.value, noun)
