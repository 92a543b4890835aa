"""What consolidation needs to see in a text: its words, its sentences, signs of an update, references to elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[.,:/@+'’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"[’'](?:s\b)?(?=\s|$|[.,;:!?])")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\s\"')\]]+|\n+")
_PIECE_END = re.compile(r"[,;:—–](?=\s|$)|\?\s")
# Said around a fact: without them, two ways to say it are the same words.
_IDLE = frozenset(
    _WORD.findall(
        "a an the please just well so oh hey hi hello ok okay and also by way btw fyi honestly listen "
        "anyway important thanks "
    )
)
# Words that point at something said elsewhere, or at the day on which it was said.
_POINTING = re.compile(
    r"""
    \b(?: he | she | it | they | him | her | them | his | hers | its | their | theirs | this | that
      | these | those | there | here | then | same | other | another | former | latter | such | ones?
      | today | tonight | tomorrow | yesterday | now | currently | ago | later | soon | next | last
      | yes | no | too | also | again | else | instead | both | neither
      | (?:mon|tues|wednes|thurs|fri|satur|sun)day )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UPDATE = re.compile(
    r"""
    \b(?: actually | correction | correct\s(?:that|myself) | update | no\s+longer | any\s*more
      | any\s+longer | (?:has|have|was|were|it|things|they|we)\s+changed | changed\s+(?:to|my|our)
      | change\s+of\s+plans? | scratch\s+that | forget\s+(?:the\s+old|what) | i\s+was\s+wrong
      | my\s+mistake | made\s+a\s+mistake | got\s+it\s+wrong | instead | from\s+(?:now|today)\s+on
      | as\s+of\s+(?:now|today) | these\s+days | by\s+now | now | became | has\s+become
      | turned\s+into | switched\s+to | replace | new\s+value | meanwhile | is\s+different
      | since\s+(?:yesterday|last\s+\w+) | the\s+new\s+one | said\s+something\s+else
      | new\s+information )\b
    | (?:\bmy|\bour|\bthe|[’']s?)\s+(?:new|latest|current)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"\b(?:my|mine|our|ours)\b|\w[’']s\b|s[’'](?=\s)", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b(?:it|that|there|here|what|let)[’']s\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:i|we)\b", re.IGNORECASE)
_NAME_INSIDE = re.compile(r"(?<=[\w,;:] )[A-Z]\w+")


def words(text: str) -> list[str]:
    """Every word, in order, in lower case, without possessive endings and spelling variants."""
    return [_spelt(word) for word in _WORD.findall(_POSSESSIVE.sub(" ", text).casefold())]


def content(text: str) -> list[str]:
    """Stems of the words that are more than a way to say it, in order."""
    return [_stem(word) for word in words(text) if word not in _IDLE]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def pieces(sentence: str) -> list[str]:
    """The parts of a sentence between commas, colons and the like."""
    return [part.strip() for part in _PIECE_END.split(sentence) if part.strip(" .!?")]


def is_update(text: str) -> bool:
    """Whether a text says that something is not any more as it was."""
    return _UPDATE.search(text) is not None


def stands_alone(text: str) -> bool:
    """Whether a text means the same wherever and whenever it is said by one speaker."""
    return _POINTING.search(text) is None


def tells_something(text: str) -> bool:
    """Whether a text may hold a fact of its own: a number, a name, something of somebody's or by the speaker."""
    if any(char.isdigit() for char in text) or _NAME_INSIDE.search(text):
        return True
    if _OF_SOMEBODY.search(_CONTRACTED.sub(" ", text)):
        return True
    return _SPEAKER.search(text) is not None and stands_alone(text)


def _spelt(word: str) -> str:
    return word.replace("our", "or") if len(word) > 4 else word


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if not word.isalpha():
        return word
    # A stemmer keeps state while it works, so every word gets one of its own; the cache makes up for it.
    return str(snowballstemmer.stemmer("english").stemWord(word))
