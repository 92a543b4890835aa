"""Messages, read where they were said, and kept as entries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat, Piece
from reweaving.capture.entries import check_finite
from reweaving.capture.reader import RunningSession, SessionReader
from reweaving.capture.spans import cut_kept
from reweaving.errors import InputError
from reweaving.events import span
from reweaving.memory.memory import Memory
from reweaving.memory.privacy.keeping import Keeping, is_kept
from reweaving.memory.write_behind import WriteBehind
from reweaving.scoring.relevance import RelevanceScorer, ScoringConfig, span_scores
from reweaving.types import MemoryEntry
from reweaving.weaving.builder import WeaveBuilder


class MessageKeeper:
    """Reads messages in their session's running context and keeps what the layers held.

    One message is read at a time; callers on other threads wait.

    Parameters
    ----------
    opening
        Tokens that each session begins with and that are never stored.
    resumed_tokens
        How much of a session that is not at hand is woven before its next message.
    redacted
        Takes out of a text what must not be read.
    may_weave
        Whether an entry may stand in the context of later messages.
    """

    def __init__(
        self,
        capturer: StateCapturer,
        chat: ChatFormat,
        memory: Memory,
        builder: WeaveBuilder,
        scoring: ScoringConfig,
        *,
        opening: Sequence[int],
        resumed_tokens: int,
        redacted: Callable[[str], str],
        may_weave: Callable[[MemoryEntry], bool],
    ) -> None:
        self._capturer, self._chat, self._memory = capturer, chat, memory
        self._builder, self._opening = builder, list(opening)
        self._resumed_tokens, self._redacted, self._may_weave = resumed_tokens, redacted, may_weave
        self._reader = SessionReader(capturer.adapter)
        self._scorer = RelevanceScorer(
            capturer.adapter.hidden_size,
            scoring.method,
            model=capturer.adapter,
            layer=capturer.key_layer,
            config=scoring,
        )
        self._reading = threading.Lock()
        self._behind = WriteBehind(self._store)
        self._lost: list[str] = []
        self._model = capturer.adapter.model

    def keep(
        self,
        messages: Sequence[Mapping[str, Any]],
        session: str,
        keeping: Keeping,
        *,
        ephemeral: bool,
        wait: bool = True,
    ) -> list[MemoryEntry]:
        """Read messages and store an entry per span, as `Reweaver.remember` says."""
        if wait:
            self.flush()
        kept = [is_kept(message) for message in messages]
        pieces = [self._piece(message) for message in messages]
        tokens = sum(len(piece.ids) for piece in pieces)
        window = self._capturer.adapter.trained_length - len(self._opening)
        if not pieces or tokens > window:
            raise InputError(
                f"{tokens} tokens in {len(pieces)} messages cannot be read at once: the window holds "
                f"1 to {window}; remember a longer text in parts, in one session"
            )
        if self._memory.opted_out:
            return []
        with self._reading, span("remember", self._model) as told:
            self._forget_lost()
            if ephemeral:
                self._memory.make_ephemeral(session)
            entries = self._read(pieces, kept, tokens, session)
            keeping.mark(entries)
            told.count(tokens=tokens, entries=len(entries))
            if wait:
                try:
                    self._store(entries)
                except BaseException:
                    self._reader.forget(session)  # what is not kept is no context
                    raise
            else:
                self._behind.put(entries, lambda: self._lost.append(session))
        return entries

    def flush(self) -> None:
        """Wait until everything that was kept is stored; raises what the store refused."""
        self._behind.flush()

    def close(self) -> None:
        """Drop the sessions that are at hand, and store what is on its way."""
        self._reader.forget()
        self._behind.close()

    def _store(self, entries: Sequence[MemoryEntry]) -> None:
        with span("store", self._model):
            self._memory.add(entries)
        for entry in entries:
            self._reader.stored(str(entry.sequence_id), entry.id)

    def _leave_what_may_not_be_context(self, session: str) -> None:
        """Give up a context of which something was forgotten, has expired, was evicted or is not trusted now.

        What is stored next would be computed from it; resumed, the session begins with what is left.
        """
        ids = self._reader.made_of(session)
        left = self._memory.rows_of(ids) if ids else []
        if len(left) != len(ids) or not all(map(self._may_weave, left)):
            self._reader.forget(session)

    def _forget_lost(self) -> None:
        """Give up the context of sessions whose last turn could not be stored."""
        while self._lost:
            self._reader.forget(self._lost.pop())

    def _read(
        self, pieces: Sequence[Piece], kept: Sequence[bool], tokens: int, session: str
    ) -> list[MemoryEntry]:
        layers = self._capturer.layers
        self._leave_what_may_not_be_context(session)
        running = self._reader.running(session, tokens) or self._resume(session)
        opening = [] if running.cached_tokens else self._opening
        first = running.position
        ids = [*opening, *(token for piece in pieces for token in piece.ids)]
        try:
            with span("read", self._model):
                reading = self._reader.read(
                    running,
                    ids,
                    layers,
                    pairs=self._capturer.keeps_pairs,
                    watched=self._capturer.key_layer,
                )
            check_finite(reading.states, layers)
            with span("score", self._model):
                scores = running.scored.score(
                    self._scorer,
                    reading.states[layers.index(self._capturer.key_layer)],
                    reading.surprise,
                    torch.tensor(ids),
                    reading.attended,
                )
        except BaseException:
            self._reader.forget(session)  # half a message in its context would spoil the next one
            raise
        spans = cut_kept(
            pieces,
            kept,
            self._capturer.tokenizer,
            at=len(opening),
            surprise=reading.surprise[len(opening) :].tolist(),
        )
        return self._capturer.entries(
            spans,
            ids,
            reading.states,
            session,
            first=first,
            scores=span_scores(scores, [(span.start, span.stop) for span in spans]),
            read_length=running.cached_tokens,
            pairs=reading.pairs,
        )

    def _piece(self, message: Mapping[str, Any]) -> Piece:
        text = message.get("content", "")
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"nothing to remember: the text is {text!r}; give at least one word")
        if self._capturer.tokenizer is None:
            raise InputError(
                "remembering text needs a tokenizer: reweaving.attach(model, tokenizer, memory)"
            )
        return self._chat.piece(self._redacted(text), message.get("role", "user"))

    def _resume(self, session: str) -> RunningSession:
        """Context of a session that is not at hand: its latest spans, woven instead of read again."""
        self.flush()
        earlier = self._memory.entries(session=session)
        position = max((e.position_idx + e.tokens for e in earlier), default=0)
        room = self._resumed_tokens
        recent: list[MemoryEntry] = []
        usable = [entry for entry in earlier if self._may_weave(entry)]
        for entry in sorted(usable, key=lambda e: e.position_idx, reverse=True):
            room -= entry.tokens
            if room < 0:
                break
            recent.append(entry)
        context = self._builder.build([recent]) if recent else None
        # The opening is read again but keeps its old place: the next span follows the last one.
        made_of = [entry.id for entry in recent]
        return self._reader.begin(session, context, max(position - len(self._opening), 0), made_of)
