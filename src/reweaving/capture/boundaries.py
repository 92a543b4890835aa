"""Where to cut what was read: at turns, else between sentences, else where a surprising token begins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from reweaving.capture.chat import Piece
from reweaving.errors import InputError

SHORTEST_TOKENS = 16
LONGEST_TOKENS = 64

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+|[。！？]+[」』）]*\s*|\n+")


class Boundary(IntEnum):
    """What ends right before a token; of two places to cut, the higher one is better."""

    TEMPLATE = 0
    """Nothing: the token belongs to what the chat template puts around a message."""
    INSIDE = 1
    """Nothing: the token goes on with a word."""
    WORD = 2
    SENTENCE = 3
    REPLY = 4
    """A turn that the next one answers: what was said is worth little without it, and the other way round."""
    TURN = 5


_COSTS = {
    Boundary.TEMPLATE: 1000.0,
    Boundary.INSIDE: 100.0,
    Boundary.WORD: 10.0,
    Boundary.SENTENCE: 1.0,
    Boundary.REPLY: 0.02,
    Boundary.TURN: 0.0,
}
_PEAK_SHARE = 0.5
"""Part of a cut's cost that falls away where the greatest surprise of all begins the next span."""
_MISSED = {Boundary.REPLY: 0.1, Boundary.TURN: 0.15}
"""What a turn that begins inside a span costs."""
_SPAN = 0.05
_UNEVEN = 0.01


@dataclass(frozen=True)
class Cut:
    """Tokens ``start … stop`` of consecutive messages, with their text and who said it (or ``""``)."""

    start: int
    stop: int
    text: str
    role: str


def cut_pieces(
    pieces: Sequence[Piece], tokenizer: Any, surprise: Sequence[float] | None = None
) -> list[Cut]:
    """Cut consecutive messages into spans.

    Parameters
    ----------
    pieces
        The messages, in order.
    tokenizer
        What made their tokens; a fast one tells where words and sentences begin.
    surprise
        One number per token of all pieces, on any scale from 0 up; None where it is not known.

    Returns
    -------
    list of Cut
        They cover every token once, in order; see `best_cuts` for their lengths.

    Raises
    ------
    InputError
        For surprise of another length, negative or not finite.
    """
    bodies = [_Body(piece, tokenizer) for piece in pieces]
    boundaries = [boundary for body in bodies for boundary in body.boundaries()]
    cuts = []
    for start, stop in best_cuts(boundaries, surprise):
        texts, roles, at = [], set(), 0
        for body in bodies:
            first, last = max(start - at, 0), min(stop - at, len(body.piece.ids))
            if first < last:
                texts.append(body.text(first, last))
                roles.add(body.piece.role)
            at += len(body.piece.ids)
        role = roles.pop() if len(roles) == 1 else ""
        cuts.append(Cut(start, stop, "\n".join(filter(None, texts)), role))
    return cuts


def cut_tokens(length: int, surprise: Sequence[float] | None = None) -> list[tuple[int, int]]:
    """Cut bare token ids, of which no text is known, into spans; see `best_cuts`."""
    return best_cuts([Boundary.WORD] * length, surprise)


def best_cuts(
    boundaries: Sequence[Boundary],
    surprise: Sequence[float] | None = None,
    shortest: int = SHORTEST_TOKENS,
    longest: int = LONGEST_TOKENS,
) -> list[tuple[int, int]]:
    """The spans whose cuts cost least.

    Turns are cut at wherever lengths allow it; where some must stay together, a reply stays with what it answers.
    Elsewhere is cut only where lengths demand it: between sentences if possible, else between words, of several
    such places where surprise is greatest, because a new topic begins with a surprising token. Spans are as few as
    that leaves them, and of like lengths.

    Found by dynamic programming over the last cut, in ``O(tokens · longest)``.

    Parameters
    ----------
    boundaries
        What ends right before each token.
    surprise
        As in `cut_pieces`.
    shortest, longest
        Bounds of a span's length in tokens; ``longest`` is at least ``2 * shortest - 1``.

    Returns
    -------
    list of (start, stop)
        Each of ``shortest`` to ``longest`` tokens; a shorter text is one span.

    Raises
    ------
    InputError
        For surprise of another length, negative or not finite; for bounds that no text can keep.
    """
    tokens = len(boundaries)
    if not 0 < shortest <= longest or longest < 2 * shortest - 1:
        raise InputError(
            f"spans of {shortest} to {longest} tokens cannot be had of every text: the longest must have "
            f"{2 * shortest - 1} or more"
        )
    peaks = _peaks(surprise, tokens)
    if tokens < shortest:
        return [(0, tokens)] if tokens else []
    kinds = np.array(boundaries, dtype=np.int64)
    cut_costs = np.array([_COSTS[kind] for kind in Boundary])[kinds] * (1.0 - _PEAK_SHARE * peaks)
    cut_costs[0] = 0.0
    missing = np.array([_MISSED.get(kind, 0.0) for kind in Boundary])
    # At token i: the price of all turns that begin at or before it.
    missed = np.cumsum(missing[kinds])
    lengths = np.arange(longest + 1)
    span_costs = _SPAN + _UNEVEN * (lengths / longest) ** 2
    best = np.full(tokens + 1, np.inf)
    best[0] = 0.0
    came_from = np.zeros(tokens + 1, dtype=np.int64)
    # What a span costs is what its beginning costs, plus what its length costs, less the turns before it.
    backwards = span_costs[::-1]
    begun = np.full(tokens + 1, np.inf)
    begun[0] = cut_costs[0] - missed[0]
    for stop in range(shortest, tokens + 1):
        first, last = max(0, stop - longest), stop - shortest + 1
        costs = begun[first:last] + backwards[longest - stop + first : longest - stop + last]
        at = int(costs.argmin())
        best[stop], came_from[stop] = costs[at] + missed[stop - 1], first + at
        if stop < tokens:
            begun[stop] = best[stop] + cut_costs[stop] - missed[stop]
    spans = []
    stop = tokens
    while stop:
        spans.append((int(came_from[stop]), stop))
        stop = int(came_from[stop])
    return spans[::-1]


def _peaks(surprise: Sequence[float] | None, tokens: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Surprise in units of the greatest, shape ``(tokens,)``."""
    if surprise is None:
        return np.zeros(tokens)
    given = np.asarray(surprise, dtype=np.float64)
    if given.shape != (tokens,) or not bool(np.all(np.isfinite(given) & (given >= 0))):
        raise InputError(
            f"surprise of shape {given.shape} for {tokens} tokens: one finite number per token, 0 or "
            "more, is needed"
        )
    return given / max(float(given.max(initial=0.0)), 1e-30)


class _Body:
    """One message's own text and where its tokens lie in it."""

    def __init__(self, piece: Piece, tokenizer: Any) -> None:
        self.piece = piece
        self._tokenizer = tokenizer
        self._offsets: list[tuple[int, int]] | None = None
        if getattr(tokenizer, "is_fast", False):
            encoded = tokenizer(piece.text, add_special_tokens=False, return_offsets_mapping=True)
            if len(encoded["offset_mapping"]) == piece.stop - piece.start:
                self._offsets = encoded["offset_mapping"]

    def boundaries(self) -> list[Boundary]:
        """What ends before each token of the message; before its first one, a turn."""
        kinds = [Boundary.TEMPLATE] * len(self.piece.ids)
        inside = range(self.piece.start + 1, self.piece.stop)
        kinds[inside.start : inside.stop] = [Boundary.INSIDE] * len(inside)
        if self._offsets is not None:
            text = self.piece.text
            begins = [_first_letter(text, *offset) for offset in self._offsets]
            for at, begin in enumerate(begins[1:], 1):
                if text[begin - 1 : begin].isspace():
                    kinds[self.piece.start + at] = Boundary.WORD
            for match in _SENTENCE_END.finditer(text):
                at = bisect_left(begins, match.end())
                if 0 < at < len(begins):
                    kinds[self.piece.start + at] = Boundary.SENTENCE
        if kinds:
            kinds[0] = Boundary.REPLY if self.piece.role == "assistant" else Boundary.TURN
        return kinds

    def text(self, first: int, stop: int) -> str:
        """The text of tokens ``first … stop`` of the message, without the template's."""
        begin = min(max(first, self.piece.start), self.piece.stop) - self.piece.start
        end = min(max(stop, self.piece.start), self.piece.stop) - self.piece.start
        if begin >= end:
            return ""
        if (begin, end) == (0, self.piece.stop - self.piece.start):
            return self.piece.text
        if self._offsets is None:
            ids = self.piece.ids[self.piece.start + begin : self.piece.start + end]
            return str(self._tokenizer.decode(list(ids)))
        return self.piece.text[self._offsets[begin][0] : self._offsets[end - 1][1]]


def _first_letter(text: str, begin: int, end: int) -> int:
    """Where a token's own letters begin; a token of nothing but spaces begins where it begins."""
    skipped = len(text[begin:end]) - len(text[begin:end].lstrip())
    return begin if begin + skipped == end else begin + skipped
