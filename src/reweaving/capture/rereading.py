"""Stored sessions, read again: by a model that did not capture them, or whose states were lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reweaving.adapters.fingerprint import model_name
from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat
from reweaving.capture.entries import check_finite
from reweaving.capture.reader import RunningSession, SessionReader
from reweaving.capture.spans import Span
from reweaving.errors import InputError
from reweaving.types import MemoryEntry

_SAMPLE = 200
_SESSION = "reread"


class SessionRereader:
    """Gives entries the states that one model has for them, each behind what came before it.

    A session that fits the window is read as one sequence, as it was. Of a longer one, every span
    sees at least the half window before it.

    Parameters
    ----------
    capturer
        Of the model.
    chat
        How its sessions are written.
    opening
        Tokens that they begin with and that are never stored.
    """

    def __init__(self, capturer: StateCapturer, chat: ChatFormat, opening: Sequence[int]) -> None:
        self._capturer, self._chat, self._opening = capturer, chat, list(opening)
        self._adapter = capturer.adapter
        self._reader = SessionReader(self._adapter)
        self._last = ""  # id of the span that was read last

    @property
    def fingerprint(self) -> str:
        """Of the model."""
        return self._capturer.fingerprint

    @property
    def model_name(self) -> str:
        """Of the model, for messages."""
        return model_name(self._adapter.model)

    @property
    def key_layer(self) -> int:
        """Where it takes retrieval keys."""
        return self._capturer.key_layer

    @property
    def recipe(self) -> str:
        """What else the states depend on."""
        layers = ",".join(map(str, self._capturer.layers))
        return f"{self._capturer.codec} {layers} {self._capturer.key_layer} {self._opening}"

    def understands(self, entries: Sequence[MemoryEntry]) -> bool:
        """Whether token ids mean to this tokenizer what the texts say.

        Texts that a user has edited say something else, so most of them decide.
        """
        vocabulary = int(self._adapter.config.vocab_size)
        if any(not 0 <= token < vocabulary for entry in entries for token in entry.token_ids):
            return False
        told = [entry for entry in entries if entry.text.strip() and entry.token_ids]
        sample = told[:: max(1, len(told) // _SAMPLE)]
        if self._capturer.tokenizer is None or not sample:
            return all(entry.token_ids for entry in entries)
        same = [
            _plain(entry.text) in _plain(self._capturer.text(entry.token_ids)) for entry in sample
        ]
        return 2 * sum(same) >= len(same)

    def rewritten(self, spans: Sequence[MemoryEntry]) -> list[MemoryEntry]:
        """A whole session in the tokens of this tokenizer, with the places that they then have."""
        raw = not spans or spans[0].position_idx == 0
        start_id = self._chat.start_id
        at = 0 if raw else len(self._opening)
        made = []
        for before, span, after in _with_neighbours(spans):
            piece = self._chat.piece(span.text, span.role or "user")
            head = [] if raw or _same_message(before, span) else piece.ids[: piece.start]
            tail = [] if raw or _same_message(span, after) else piece.ids[piece.stop :]
            start = [start_id] if raw and before is None and start_id is not None else []
            ids = (*start, *head, *piece.ids[piece.start : piece.stop], *tail)
            made.append(replace(span, token_ids=ids, position_idx=at))
            at += len(ids)
        return made

    def states(
        self, before: Sequence[MemoryEntry], spans: Sequence[MemoryEntry]
    ) -> list[MemoryEntry]:
        """The spans with this model's states.

        Raises
        ------
        InputError
            For a span that does not fit the window, or states that are not numbers.
        """
        made: list[MemoryEntry] = []
        for run in self._runs(spans):
            running, context = self._running([*before, *made], run)
            made += self._read(running, context, run)
            self._last = run[-1].id
        return made

    def _runs(self, spans: Sequence[MemoryEntry]) -> Iterator[list[MemoryEntry]]:
        """What is read in one go: everything, or message by message where the length matters."""
        half, run = self._adapter.trained_length // 2, list[MemoryEntry]()
        for span in spans:
            full = (
                run and run[-1].read_length != span.read_length
                if self._adapter.length_dependent_rotation
                else sum(each.tokens for each in run) + span.tokens > half
            )
            if run and full:
                yield run
                run = []
            run.append(span)
        if run:
            yield run

    def _running(
        self, before: Sequence[MemoryEntry], run: Sequence[MemoryEntry]
    ) -> tuple[RunningSession, list[int]]:
        """The session's context, and the tokens that have to be read to have it."""
        tokens = sum(span.tokens for span in run)
        running = self._reader.running(_SESSION, tokens)
        if running is not None and before and before[-1].id == self._last:
            return running, []
        first = before[0] if before else run[0]
        opening = self._opening if first.position_idx > 0 else []
        room = self._adapter.trained_length // 2
        if tokens + len(opening) > self._adapter.trained_length:
            raise InputError(
                f"entry {run[0].id} has {tokens} tokens, and with the opening of a session they are "
                f"more than the window of {self.model_name}, {self._adapter.trained_length}"
            )
        tail: list[int] = []
        for span in reversed(before):
            if len(tail) + span.tokens > room - len(opening):
                break
            tail = [*span.token_ids, *tail]
        return self._reader.begin(_SESSION, None, 0), [*opening, *tail]

    def _read(
        self, running: RunningSession, context: Sequence[int], run: Sequence[MemoryEntry]
    ) -> list[MemoryEntry]:
        ids = [*context, *(token for span in run for token in span.token_ids)]
        reading = self._reader.read(running, ids, self._capturer.layers)
        check_finite(reading.states, self._capturer.layers)
        edges = itertools.accumulate((span.tokens for span in run), initial=len(context))
        spans = [Span(a, b, "", "") for a, b in itertools.pairwise(edges)]
        fresh = self._capturer.entries(
            spans, ids, reading.states, _SESSION, read_length=running.cached_tokens
        )
        return [
            replace(
                old,
                **{name: getattr(new, name) for name in _OF_STATES},
                token_ids=old.token_ids,
                position_idx=old.position_idx,
            )
            for old, new in zip(run, fresh, strict=True)
        ]


_OF_STATES = (
    "hidden_state", "keys", "values", "key_state", "layer_idx", "codec", "fingerprint", "read_length",
)  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())


def _same_message(one: MemoryEntry | None, other: MemoryEntry | None) -> bool:
    """Whether two neighbours were cut out of one message: read together, and said by one."""
    return (
        one is not None
        and other is not None
        and (one.role, one.read_length, one.timestamp)
        == (other.role, other.read_length, other.timestamp)
        and bool(one.role)
    )


def _with_neighbours(
    spans: Sequence[MemoryEntry],
) -> Iterator[tuple[MemoryEntry | None, MemoryEntry, MemoryEntry | None]]:
    return zip([None, *spans[:-1]], spans, [*spans[1:], None], strict=True)
