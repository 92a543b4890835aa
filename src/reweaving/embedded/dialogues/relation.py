"""An attribute that is a verb ("lives in", "is allergic to") with its own phrasings.

In a template `{S}` is the subject (`{O}` as an object), `{P}` its possessive, `{v}` the value, and `{works|work}` the
verb for a third person and for "I" or "you", `{is}` and `{was}`. `asks` are direct questions, `about` the same as a
clause ("where Ann lives"), `answer` what the assistant says.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """One attribute with the ways to state it, to ask for it and to answer."""

    key: str
    kind: str
    says: tuple[str, ...]
    asks: tuple[str, ...]
    about: str
    answer: str
    owners: str = "person"


def relation(
    key: str, kind: str, says: str, asks: str, about: str, answer: str, owners: str = "person"
) -> Relation:
    """Build a relation from phrasings that are separated by slashes."""
    return Relation(key, kind, _lines(says), _lines(asks), about, answer, owners)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("/") if line.strip())
