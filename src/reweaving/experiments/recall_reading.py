"""A made-up history, read by a model: what the recall probe searches, and what it asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from reweaving.capture.spans import cut_messages
from reweaving.experiments.recall_dialogues import SYSTEM_PROMPT, History, Question
from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.keys import KeyMatrix
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as the model read it.

    Attributes
    ----------
    states
        Residual stream of the whole prompt, ``(layers, tokens, hidden)``.
    start, stop
        Where the question's own tokens lie in the prompt.
    words
        Text of each token of the prompt.
    answers
        Indices of the spans that hold the answer; empty for questions nothing answers.
    """

    question: Question
    states: torch.Tensor
    start: int
    stop: int
    words: tuple[str, ...]
    answers: frozenset[int]


@dataclass(frozen=True, eq=False)
class ReadHistory:
    """Spans with their states at several layers ``(layers, tokens, hidden)``, and the questions."""

    layers: tuple[int, ...]
    spans: tuple[SpanNote, ...]
    states: tuple[torch.Tensor, ...]
    asked: tuple[Asked, ...]

    def catalogue(self, layer: int, dtype: torch.dtype = torch.bfloat16) -> Catalogue:
        """The spans with their keys of one layer, rounded as a store rounds them."""
        at = self.layers.index(layer)
        return Catalogue(0, self.spans, KeyMatrix([states[at].to(dtype) for states in self.states]))

    def context(
        self, asked: Asked, layer: int, *, words: bool = True, whole: bool = False
    ) -> RetrievalContext:
        """A question as a strategy gets it; `whole` for the prompt with its template and system prompt."""
        chosen = slice(0, None) if whole else slice(asked.start, asked.stop)
        return RetrievalContext(
            current_sequence_id=None,
            current_layer_idx=layer,
            current_hidden_states=asked.states[self.layers.index(layer), chosen],
            query_text="".join(asked.words) if whole else asked.question.text,
            query_words=asked.words[chosen] if words else (),
        )


def read(history: History, model: Any, tokenizer: Any, layers: Sequence[int]) -> ReadHistory:
    """Read every session of a history, and every question in a session of its own."""
    with attach(model, tokenizer, config=ReweavingConfig(codec="hidden")) as woven:
        spans: list[SpanNote] = []
        states: list[torch.Tensor] = []
        for session, turns in history.sessions.items():
            pieces = [woven.chat.piece(text, role) for role, text in turns]
            ids = woven.chat.opening(SYSTEM_PROMPT)
            cut = cut_messages(pieces, tokenizer, at=len(ids))
            held = _states(woven, ids + [token for piece in pieces for token in piece.ids], layers)
            for span in cut:
                name = f"{session}/{span.start}"
                note = SpanNote(name, session, span.start, span.stop - span.start, span.text)
                spans.append(note)
                states.append(held[:, span.start : span.stop])
        asked = [_ask(woven, question, history, spans, layers) for question in history.questions]
    return ReadHistory(tuple(layers), tuple(spans), tuple(states), tuple(asked))


def _states(woven: Reweaver, ids: Sequence[int], layers: Sequence[int]) -> torch.Tensor:
    """What these layers hold for each token, ``(layers, tokens, hidden)``, in fp32."""
    held = [entry.hidden_state for entry in woven.capture(list(ids))]
    at = [woven.layers.index(layer) for layer in layers]
    return torch.cat([part[at] for part in held if part is not None], dim=1).float()


def _ask(
    woven: Reweaver,
    question: Question,
    history: History,
    spans: Sequence[SpanNote],
    layers: Sequence[int],
) -> Asked:
    ids = woven.chat.request(
        question.text
    )  # the template's own system prompt: another one than the sessions'
    start, stop = woven.chat.question_of(ids, longest=len(ids))
    words = tuple(str(woven.tokenizer.decode([token])) for token in ids)
    answers: frozenset[int] = frozenset()
    if question.session is not None and question.turn is not None:
        said = history.sessions[question.session][question.turn][1]
        answers = frozenset(
            at
            for at, span in enumerate(spans)
            if span.session == question.session and said in span.text
        )
    return Asked(question, _states(woven, ids, layers), start, stop, words, answers)
