"""Words of a text for search: which carry content, and their stems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer
import torch

_WORD = re.compile(r"\w+")
_SKIPPED_CHARACTERS = 8  # blanks, and characters that no single token spells
_FUNCTION_SHARE = 0.05  # not nothing: a request may consist of function words only

# English words that build or open a sentence and do not say what it is about. Their states match something
# in almost every span, and question words match almost none: both mislead a search.
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        "a about again all also am an and any are as at be because been being both but by can "
        "could d did do does doing done for from had has have having he hello her here hers hey "
        "hi him his how i if in into is it its just let lets ll m me might mine must my no "
        "not of off ok okay on or our ours out over own please re s shall she should so some such "
        "t tell than thank thanks that the their theirs them then there these they this those to "
        "too up us ve very was we were what when where which while who whom whose why will with "
        "would yes you your yours"
    )
)


def is_content(word: str) -> bool:
    """Whether a word says what a sentence is about."""
    return word.casefold() not in _FUNCTION_WORDS


def stems(text: str) -> list[str]:
    """Stems of the content words of a text, in its order, repeated where they repeat."""
    return [_stem(word) for word in _WORD.findall(text.casefold()) if is_content(word)]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    # A stemmer keeps state while it works, so every word gets one of its own; the cache makes up for it.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def content_shares(pieces: Sequence[str], text: str = "") -> torch.Tensor:
    """How much each token of a request counts, shape ``(tokens,)``.

    Tokens of content words count 1, all others (function words, punctuation) 0.05. A token belongs to
    the word that it overlaps, so the pieces of a rare name count like the name.

    Parameters
    ----------
    pieces
        The text of each token; some tokenizers lose the blank before a word when one token is decoded.
    text
        The request, where those blanks are; empty to take the pieces as they are.
    """
    text = text or "".join(pieces)
    content = [False] * (len(text) + 1)
    for match in _WORD.finditer(text):
        if is_content(match.group()):
            content[match.start() : match.end()] = [True] * len(match.group())
    shares, at = [], 0
    for piece in pieces:
        bare = piece.strip()
        # Not further ahead: one piece that the text does not hold must not lead the others astray.
        found = text.find(bare, at, at + len(bare) + _SKIPPED_CHARACTERS)
        start = found if found >= 0 else at
        at = start + len(bare)
        shares.append(1.0 if any(content[start:at]) else _FUNCTION_SHARE)
    return torch.tensor(shares)
