"""`attach`: the only place where capture, memory, recall and weaving meet."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Literal, Self
from weakref import WeakSet

import torch
from pydantic import Field

from reweaving.adapters.fingerprint import model_fingerprint
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat, Piece
from reweaving.capture.entries import check_finite, resolve_codec
from reweaving.capture.hooks import (
    StateRecorder,
    current_recorder,
    install_capture_hooks,
    recording,
)
from reweaving.capture.layers import key_layer, known_layers
from reweaving.capture.reader import RunningSession, SessionReader
from reweaving.capture.rereading import SessionRereader
from reweaving.capture.spans import cut_kept
from reweaving.config import Settings
from reweaving.errors import AttachmentError, InputError
from reweaving.memory.memory import Memory
from reweaving.memory.privacy.keeping import Keeping, Trust, is_kept
from reweaving.memory.privacy.redaction import RedactionConfig, Redactor
from reweaving.memory.privacy.trust import UNTRUSTED
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.scoring.relevance import RelevanceScorer, ScoringConfig, span_scores
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving import conformance
from reweaving.weaving.backends import install_weaving_hooks, register_backend
from reweaving.weaving.builder import WeaveBuilder
from reweaving.weaving.generation import GenerateHook
from reweaving.weaving.record import WeaveRecord
from reweaving.weaving.weave import Weave, current_weave, weaving

_PROMPT_TOKENS = 1024

# Models with a memory. Weak, so that a model which is dropped while attached is freed with its memory.
_attached: WeakSet[torch.nn.Module] = WeakSet()
_attaching = threading.Lock()


class ReweavingConfig(Settings):
    """How a model captures and weaves.

    Parameters
    ----------
    codec
        How states are kept: ``hidden``, ``kv``, ``replay``, or ``auto``, the smaller of the first two.
    layers
        Layers to capture; None for all. Those that the model does not have are named in a warning.
    layer_budget
        How many of the captured layers are woven; the lowest go first. None for all.
    budget_tokens
        Most tokens woven into one request by recall.
    key_layer
        Layer whose states recall compares; None for a fifth of the model's depth.
    system
        System prompt that sessions are read under; None for the chat template's own.
    recall
        Settings of the search and its gate.
    scoring
        How the worth of each token is judged; a span's is the mean, kept as ``relevance_score``.
    redaction
        What is taken out of texts before they are read by `remember`; prompts of `generate` are not
        changed.
    """

    codec: Literal["auto", "hidden", "kv", "replay"] = "auto"
    layers: tuple[int, ...] | None = None
    layer_budget: int | None = Field(default=None, gt=0)
    budget_tokens: int = Field(default=256, gt=0)
    key_layer: int | None = Field(default=None, ge=0)
    system: str | None = None
    recall: RecallConfig = Field(default_factory=RecallConfig)
    redaction: RedactionConfig = Field(default_factory=RedactionConfig)
    scoring: ScoringConfig = Field(default_factory=ScoringConfig)


def attach(
    model: Any,
    tokenizer: Any = None,
    memory: Memory | None = None,
    config: ReweavingConfig | None = None,
) -> Reweaver:
    """Give a model a memory.

    Parameters
    ----------
    model
        A Hugging Face causal language model.
    tokenizer
        Its tokenizer; may be left out where only token ids are captured and woven.
    memory
        Where entries are kept; None for one that lives as long as the process.
    config
        Settings; None for the defaults.

    Returns
    -------
    Reweaver
        A context manager; ``detach`` (or the end of the ``with``) gives the model back as it was.

    Raises
    ------
    UnsupportedModelError
        When the architecture cannot be woven exactly; the message says why.
    ConformanceError
        When a short probe measures that weaving this model would not be exact.
    AttachmentError
        When the model already has a memory.
    FingerprintError
        When the memory's states were captured from another model.
    """
    return Reweaver(model, tokenizer, memory, config or ReweavingConfig())


class Reweaver:
    """A model with a memory; made by `attach`."""

    def __init__(
        self, model: Any, tokenizer: Any, memory: Memory | None, config: ReweavingConfig
    ) -> None:
        adapter = resolve_adapter(model)
        self.model, self.tokenizer, self.config, self.adapter = model, tokenizer, config, adapter
        self.memory = Memory.open(":memory:") if memory is None else memory
        self.layers = known_layers(config.layers, adapter)
        self.key_layer = key_layer(config.key_layer, self.layers, len(adapter.layers))
        self.fingerprint = model_fingerprint(model, tokenizer)
        start_id = _start_id(model, tokenizer)
        self.chat = ChatFormat(tokenizer, start_id)
        self.session = uuid.uuid4().hex
        self.last_weave: WeaveRecord | None = None
        self._opening = self.chat.opening(config.system)
        self._redacted = Redactor(config.redaction)
        self._recall = Recall(self.memory, config.recall)
        self._reader = SessionReader(adapter)
        self._scorer = RelevanceScorer(
            adapter.hidden_size,
            config.scoring.method,
            model=adapter,
            layer=self.key_layer,
            config=config.scoring,
        )
        self._reading = threading.Lock()
        codec = resolve_codec(config.codec, adapter)
        self._capturer = StateCapturer(
            adapter, tokenizer, self.layers, self.key_layer, codec, self.fingerprint
        )
        self._builder = WeaveBuilder(
            adapter,
            self.memory,
            self.layers[-(config.layer_budget or 0) :],
            self.fingerprint,
            self._opening,
            start_id,
            self._capturer.read_again,
        )
        self._undo = ExitStack()
        self._claim()
        try:
            self._install()
            self.conformance = self._probe()
            self.memory.require_fingerprint(self.fingerprint, type(model).__name__)
            self.memory.keep_near(adapter.entry_device)
        except BaseException:
            self.detach()
            raise

    def _probe(self) -> conformance.Conformance:
        everything = tuple(range(len(self.adapter.layers)))
        capturer = StateCapturer(self.adapter, None, everything, 0, "hidden", self.fingerprint)
        measured = conformance.probe(self.adapter, capturer.read_again)
        conformance.require(measured, type(self.model).__name__)
        return measured

    def _claim(self) -> None:
        with _attaching:
            if self.model in _attached:
                raise AttachmentError(
                    f"{type(self.model).__name__} already has a memory attached; "
                    "call detach() on it first, or use it"
                )
            _attached.add(self.model)
        self._undo.callback(_attached.discard, self.model)
        self._is_attached = True

    def _install(self) -> None:
        text_config = self.adapter.config
        base = text_config._attn_implementation
        self._undo.callback(setattr, text_config, "_attn_implementation", base)
        text_config._attn_implementation = register_backend(base or "eager")
        for handle in (*install_capture_hooks(self.adapter), *install_weaving_hooks(self.adapter)):
            self._undo.callback(handle.remove)
        self._undo.enter_context(
            GenerateHook(self.model, self._weave_for_generate, self._generated)
        )

    def detach(self) -> None:
        """Give the model back as it was before; the memory stays open. Calling it again does nothing."""
        self._is_attached = False
        self._undo.close()
        self._reader.forget()

    def __enter__(self) -> Self:
        self._require_attached()
        return self

    def __exit__(self, *_: object) -> None:
        self.detach()

    def _require_attached(self) -> None:
        if not self._is_attached:
            raise AttachmentError(
                "this memory was detached from its model; call reweaving.attach again"
            )

    def remember(
        self,
        content: str | Sequence[Mapping[str, Any]],
        *,
        session: str | None = None,
        role: str = "user",
        metadata: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        source: str = "",
        trust: Trust | None = None,
        ttl_seconds: float | None = None,
        ephemeral: bool = False,
    ) -> list[MemoryEntry]:
        """Read a message, or several, in its session's running context, and keep what the layers held.

        Parameters
        ----------
        content
            A text, or chat messages with ``role`` and ``content``. One with ``"remember": False`` is
            read, so that later ones keep their context, and not kept.
        session
            The conversation it belongs to; None for the one that began at `attach`.
        role
            Who said a text; messages bring their own.
        metadata, tags, source, trust, ttl_seconds
            Kept with every entry; see `Keeping`.
        ephemeral
            Keep the session in RAM only, from its first message until the memory is closed: nothing
            of it reaches a disk. Later messages need not say so again.

        Returns
        -------
        list of MemoryEntry
            One per span, scored and committed in one transaction; empty when nothing is kept, as in a
            memory that has opted out.

        Raises
        ------
        InputError
            For an empty text, one longer than the model's window, or states that are not numbers; for
            an ephemeral session of which something has reached the disk already.
        ConfigurationError
            For labels, trust or times that are not what they should be.
        """
        self._require_attached()
        keeping = Keeping(
            metadata=dict(metadata or {}),
            tags=tags,
            source=source,
            trust=trust,
            ttl_seconds=ttl_seconds,
        )
        messages = [{"role": role, "content": content}] if isinstance(content, str) else content
        kept = [is_kept(message) for message in messages]
        pieces = [self._piece(message) for message in messages]
        tokens = sum(len(piece.ids) for piece in pieces)
        if not pieces or tokens + len(self._opening) > self.adapter.trained_length:
            raise InputError(
                f"{tokens} tokens in {len(pieces)} messages cannot be read at once: the window holds "
                f"1 to {self.adapter.trained_length - len(self._opening)}; remember a longer text "
                "in parts, in one session"
            )
        if self.memory.opted_out:
            return []
        with self._reading:
            if ephemeral:
                self.memory.make_ephemeral(session or self.session)
            entries = self._read(pieces, kept, tokens, session or self.session)
            keeping.mark(entries)
            try:
                self.memory.add(entries)
            except BaseException:
                self._reader.forget(session or self.session)  # what is not kept is no context
                raise
        return entries

    def _read(
        self, pieces: Sequence[Piece], kept: Sequence[bool], tokens: int, session: str
    ) -> list[MemoryEntry]:
        running = self._reader.running(session, tokens) or self._resume(session)
        opening = [] if running.cached_tokens else self._opening
        first = running.position
        ids = [*opening, *(token for piece in pieces for token in piece.ids)]
        try:
            reading = self._reader.read(running, ids, self.layers)
            check_finite(reading.states, self.layers)
            scores = running.scored.score(
                self._scorer,
                reading.states[self.layers.index(self.key_layer)],
                reading.surprise,
                torch.tensor(ids),
            )
        except BaseException:
            self._reader.forget(session)  # half a message in its context would spoil the next one
            raise
        spans = cut_kept(
            pieces,
            kept,
            self.tokenizer,
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
        )

    def _piece(self, message: Mapping[str, Any]) -> Piece:
        text = message.get("content", "")
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"nothing to remember: the text is {text!r}; give at least one word")
        if self.tokenizer is None:
            raise InputError(
                "remembering text needs a tokenizer: reweaving.attach(model, tokenizer, memory)"
            )
        return self.chat.piece(self._redacted(text), message.get("role", "user"))

    def _resume(self, session: str) -> RunningSession:
        """Context of a session that is not at hand: its latest spans, woven instead of read again."""
        earlier = self.memory.entries(session=session)
        position = max((e.position_idx + e.tokens for e in earlier), default=0)
        room = self.config.budget_tokens * 2
        recent: list[MemoryEntry] = []
        usable = [entry for entry in earlier if self._may_weave(entry)]
        for entry in sorted(usable, key=lambda e: e.position_idx, reverse=True):
            room -= entry.tokens
            if room < 0:
                break
            recent.append(entry)
        context = self._builder.build([recent]) if recent else None
        # The opening is read again but keeps its old place: the next span follows the last one.
        return self._reader.begin(session, context, max(position - len(self._opening), 0))

    def capture(self, input_ids: Any, attention_mask: torch.Tensor | None = None) -> Any:
        """Read token ids and hand back every token's states, without threshold, stored nowhere.

        Parameters
        ----------
        input_ids
            Shape ``(tokens,)``, ``(1, tokens)`` or ``(batch, tokens)``.
        attention_mask
            Shape ``(batch, tokens)``; 0 for padding, which is not captured.

        Returns
        -------
        list of MemoryEntry
            Entries of the sequence; for a batch of several rows, one such list per row.
        """
        self._require_attached()
        rows = self._capturer.capture(input_ids, attention_mask)
        return rows[0] if len(rows) == 1 else rows

    @contextmanager
    def capturing(self) -> Iterator[list[list[MemoryEntry]]]:
        """Capture what the model reads and writes meanwhile; the list is filled when the `with` ends.

        Yields
        ------
        list
            Afterwards: one list of entries per batch row. What was woven is not captured again.
        """
        self._require_attached()
        recorder = StateRecorder(self.adapter, self.layers)
        captured: list[list[MemoryEntry]] = []
        with recording(recorder):
            yield captured
        captured.extend(self._capturer.entries_of(recorder))

    def recall(
        self,
        query: str,
        *,
        budget: int | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
    ) -> list[Recollection]:
        """What memory holds for a request, best first; empty when nothing is relevant enough.

        Parameters
        ----------
        query
            The request's text.
        budget
            Most tokens to find; None for the configured budget.
        strategy, task_type
            See `reweaving.retrieval`.
        """
        self._require_attached()
        if not query.strip():
            raise InputError(f"nothing to recall for: the query is {query!r}")
        ids = torch.tensor([self.chat.request(query, self.config.system)])
        found = self._recall_rows(ids, None, budget, strategy, task_type)[0]
        self.memory.prolong([hit.entry.id for hit in found])
        return found

    def _recall_rows(
        self,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        budget: int | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
    ) -> list[list[Recollection]]:
        tokens = self.config.budget_tokens if budget is None else budget
        if tokens <= 0:
            raise InputError(f"budget = {tokens}: a recall needs a budget of at least one token")
        # What is asked stands at the end of a prompt; a long history before it is not read for recall.
        asked, real = ids[:, -_PROMPT_TOKENS:], None if mask is None else mask[:, -_PROMPT_TOKENS:]
        found = []
        for whole, (row, states) in zip(
            ids.tolist(), self._capturer.question(asked, real), strict=True
        ):
            start, stop = (
                self.chat.question_of(row) if self.tokenizer is not None else (0, len(row))
            )
            hits = self._recall.search(
                states[start:stop].float().cpu(),
                self._capturer.text(row[start:stop]),
                query_words=[self._capturer.text([token]) for token in row[start:stop]],
                budget_tokens=tokens,
                strategy=strategy,
                task_type=task_type,
            )
            # What the prompt itself still holds is not woven a second time.
            found.append([hit for hit in hits if not _holds(whole, hit.entry.token_ids)])
        return found

    async def aremember(self, *args: Any, **kwargs: Any) -> list[MemoryEntry]:
        """`remember` on a worker thread."""
        return await asyncio.to_thread(self.remember, *args, **kwargs)

    async def arecall(self, *args: Any, **kwargs: Any) -> list[Recollection]:
        """`recall` on a worker thread."""
        return await asyncio.to_thread(self.recall, *args, **kwargs)

    def rereader(self) -> SessionRereader:
        """Reads stored sessions again, for `Memory.reencode`."""
        self._require_attached()
        return SessionRereader(self._capturer, self.chat, self._opening)

    def weaving(self, entries: Sequence[Any]) -> AbstractContextManager[Any]:
        """Weave exactly these entries into whatever the model runs meanwhile on this thread.

        Parameters
        ----------
        entries
            Entries or recollections; a list of lists, one per row, for a batch. One flat list serves all rows.

        Raises
        ------
        InputError
            For an entry that is in quarantine.
        """
        self._require_attached()
        rows = (
            [list(row) for row in entries]
            if entries and isinstance(entries[0], (list, tuple))
            else [list(entries)]
        )
        for entry in (_entry_of(item) for row in rows for item in row):
            if not self._may_weave(entry):
                raise InputError(
                    f"entry {entry.id} is in quarantine, its source {entry.source!r} is not trusted; "
                    f"release it with memory.update({entry.id!r}, trust='user'), or allow all such "
                    "entries with RecallConfig(allow_untrusted=True)"
                )
        weave = self._builder.build([[_entry_of(item) for item in row] for row in rows])
        found = [
            [item if isinstance(item, Recollection) else Recollection(item, 1.0) for item in row]
            for row in rows
        ]
        self.last_weave = WeaveRecord(found, weave, self.model, self._require_attached)
        return weaving(weave)

    def _may_weave(self, entry: MemoryEntry) -> bool:
        return entry.trust != UNTRUSTED or self.config.recall.allow_untrusted

    def paused(self) -> AbstractContextManager[Any]:
        """The plain model, for as long as the `with` lasts on this thread."""
        self._require_attached()
        return weaving(self._plain())

    def _plain(self) -> Weave:
        return Weave(self.adapter, [], ())

    def _weave_for_generate(self, ids: torch.Tensor, mask: torch.Tensor | None) -> Weave:
        """What `generate` weaves by itself: recall for each prompt, one row each."""
        if ids.shape[1] > self.adapter.trained_length:
            raise InputError(
                f"the prompt has {ids.shape[1]} tokens but the model's window holds {self.adapter.trained_length}; "
                "remember what came before and ask with a shorter prompt"
            )
        known = self.memory.generation > 0
        found = self._recall_rows(ids, mask) if known else [[] for _ in range(ids.shape[0])]
        entries = [[hit.entry for hit in hits] for hits in found]
        weave = self._builder.build(entries)
        self.last_weave = WeaveRecord(found, weave, self.model, self._require_attached)
        self.memory.touch([entry.id for row in entries for entry in row])
        return weave

    def _generated(self, sequences: torch.Tensor, mask: torch.Tensor | None, prompt: int) -> None:
        recorder = current_recorder(self.adapter)
        if recorder is not None:
            # The last token was chosen but never read; assisted decoding may have read candidates behind it.
            recorder.drop_from(sequences.shape[1] - 1)
        weave = current_weave(self.adapter)
        if self.last_weave is not None and weave is self.last_weave.weave:
            self.last_weave.finish(sequences, mask, prompt)


def _start_id(model: Any, tokenizer: Any) -> int | None:
    for owner in (tokenizer, model.config):
        value = getattr(owner, "bos_token_id", None)
        if isinstance(value, int):
            return value
    return None


def _holds(ids: Sequence[int], run: Sequence[int]) -> bool:
    """Whether token ids stand somewhere in others, side by side."""
    return f" {' '.join(map(str, run))} " in f" {' '.join(map(str, ids))} "


def _entry_of(item: MemoryEntry | Recollection) -> MemoryEntry:
    return item.entry if isinstance(item, Recollection) else item
