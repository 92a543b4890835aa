"""Who or what a fact is about, and how the user and the assistant speak of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from reweaving.embedded.dialogues import words
from reweaving.embedded.dialogues.coined import coin
from reweaving.embedded.dialogues.split import Side, choose, draw

_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeioAEIO](?!u|ne\b))")
_OBJECTS = {"she": "her", "he": "him", "it": "it"}
_VERB = re.compile(r"\{([\w' ]+)\|([\w' ]+)\}")


@dataclass(frozen=True)
class Subject:
    """A person or thing that facts are about.

    Attributes
    ----------
    kind : str
        `me`, `person`, `thing`, or `common` for what needs no owner ("the gate code").
    name : str
        As the user says it: "I", "Ann", "my sister", "the Falcon project".
    pronoun : str
        `she`, `he`, `it`; "I" for the user.
    """

    kind: str
    name: str
    pronoun: str

    @property
    def nameless(self) -> bool:
        """Whether it is spoken of without a name: the user, and what needs no owner."""
        return self.kind in ("me", "common")

    def forms(self, speaker: str, pronoun: bool = False) -> tuple[str, str]:
        """Return the subject and its possessive as `speaker` (`user` or `assistant`) says them."""
        if self.kind == "me":
            return ("I", "my") if speaker == "user" else ("you", "your")
        if pronoun:
            return self.pronoun, {"she": "her", "he": "his", "it": "its"}[self.pronoun]
        if self.kind == "common":
            return "it", "the"
        name = self.name
        if speaker == "assistant":
            name = re.sub(r"\bmy\b", "your", name)
            name = re.sub(r"\bour\b", "your", name)
        return name, f"{name}'" if name.endswith("s") and " " in name else f"{name}'s"


def render(
    template: str,
    subject: Subject,
    speaker: str,
    value: str = "",
    noun: str = "",
    pronoun: bool = False,
) -> str:
    """Fill a template: `{S}` subject, `{O}` as object, `{P}` possessive, `{v}` value, `{n}` noun, `{goes|go}` verb.

    `{is}` is "am" or "are" and `{was}` "were" where the subject is the user.
    """
    name, possessive = subject.forms(speaker, pronoun)
    third = subject.kind != "me"
    be = "is" if third else ("am" if speaker == "user" else "are")
    was = "was" if third or speaker == "user" else "were"
    text = (
        template.replace("The {n} of {S}", "{P} {n}").replace("the {n} of {S}", "{P} {n}")
        if subject.nameless
        else template
    )
    text = text.replace("{is}", be).replace("{was}", was)
    text = _VERB.sub(lambda match: match.group(1 if third else 2), text)
    other = (
        (_OBJECTS[name] if pronoun else name) if third else ("me" if speaker == "user" else "you")
    )
    filled = text.format(S=name, O=other, P=possessive, v=value, n=noun)
    filled = _BEFORE_VOWEL.sub(r"\1n ", filled)
    return filled[:1].upper() + filled[1:]


def common() -> Subject:
    """Return the owner of what needs none: "the gate code", "the deadline"."""
    return Subject("common", "", "it")


def me() -> Subject:
    """Return the user."""
    return Subject("me", "I", "I")


_PRONOUNS = {
    "he": frozenset({
        "brother", "father", "dad", "husband", "uncle", "grandfather", "grandpa", "son", "nephew", "boyfriend",
        "stepson", "father-in-law", "brother-in-law",
    }),
    "she": frozenset({
        "sister", "mother", "mum", "wife", "aunt", "grandmother", "grandma", "daughter", "niece", "girlfriend",
        "godmother", "stepdaughter", "mother-in-law", "sister-in-law",
    }),
}  # fmt: skip


def person(rng: random.Random, side: Side) -> Subject:
    """Draw a person: by first name, by relation, or by both."""
    roll = rng.random()
    pronoun = rng.choice(("she", "he"))
    if roll < 0.55:
        name = choose(rng, "person", side, words.FIRST_NAMES)
    elif roll < 0.60:
        name = draw(rng, "person", side, coin)
    elif roll < 0.92:
        name = choose(rng, "person", side, words.RELATIVES)
    else:
        relative = choose(rng, "person", side, words.RELATIVES)
        name = f"{relative} {choose(rng, 'person', side, words.FIRST_NAMES)}"
    for known, words_for in _PRONOUNS.items():
        pronoun = known if any(word in name.split() for word in words_for) else pronoun
    return Subject("person", name, pronoun)


_THINGS = (
    "my car", "my bike", "my laptop", "my phone", "my printer", "my boat", "my house", "my flat", "my garden",
    "my office", "our office", "our cottage", "my van", "my motorbike", "my camera", "my tent", "my guitar",
    "my workshop", "our kitchen", "our shop", "my router", "my thermostat", "my drone", "my garage", "my desk",
    "our boat", "my caravan", "my tablet", "our server", "my watch", "my allotment", "our clinic", "my bakery",
    "my cabin", "our warehouse", "my piano", "my studio", "my freezer", "our bus", "our choir",
    "our book club", "my team", "my company", "our school", "the library", "the gym", "the museum", "the cafe",
    "the new printer", "the meeting room", "the greenhouse", "the school play", "the spring festival",
    "the conference",
)  # fmt: skip

_NAMED_THINGS = (
    "the {} project", "project {}", "the {} account", "the {} hotel", "the {} team", "the {} server",
    "the {} contract", "the {} restaurant", "the {} report", "the {} device", "the {} machine",
    "the {} workshop", "the {} trip", "the {} society", "the {} building", "the {} event", "the {} order",
    "the ship {}",
)  # fmt: skip


def thing(rng: random.Random, side: Side) -> Subject:
    """Draw a thing: of the user's, or with a made-up name."""
    if rng.random() < 0.6:
        return Subject("thing", choose(rng, "thing", side, _THINGS), "it")
    shape = choose(rng, "thing", side, _NAMED_THINGS)
    name = draw(rng, "person", side, coin)
    return Subject("thing", shape.format(name), "it")
