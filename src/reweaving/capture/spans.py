"""Cutting what was read into spans: whole messages where they fit, sentences where they do not."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reweaving.capture.chat import Piece

SHORTEST_TOKENS = 16
LONGEST_TOKENS = 64

_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]+[\"')\]]*\s*|[^.!?\n]+$")


@dataclass(frozen=True)
class Span:
    """Tokens ``start … stop`` of what was read, with their text and who said it."""

    start: int
    stop: int
    text: str
    role: str


def cut_messages(pieces: Sequence[Piece], tokenizer: Any, at: int = 0) -> list[Span]:
    """Spans over consecutive messages that begin at token ``at``.

    Short messages are joined until a span has 16 tokens, a message of more than 64 is cut between sentences.
    """
    spans: list[Span] = []
    waiting: list[Piece] = []
    start = at
    for piece in pieces:
        held = sum(len(p.ids) for p in waiting)
        if waiting and (held >= SHORTEST_TOKENS or held + len(piece.ids) > LONGEST_TOKENS):
            spans.append(_joined(waiting, start))
            start, waiting = start + held, []
        if len(piece.ids) > LONGEST_TOKENS:
            spans.extend(_sentences(piece, tokenizer, start))
            start += len(piece.ids)
        else:
            waiting.append(piece)
    if waiting:
        spans.append(_joined(waiting, start))
    return spans


def cut_evenly(length: int, longest: int = LONGEST_TOKENS) -> list[tuple[int, int]]:
    """Bounds of spans over bare token ids, none longer than ``longest`` and all of about one length."""
    count = -(-length // longest)
    edges = [round(i * length / count) for i in range(count + 1)]
    return list(itertools.pairwise(edges))


def _joined(pieces: Sequence[Piece], start: int) -> Span:
    stop = start + sum(len(piece.ids) for piece in pieces)
    role = pieces[0].role if len({piece.role for piece in pieces}) == 1 else ""
    return Span(start, stop, "\n".join(piece.text for piece in pieces), role)


def _sentences(piece: Piece, tokenizer: Any, start: int) -> list[Span]:
    encoded = tokenizer(piece.text, add_special_tokens=False, return_offsets_mapping=True)
    offsets = encoded["offset_mapping"]
    begins = [begin for begin, _ in offsets]
    edges = [bisect_left(begins, match.end()) for match in _SENTENCE.finditer(piece.text)]
    spans = [
        _slice(piece, offsets, first, stop, start) for first, stop in _packed(edges, len(offsets))
    ]
    # What the template puts before and behind belongs to the first and the last span.
    head, tail = spans[0], spans[-1]
    spans[0] = Span(start, head.stop, head.text, head.role)
    spans[-1] = Span(spans[-1].start, start + len(piece.ids), tail.text, tail.role)
    return spans


def _packed(edges: Sequence[int], length: int) -> list[tuple[int, int]]:
    """Bounds of runs of whole sentences, none longer than 64 tokens; a longer sentence is cut hard."""
    runs: list[tuple[int, int]] = []
    first = last = 0
    for edge in [*edges, length]:
        if edge - first > LONGEST_TOKENS and last > first:
            runs.append((first, last))
            first = last
        while edge - first > LONGEST_TOKENS:
            runs.append((first, first + LONGEST_TOKENS))
            first += LONGEST_TOKENS
        last = edge
    if length > first:
        runs.append((first, length))
    return runs


def _slice(
    piece: Piece, offsets: Sequence[tuple[int, int]], first: int, stop: int, start: int
) -> Span:
    text = piece.text[offsets[first][0] : offsets[stop - 1][1]]
    return Span(start + piece.start + first, start + piece.start + stop, text, piece.role)
