"""Cutting what was read into spans: whole messages where they fit, sentences where they do not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from reweaving.capture.boundaries import LONGEST_TOKENS, SHORTEST_TOKENS, cut_pieces, cut_tokens
from reweaving.capture.chat import Piece

__all__ = ["LONGEST_TOKENS", "SHORTEST_TOKENS", "Span", "cut_evenly", "cut_kept", "cut_messages"]


@dataclass(frozen=True)
class Span:
    """Tokens ``start … stop`` of what was read, with their text and who said it."""

    start: int
    stop: int
    text: str
    role: str


def cut_messages(
    pieces: Sequence[Piece],
    tokenizer: Any,
    at: int = 0,
    surprise: Sequence[float] | None = None,
) -> list[Span]:
    """Spans over consecutive messages that begin at token ``at``; see `cut_pieces`."""
    return [
        Span(at + cut.start, at + cut.stop, cut.text, cut.role)
        for cut in cut_pieces(pieces, tokenizer, surprise)
    ]


def cut_kept(
    pieces: Sequence[Piece],
    kept: Sequence[bool],
    tokenizer: Any,
    at: int = 0,
    surprise: Sequence[float] | None = None,
) -> list[Span]:
    """`cut_messages` over those messages that are kept; a span never reaches into one that is not."""
    spans: list[Span] = []
    first = 0
    for keep, run in itertools.groupby(zip(kept, pieces, strict=True), key=itemgetter(0)):
        together = [piece for _, piece in run]
        stop = first + sum(len(piece.ids) for piece in together)
        if keep:
            known = None if surprise is None else surprise[first:stop]
            spans.extend(cut_messages(together, tokenizer, at + first, known))
        first = stop
    return spans


def cut_evenly(length: int) -> list[tuple[int, int]]:
    """Bounds of spans over bare token ids, none longer than 64 tokens and all of about one length."""
    return cut_tokens(length)
