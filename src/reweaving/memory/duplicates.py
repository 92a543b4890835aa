"""Which entries say the same as a later one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from reweaving.memory.wording import content, stands_alone
from reweaving.types import MemoryEntry

_LEAST_WORDS = 3  # "Of course." is no statement


def repetitions(entries: Iterable[MemoryEntry]) -> Iterator[tuple[MemoryEntry, MemoryEntry]]:
    """Pairs of an entry and the next later one of the same speaker that says the same.

    The same words in the same order, as far as they are more than a way to begin a sentence; case,
    punctuation, spelling and endings do not count. The text must mean the same wherever and whenever
    it is said: "It is green." does not, nor does "We met yesterday.".

    Notes
    -----
    Retrieval keys have no say. At the key layer of SmolLM2 (late interaction both ways, states centred)
    the same words are .9987 to .9995 alike when they are said of the same thing and .90 to .9994 when of
    different ones; "Anna gave Peter …" and "Peter gave Anna …" are .984 alike, "… is 4711" and
    "4711 is …" .908. No threshold tells the first of each pair from the second.
    """
    groups: dict[tuple[str, ...], list[MemoryEntry]] = defaultdict(list)
    for entry in entries:
        words = saying(entry.text)
        if words:
            groups[entry.role, *words].append(entry)
    for group in groups.values():
        yield from pairwise(sorted(group, key=lambda entry: (entry.timestamp, entry.position_idx)))


def saying(text: str) -> tuple[str, ...]:
    """What a text says, equal for texts that say the same wherever they are said; empty for any other."""
    words = tuple(content(text))
    return words if len(words) >= _LEAST_WORDS and stands_alone(text) else ()
