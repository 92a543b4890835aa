"""`attach`: the only place where capture, memory, recall and weaving meet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from typing import Any, Self

import torch

from reweaving.adapters.attention_heads import AttentionHeads
from reweaving.adapters.fingerprint import model_fingerprint, model_name
from reweaving.adapters.resolve import resolve_adapter
from reweaving.attachment import Attachment
from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat, find_start_id
from reweaving.capture.entries import resolve_codec
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.capture.layers import known_layers
from reweaving.capture.remembering import MessageKeeper
from reweaving.capture.rereading import SessionRereader
from reweaving.errors import InputError
from reweaving.memory.aio import twin
from reweaving.memory.memory import Memory
from reweaving.memory.privacy.keeping import Keeping, Trust
from reweaving.memory.privacy.redaction import Redactor
from reweaving.memory.privacy.trust import UNTRUSTED
from reweaving.retrieval.calibration import find_calibration
from reweaving.retrieval.calibration_use import judge_of, recall_settings, settled_key_layer
from reweaving.retrieval.contextual_relevance import heads_of_layer
from reweaving.retrieval.filters import RecallFilters
from reweaving.retrieval.judge_witness import Witness
from reweaving.retrieval.requests import RequestRecall, Wanted
from reweaving.retrieval.retriever import Recall
from reweaving.settings import ReweavingConfig
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving.active import weaving
from reweaving.weaving.builder import WeaveBuilder
from reweaving.weaving.conformance import require_exact
from reweaving.weaving.generation import GenerateHook
from reweaving.weaving.injection import install_injection_hooks
from reweaving.weaving.methods import assemble
from reweaving.weaving.record import WeaveRecord
from reweaving.weaving.requests import RequestWeaver


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
        wanted = self.layers if config.weave_layers is None else config.weave_layers
        woven = tuple(layer for layer in self.layers if layer in wanted)
        self.woven_layers = woven[-(config.layer_budget or 0) :]
        self.fingerprint = model_fingerprint(model, tokenizer)
        self.calibration = (
            find_calibration(model, self.fingerprint, self.memory) if config.calibrated else None
        )
        self.key_layer = settled_key_layer(
            config.key_layer,
            self.layers,
            len(adapter.layers),
            self.memory,
            self.fingerprint,
            self.calibration,
        )
        start_id = find_start_id(model, tokenizer)
        self.chat = ChatFormat(tokenizer, start_id)
        self.session = uuid.uuid4().hex
        self._opening = self.chat.opening(config.system)
        codec = resolve_codec(
            config.codec, adapter, residual=config.reconstruction.needs_residual_states
        )
        self._capturer = StateCapturer(
            adapter, tokenizer, self.layers, self.key_layer, codec, self.fingerprint
        )
        builder = WeaveBuilder(
            adapter,
            self.memory,
            self.woven_layers,
            self.fingerprint,
            self._opening,
            start_id,
            self._capturer.read_again,
        )
        builder.keep_hot(config.hot_bytes)
        self._forget_hot = builder.forget_hot
        recalled = partial(builder.build, recalled=True)
        self._witness = None if tokenizer is None else Witness(adapter, tokenizer, recalled)
        recall = recall_settings(config.recall, self.calibration, self.key_layer)
        calibrated = () if self.calibration is None else self.calibration.heads
        heads = AttentionHeads(adapter, self.key_layer, heads_of_layer(calibrated, self.key_layer))
        self._requests = RequestRecall(
            Recall(self.memory, recall, heads=heads),
            self._capturer,
            None if tokenizer is None else self.chat,
            config.budget_tokens,
            judge_of(recall, self.calibration, self._witness, self.key_layer),
        )
        self._keeper = MessageKeeper(
            self._capturer,
            self.chat,
            self.memory,
            builder,
            config.scoring,
            opening=self._opening,
            resumed_tokens=config.budget_tokens * 2,
            redacted=Redactor(config.redaction),
            may_weave=self._may_weave,
        )
        self.reconstruction = assemble(
            adapter,
            config.reconstruction,
            captured=self.layers,
            fingerprint=self.fingerprint,
            start=cache(partial(self._capturer.start_states, start_id)),
        )
        self._attachment = Attachment(model)
        self._require_attached = self._attachment.require
        self._weaver = RequestWeaver(
            adapter,
            self.memory,
            # Sessions are resumed exactly, whatever requests take in.
            builder.through(self.reconstruction),
            recall=self._recalled,
            may_weave=self._may_weave,
            require_attached=self._require_attached,
        )
        try:
            hook = GenerateHook(model, self._weaver.for_generate, self._weaver.generated)
            self._attachment.install(
                adapter, hook, install_injection_hooks(adapter, self.reconstruction)
            )
            self.conformance = require_exact(
                adapter, self._capturer.whole().read_again, type(model).__name__
            )
            self.memory.require_fingerprint(self.fingerprint, model_name(model))
            self.memory.keep_near(adapter.entry_device)
        except BaseException:
            self.detach()
            raise

    def detach(self) -> None:
        """Give the model back as it was before; the memory stays open. Calling it again does nothing."""
        self._attachment.end()
        self._forget_hot()
        self._keeper.close()

    def __enter__(self) -> Self:
        self._require_attached()
        return self

    def __exit__(self, *_: object) -> None:
        self.detach()

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
        wait: bool = True,
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
        wait
            Whether to return only when everything has reached the store. Otherwise it is stored while
            the model goes on, and the turn may be called stored after `flush`.

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
        return self._keeper.keep(
            messages, session or self.session, keeping, ephemeral=ephemeral, wait=wait
        )

    def flush(self) -> None:
        """Wait until everything that was remembered with ``wait=False`` is stored.

        Raises
        ------
        ReweavingError
            What the store said, when it refused something; that turn is not remembered.
        """
        self._keeper.flush()

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
            Afterwards: one list of entries per batch row. What was woven is not captured again. Of beam search
            only prompts are captured: beams change places at every token.
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
        limit: int | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
        filters: RecallFilters | Mapping[str, Any] | None = None,
        explain: bool = False,
    ) -> list[Recollection]:
        """What memory holds for a request, best first; empty when nothing is relevant enough.

        Parameters
        ----------
        query
            The request's text.
        budget, limit
            Most tokens, and most entries, to find; None for the configured ones.
        strategy, task_type
            Names of a strategy and, for ``task_specific``, of what the answer is for.
        filters
            Conditions on time, trust, labels and metadata; see `RecallFilters`.
        explain
            Whether each recollection says what each criterion added to its score.
        """
        self._require_attached()
        if not query.strip():
            raise InputError(f"nothing to recall for: the query is {query!r}")
        ids = torch.tensor([self.chat.request(query, self.config.system)])
        wanted = Wanted(budget, limit, strategy, task_type, filters, explain)
        self.flush()
        found = self._requests.rows(ids, None, wanted)[0]
        self.memory.prolong([hit.entry.id for hit in found])
        return found

    def request_states(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> list[tuple[list[int], torch.Tensor]]:
        """The token ids and key-layer states ``(tokens, hidden)`` of each prompt; later layers do not run.

        Of a long prompt only the end is read: there stands what is asked.
        """
        self._require_attached()
        return self._requests.states(input_ids, attention_mask)

    aremember, arecall = twin(remember), twin(recall)

    def rereader(self) -> SessionRereader:
        """Reads stored sessions again, for `Memory.reencode`."""
        self._require_attached()
        return SessionRereader(self._capturer, self.chat, self._opening)

    def witness(self) -> Witness:
        """Asks the model what it would say with each memory alone, for `cmr calibrate`."""
        self._require_attached()
        if self._witness is None:
            raise InputError("a judge needs words: reweaving.attach(model, tokenizer, memory)")
        return self._witness

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
        return weaving(self._weaver.named(entries))

    def _may_weave(self, entry: MemoryEntry) -> bool:
        return entry.trust != UNTRUSTED or self.config.recall.allow_untrusted

    def _recalled(
        self, ids: torch.Tensor, mask: torch.Tensor | None
    ) -> Sequence[list[Recollection]]:
        self.flush()  # what was said a moment ago may be asked for now
        return self._requests.rows(ids, mask)

    def paused(self) -> AbstractContextManager[Any]:
        """The plain model, for as long as the `with` lasts on this thread."""
        self._require_attached()
        return weaving(self._weaver.plain())

    @property
    def layer_hooks(self) -> dict[int, Any]:
        """The handle of each decoder layer's capture hook."""
        return self._attachment.layer_hooks

    @property
    def last_weave(self) -> WeaveRecord | None:
        """The record of the last request into which memory was woven; None before the first."""
        return self._weaver.last
