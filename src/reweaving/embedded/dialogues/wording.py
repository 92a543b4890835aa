"""Whether a question shares a word with what answers it, or only the meaning."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from reweaving.embedded.dialogues import phrasing, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reweaving.embedded.dialogues.scene import Block, Question

_WORD = re.compile(r"[a-z]{3,}")  # in lower case: no names, no first words of sentences
_STEM = 5
_SMALL = (
    "about all and any anybody anyone are but can could did does for from get gets going got had has have her him his "
    "how its let may one our out she should that the their them then there these they this was were what when where "
    "which who whom whose why will with would you your"
)


def shares_no_word(question: Question, blocks: Sequence[Block], names: Iterable[str]) -> bool:
    """Whether any value that a question asks for was told in words that the question has not.

    Words count by their first letters; the `names` that are spoken of and the idle words around questions do not.
    """
    asked = _stems(question.text.lower()) - _idle() - _stems(" ".join(names).lower())
    told = (" ".join(turn.text for turn in blocks[at].woven) for at in question.holding)
    return any(not asked & _stems(text) for text in told)


def _stems(text: str) -> set[str]:
    return {word[:_STEM].rstrip("s") for word in _WORD.findall(text)}


@cache
def _idle() -> frozenset[str]:
    """Stems that say nothing about what is asked for."""
    around = (
        *phrasing.ASKS_NOUN,
        *phrasing.WRAPS_QUESTION,
        *phrasing.WRAPS_CLAUSE,
        *phrasing.ASKS_WHICH,
        *phrasing.ASKS_BOTH,
        *phrasing.JOINS,
        *(text for texts in phrasing.ASKS_OF_KIND.values() for text in texts),
    )
    return frozenset(_stems(" ".join((_SMALL, *around, *words.RELATIVES)).lower()))
