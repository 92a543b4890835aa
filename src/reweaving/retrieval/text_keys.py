"""Spans as a text embedder sees them, each read behind what was said before it in its session."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.text_embedder import Embedder

if TYPE_CHECKING:
    from reweaving.retrieval.catalogue import SpanNote

_SPANS_BEFORE = 2


class TextKeys:
    """Keeps the embedder's states of one namespace's spans, so that each text is read once.

    An embedder that reads a span alone does not know who "she" is; read behind the two spans before
    it, the states of its words do. Safe between threads.

    Parameters
    ----------
    embedder
        The text embedder.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._lock = threading.Lock()
        self._states: dict[tuple[str, str], torch.Tensor] = {}

    def of(self, spans: Sequence[SpanNote], previous: Sequence[int]) -> KeyMatrix:
        """Keys of spans, in their order; what is no longer among them is forgotten.

        Parameters
        ----------
        spans
            At least one.
        previous
            For each span the index of the one before it in its session, -1 for none.
        """
        texts = [(_before(at, spans, previous), span.text) for at, span in enumerate(spans)]
        with self._lock:
            new = list(dict.fromkeys(pair for pair in texts if pair not in self._states))
            read = dict(zip(new, self.embedder.states(new), strict=True))
            self._states = {pair: self._states.get(pair, read.get(pair)) for pair in texts}  # type: ignore[misc]
            return KeyMatrix([self._states[pair] for pair in texts])


def _before(at: int, spans: Sequence[SpanNote], previous: Sequence[int]) -> str:
    said: list[str] = []
    while len(said) < _SPANS_BEFORE and (at := previous[at]) >= 0:
        said.append(spans[at].text)
    return " ".join(reversed(said))
