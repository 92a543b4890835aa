"""`attach`: the only place where capture, memory, recall and weaving meet."""

from __future__ import annotations

import asyncio
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Literal, Self
from weakref import WeakKeyDictionary

import torch
from pydantic import Field

from reweaving.adapters.fingerprint import model_fingerprint
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.chat import ChatFormat, Piece
from reweaving.capture.capturer import StateCapturer
from reweaving.capture.entries import check_finite, resolve_codec
from reweaving.capture.hooks import StateRecorder, install_capture_hooks, recording
from reweaving.capture.reader import RunningSession, SessionReader
from reweaving.capture.replay import reread
from reweaving.capture.spans import cut_messages
from reweaving.config import Settings
from reweaving.errors import AttachmentError, FingerprintError, InputError
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving import conformance
from reweaving.weaving.backends import install_weaving_hooks, register_backend
from reweaving.weaving.generation import GenerateHook
from reweaving.weaving.positions import Layout, lay_out
from reweaving.weaving.record import WeaveRecord
from reweaving.weaving.weave import Weave, weaving

_attached: WeakKeyDictionary[torch.nn.Module, Reweaver] = WeakKeyDictionary()


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
    """

    codec: Literal["auto", "hidden", "kv", "replay"] = "auto"
    layers: tuple[int, ...] | None = None
    layer_budget: int | None = Field(default=None, gt=0)
    budget_tokens: int = Field(default=256, gt=0)
    key_layer: int | None = Field(default=None, ge=0)
    system: str | None = None
    recall: RecallConfig = Field(default_factory=RecallConfig)


def attach(
    model: Any, tokenizer: Any = None, memory: Memory | None = None, config: ReweavingConfig | None = None
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

    def __init__(self, model: Any, tokenizer: Any, memory: Memory | None, config: ReweavingConfig) -> None:
        adapter = resolve_adapter(model)
        if model in _attached:
            raise AttachmentError(
                f"{type(model).__name__} already has a memory attached; call detach() on it first, or use it"
            )
        self.model, self.tokenizer, self.config, self.adapter = model, tokenizer, config, adapter
        self.memory = Memory.open(":memory:") if memory is None else memory
        self.layers = self._known_layers(config.layers)
        self.key_layer = self._known_key_layer(config.key_layer)
        self.fingerprint = model_fingerprint(model, tokenizer)
        self.memory.require_fingerprint(self.fingerprint, type(model).__name__)
        self.start_id = _start_id(model, tokenizer)
        self.chat = ChatFormat(tokenizer, self.start_id)
        self.session = uuid.uuid4().hex
        self.last_weave: WeaveRecord | None = None
        self._recall = Recall(self.memory, config.recall)
        self._reader = SessionReader(adapter)
        codec = resolve_codec(config.codec, adapter)
        self._capturer = StateCapturer(adapter, tokenizer, self.layers, self.key_layer, codec, self.fingerprint)
        self._sink: MemoryEntry | None = None
        self._undo = ExitStack()
        try:
            self._install()
            measured = conformance.probe(adapter, self._capturer.read_again, self.weaving)
            conformance.require(measured, type(model).__name__)
            self.conformance = measured
        except BaseException:
            self._undo.close()
            raise

    # -- attaching ---------------------------------------------------------------------------------------------

    def _install(self) -> None:
        text_config = self.adapter.config
        base = text_config._attn_implementation or "eager"
        self._undo.callback(setattr, text_config, "_attn_implementation", base)
        text_config._attn_implementation = register_backend(base)
        for handle in (*install_capture_hooks(self.adapter), *install_weaving_hooks(self.adapter)):
            self._undo.callback(handle.remove)
        self._undo.enter_context(GenerateHook(self.model, self._weave_for_generate, self._generated))
        _attached[self.model] = self
        self._undo.callback(_attached.pop, self.model, None)
        self._is_attached = True

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
            raise AttachmentError("this memory was detached from its model; call reweaving.attach again")

    # -- reading -----------------------------------------------------------------------------------------------

    def remember(
        self,
        content: str | Sequence[Mapping[str, str]],
        *,
        session: str | None = None,
        role: str = "user",
        metadata: Mapping[str, Any] | None = None,
    ) -> list[MemoryEntry]:
        """Read a message, or several, in its session's running context, and keep what the layers held.

        Parameters
        ----------
        content
            A text, or chat messages with ``role`` and ``content``.
        session
            The conversation it belongs to; None for the one that began at `attach`.
        role
            Who said a text; messages bring their own.
        metadata
            Kept with every entry.

        Returns
        -------
        list of MemoryEntry
            One per span, scored and committed in one transaction.

        Raises
        ------
        InputError
            For an empty text, one longer than the model's window, or states that are not numbers.
        """
        self._require_attached()
        messages = [{"role": role, "content": content}] if isinstance(content, str) else list(content)
        pieces = [self._piece(message) for message in messages]
        if not pieces:
            raise InputError("nothing to remember: the list of messages is empty")
        name = session or self.session
        tokens = sum(len(piece.ids) for piece in pieces)
        running = self._reader.running(name, tokens) or self._resume(name)
        opening = [] if running.cached_tokens else self.chat.opening(self.config.system)
        if tokens + len(opening) > self.adapter.trained_length:
            raise InputError(
                f"{tokens} tokens are more than the model's window of {self.adapter.trained_length}; "
                "remember the text in parts, in one session"
            )
        first = running.position
        ids = [*opening, *(token for piece in pieces for token in piece.ids)]
        try:
            reading = self._reader.read(running, ids, self.layers)
            check_finite(reading.states, self.layers)
        except BaseException:
            self._reader.forget(name)
            raise
        spans = cut_messages(pieces, self.tokenizer, at=len(opening))
        scores = [float(reading.surprise[span.start : span.stop].mean()) for span in spans]
        entries = self._capturer.entries(spans, ids, reading.states, name, first=first, scores=scores, read_length=running.position)
        for entry in entries:
            entry.namespace, entry.metadata = self.memory.namespace, dict(metadata or {})
        self.memory.add(entries)
        return entries

    def _piece(self, message: Mapping[str, str]) -> Piece:
        text = message.get("content", "")
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"nothing to remember: the text is {text!r}; give at least one word")
        if self.tokenizer is None:
            raise InputError("remembering text needs a tokenizer: reweaving.attach(model, tokenizer, memory)")
        return self.chat.piece(text, message.get("role", "user"))

    def _resume(self, session: str) -> RunningSession:
        """Context of a session that is not at hand: its latest spans, woven instead of read again."""
        earlier = self.memory.entries(session=session)
        position = max((e.position_idx + e.tokens for e in earlier), default=0)
        room = self.config.budget_tokens * 2
        recent: list[MemoryEntry] = []
        for entry in sorted(earlier, key=lambda e: e.position_idx, reverse=True):
            room -= entry.tokens
            if room < 0:
                break
            recent.append(entry)
        context = self._build([self._loaded(recent)], 0) if recent else None
        return self._reader.begin(session, context, position)

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

    # -- recalling ---------------------------------------------------------------------------------------------

    def recall(
        self, query: str, *, budget: int | None = None, strategy: str | None = None, task_type: str | None = None
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
        return self._recall_rows(ids, None, budget, strategy, task_type)[0]

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
        found = []
        for row, states in self._capturer.question(ids, mask):
            start, stop = self.chat.question_of(row) if self.tokenizer is not None else (0, len(row))
            found.append(
                self._recall.search(
                    states[start:stop].float().cpu(),
                    self._capturer.text(row[start:stop]),
                    budget_tokens=tokens,
                    strategy=strategy,
                    task_type=task_type,
                )
            )
        return found

    async def aremember(self, *args: Any, **kwargs: Any) -> list[MemoryEntry]:
        """`remember` on a worker thread."""
        return await asyncio.to_thread(self.remember, *args, **kwargs)

    async def arecall(self, *args: Any, **kwargs: Any) -> list[Recollection]:
        """`recall` on a worker thread."""
        return await asyncio.to_thread(self.recall, *args, **kwargs)

    # -- weaving -----------------------------------------------------------------------------------------------

    def weaving(self, entries: Sequence[Any]) -> AbstractContextManager[Any]:
        """Weave exactly these entries into whatever the model runs meanwhile on this thread.

        Parameters
        ----------
        entries
            Entries or recollections; a list of lists, one per row, for a batch. One flat list serves all rows.
        """
        self._require_attached()
        rows = [list(row) for row in entries] if entries and isinstance(entries[0], (list, tuple)) else [list(entries)]
        return weaving(self._build([self._loaded([_entry_of(item) for item in row]) for row in rows], 0))

    def paused(self) -> AbstractContextManager[Any]:
        """The plain model, for as long as the `with` lasts on this thread."""
        self._require_attached()
        return weaving(self._plain())

    def _plain(self) -> Weave:
        return Weave(self.adapter, [], ())

    def _loaded(self, entries: list[MemoryEntry]) -> list[MemoryEntry]:
        """Entries with their states: read from the store, or by the model again (codec ``replay``)."""
        for entry in entries:
            if entry.fingerprint and entry.fingerprint != self.fingerprint:
                raise FingerprintError(
                    f"entry {entry.id} holds states of model {entry.fingerprint}, not of the attached "
                    f"{type(self.model).__name__} ({self.fingerprint}); `cmr memory reencode` rebuilds them"
                )
        bare = [e.id for e in entries if e.codec != "replay" and e.hidden_state is None and e.keys is None]
        held = {entry.id: entry for entry in self.memory.get_many(bare)} if bare else {}
        loaded = [held.get(entry.id, entry) for entry in entries]
        return self._reread(loaded) if any(entry.codec == "replay" for entry in loaded) else loaded

    def _read_at_length(self, layout: Layout, length: int) -> Layout:
        """The same tokens with the states that they have in a sequence of another length."""
        bare = [replace(entry, codec="replay", hidden_state=None) for entry in layout.entries]
        return lay_out(self._reread(bare, length), self._sink)

    def _reread(self, entries: list[MemoryEntry], length: int = 0) -> list[MemoryEntry]:
        return reread(
            entries,
            lambda session: self.memory.entries(session=session),
            self.chat.opening(self.config.system),
            lambda ids: self._capturer.read_again(ids, length),
            self.adapter.trained_length,
        )

    def _build(self, rows: list[list[MemoryEntry]], request_length: int) -> Weave:
        woven = [layer for layer in self.layers if any(layer in e.layers for row in rows for e in row)]
        if self.config.layer_budget is not None:
            woven = woven[-self.config.layer_budget :]
        needs_sink = any(row and all(e.position_idx for e in row) for row in rows)
        sink = self._sink_entry() if needs_sink else None
        return Weave(self.adapter, [lay_out(row, sink) for row in rows], woven, request_length, self._read_at_length)

    def _sink_entry(self) -> MemoryEntry | None:
        if self._sink is None and self.start_id is not None:
            self._sink = self._capturer.read_again(torch.tensor([[self.start_id]]))[0]
        return self._sink

    def _weave_for_generate(self, ids: torch.Tensor, mask: torch.Tensor | None, longest: int) -> Weave:
        """What `generate` weaves by itself: recall for each prompt, one row each."""
        if ids.shape[1] > self.adapter.trained_length:
            raise InputError(
                f"the prompt has {ids.shape[1]} tokens but the model's window holds {self.adapter.trained_length}; "
                "remember what came before and ask with a shorter prompt"
            )
        self.last_weave = None
        if not self.memory.generation:
            return self._plain()
        found = self._recall_rows(ids, mask)
        rows = [self._loaded([hit.entry for hit in hits]) for hits in found]
        if not any(rows):
            self.last_weave = WeaveRecord(found, None, self.model)
            return self._plain()
        self.memory.touch([entry.id for row in rows for entry in row])
        weave = self._build(rows, longest)
        self.last_weave = WeaveRecord(found, weave, self.model)
        return weave

    def _generated(self, sequences: torch.Tensor, mask: torch.Tensor | None, prompt: int) -> None:
        if self.last_weave is not None:
            self.last_weave.finish(sequences, mask, prompt)

    # -- settings ----------------------------------------------------------------------------------------------

    def _known_layers(self, asked: tuple[int, ...] | None) -> tuple[int, ...]:
        count = len(self.adapter.layers)
        if asked is None:
            return tuple(range(count))
        unknown = sorted({layer for layer in asked if not 0 <= layer < count})
        if unknown:
            warnings.warn(
                f"layers {unknown} are left out: {type(self.model).__name__} has layers 0 to {count - 1}", stacklevel=4
            )
        known = tuple(sorted({layer for layer in asked if 0 <= layer < count}))
        if not known:
            raise InputError(f"none of the layers {asked} exists; {type(self.model).__name__} has 0 to {count - 1}")
        return known

    def _known_key_layer(self, asked: int | None) -> int:
        wanted = round(len(self.adapter.layers) * 0.2) if asked is None else asked
        # The captured layer nearest to the wanted one.
        return min(self.layers, key=lambda layer: (abs(layer - wanted), layer))


def _start_id(model: Any, tokenizer: Any) -> int | None:
    for owner in (tokenizer, model.config):
        value = getattr(owner, "bos_token_id", None)
        if isinstance(value, int):
            return value
    return None


def _entry_of(item: MemoryEntry | Recollection) -> MemoryEntry:
    return item.entry if isinstance(item, Recollection) else item
