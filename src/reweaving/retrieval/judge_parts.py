"""A request that asks for several things, taken apart, so that each finds its own memory.

"What is Ann's job? And when does Ben's lease end?" is answered from two spans, and neither of them
makes the whole request much likelier. Each sentence, and each side of an "and", is judged for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reweaving.retrieval.words import content_shares

_CONTENT = 0.5  # a token's share from which on it belongs to a word that says what is asked about
_FEWEST_WORDS = 2  # whose, and what: fewer ask for nothing by themselves
_SENTENCE_END = re.compile(r"[.?!。？！]+[\"'”’)\]]*\s*$")
_AND = re.compile(r"^\s*(and|und|et|y|e)$", re.IGNORECASE)


def asked_parts(pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Where the parts of a request lie, as ``(start, stop)`` in its tokens; one part for most requests.

    Parameters
    ----------
    pieces
        The text of each token.
    """
    shares = content_shares(pieces, "".join(pieces)).tolist()
    bounds = [0]
    for at, piece in enumerate(pieces):
        ends = _SENTENCE_END.search(piece) and at + 1 < len(pieces)
        # "Rock and roll", "Ann and Ben" are one thing: both sides must ask for something by themselves.
        joins = _AND.match(piece) and _asks(pieces[bounds[-1] : at], shares[bounds[-1] : at])
        if ends and not pieces[at + 1].strip().isdigit():
            bounds.append(at + 1)
        elif joins and _asks(pieces[at + 1 :], shares[at + 1 :]):
            bounds.append(at)
    parts: list[tuple[int, int]] = []
    for start, stop in zip(bounds, [*bounds[1:], len(pieces)], strict=True):
        before = parts[-1] if parts else (start, start)
        alone = _asks(pieces[start:stop], shares[start:stop])
        asked = _asks(pieces[slice(*before)], shares[slice(*before)])
        if parts and not (alone and asked):
            parts[-1] = (before[0], stop)  # idle words belong to what stands beside them
        else:
            parts.append((start, stop))
    return parts


def _asks(pieces: Sequence[str], shares: Sequence[float]) -> bool:
    """Whether some tokens hold words enough to ask for something."""
    words, inside = 0, False
    for piece, share in zip(pieces, shares, strict=True):
        counts = share > _CONTENT
        words += counts and (not inside or piece[:1].isspace())
        inside = counts
    return words >= _FEWEST_WORDS
