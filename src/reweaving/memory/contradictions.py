"""Whether a later text gives another value to what an earlier one says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reweaving.memory.wording import content, is_update, pieces, sentences, tells_something

_LEAST_NAMING = 2  # words that name the thing: whose, and what
_MOST_VALUE = 5
_MARK_WORDS = 5  # of a sentence that says no more than that something is different
_SMALL_TALK_WORDS = 24

# What stands between a thing and its value; "is no longer the same, it is" is one of these as well. What
# somebody was is a story, not a state that something later could contradict.
_DIFFERENT = re.compile(
    r"\b(?:is|are)\s+(?:no\s+longer\s+the\s+same|not\s+that\s+any\s*more|different(?:\s+now)?)\b"
    r"|\b(?:isn|aren)[’']t\s+that\s+any\s*more\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"""
    (?:,\s*|\b)(?:it|that)(?:\s+is|[’']s)\b (?:\s+now\b)?
    | \b(?: (?:(?:has|have|was|were)\s+)?(?:become|became|changed\s+to|turned\s+into|switched\s+to)
        | (?:is|are|will\s+be|should\s+be|happens\s+to\s+be) (?:\s+(?:called|named|now|always))*
        | goes\s+by\s+the\s+name | has\s+the\s+name | called )\b
    | \s=\s | :(?=\s) | ,\s*the\s+answer\s+is\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Verbs of which one thing at a time is true; the verb belongs to what is named.
_STATE = re.compile(
    r"\b(?P<verb>(?:liv|work|stay|bank|report)(?:es?|s)?\s+(?:in|at|as|for|with|to|under)|drives?)\b",
    re.IGNORECASE,
)
_REPLACING = re.compile(
    r"\b(?:update|replace|changed?|switch(?:ed)?)\s+(?P<thing>.+?)\s+(?:to|with)\s+", re.IGNORECASE
)
# Said before the thing is named, and behind its value.
_LEAD = re.compile(
    r"""
    ^(?: (?:and|but|so|well|also|now|actually|meanwhile|instead|right\ now|at\ the\ moment|by\ now)\b,?
      | (?:please\ |(?:could|can)\ you\ |i[’']d\ like\ you\ to\ |you\ should\ |let\ me\ |don[’']t\ )*
        (?:remember|note(?:\ down)?|keep\ in\ mind|know|save|write\ down|add|update|forget|mention)
        (?:\ (?:that|this))?\b
      | (?:today\ )?i(?:[’']ve|\ have)?\ (?:found\ out|learned|heard|think|believe|was\ told)(?:\ that)?\b
      | it\ turns\ out(?:\ that)?\b | when\ it\ comes\ to\b | as\ for\b | we\ agreed\ that\b
      | (?:they|we)\ changed\b | the\ new\ value\ for\b | since\ (?:yesterday|last\ \w+)\b
      | from\ (?:now|today)\ on\b | as\ of\ (?:now|today)\b | these\ days\b )\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+(?:now|instead|these\s+days|any\s*more|today|again|by\s+now|since\s+(?:yesterday|last\s+\w+)"
    r"|as\s+of\s+(?:now|today)|at\s+the\s+moment))+[\s.!?]*$",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"a", "an", "the"})
_PLACING = frozenset({"in", "at", "on", "by", "near", "from", "to", "with", "under", "of", "for"})
_OWNERS = frozenset({"i", "we", "my", "our"})
_NEWER = frozenset({"new", "latest", "current"})
# Words that a value does not hold: there another clause has begun, or the thing is not named yet.
_CLAUSE = frozenset(
    re.findall(
        r"\w+",
        "i you he she it we they me my your his her our their and or but becaus while if when that which "
        "who what where how there this no not never than until have has had is are was were be ",
    )
)


@dataclass(frozen=True)
class Statement:
    """A thing and its value, as a sentence states them.

    Attributes
    ----------
    thing, value
        Stems, in order.
    kind
        Whether the value has digits; if not, whether it begins with a capital, an article, a preposition.
    rest
        What else its text says.
    """

    thing: tuple[str, ...]
    value: tuple[str, ...]
    kind: tuple[bool, ...]
    rest: tuple[str, ...]


def contradicted(older: str, newer: str) -> bool:
    """Whether `newer` says, in words of updating, that the one fact of `older` has another value now.

    Both must name the same thing in the same words, two at least, and give it values of one kind. What
    else the older text says must not be a fact of its own: an entry is superseded as a whole.
    """
    return contradicts(statements(older), updates(newer))


def contradicts(older: Sequence[Statement], updating: Sequence[Statement]) -> bool:
    """`contradicted` for texts that are taken apart already; see `statements` and `updates`."""
    return any(
        old.thing == new.thing
        and old.value != new.value
        and old.kind == new.kind
        and _says_no_more(old)
        for new in updating
        for old in older
    )


def statements(text: str) -> list[Statement]:
    """What a text states."""
    return [statement for _, statement in _statements(text)]


def updates(text: str) -> list[Statement]:
    """What a text states as being different now: in a sentence of updating, or behind one that says no more."""
    parts = sentences(text)
    marked = {at for at, part in enumerate(parts) if is_update(part)}
    marked |= {at + 1 for at in marked if len(content(parts[at])) <= _MARK_WORDS}
    return [statement for at, statement in _statements(text) if at in marked]


def _statements(text: str) -> Iterator[tuple[int, Statement]]:
    """Every statement, with the number of its sentence."""
    parts = sentences(text)
    for number, sentence in enumerate(parts):
        others = [part for at, part in enumerate(parts) if at != number]
        plain = _REPLACING.sub(r"\g<thing> = ", _DIFFERENT.sub(" ", sentence))
        for link in (*_LINK.finditer(plain), *_STATE.finditer(plain)):
            before, behind = pieces(plain[: link.start()]), pieces(plain[link.end() :])
            if before and behind:
                verb = link.groupdict().get("verb") or ""
                named, value = f"{_led(before[-1])} {verb}", _TAIL.sub("", behind[0])
                thing = tuple(word for word in content(named) if word not in _NEWER)
                stated = Statement(
                    thing, tuple(content(value)), _kind(value), (*others, *before[:-1], *behind[1:])
                )
                if _is_fact(stated):
                    yield number, stated


def _is_fact(statement: Statement) -> bool:
    """Whether the thing is named by words enough, and the value can be one."""
    unnamed = _CLAUSE.difference(_OWNERS).intersection(statement.thing)
    return (
        not unnamed
        and len(statement.thing) >= _LEAST_NAMING
        and 1 <= len(statement.value) <= _MOST_VALUE
        and not _CLAUSE.intersection(statement.value)
    )


def _led(piece: str) -> str:
    """A piece without what is said before the thing is named."""
    while (lead := _LEAD.match(piece)) is not None and lead.end():
        piece = piece[lead.end() :]
    return piece


def _kind(value: str) -> tuple[bool, ...]:
    bare = value.strip(" \"'(“‘")
    if any(map(str.isdigit, bare)):
        return (True,)
    first = bare.partition(" ")[0].casefold()
    return False, bare[:1].isupper(), first in _ARTICLES, first in _PLACING


def _says_no_more(statement: Statement) -> bool:
    """Whether what is said besides is small talk, or says the same once more."""
    value = set(statement.value)
    others = [part for part in statement.rest if not value <= set(content(part))]
    spoken = sum(len(content(part)) for part in others)
    return spoken <= _SMALL_TALK_WORDS and not any(map(tells_something, others))
