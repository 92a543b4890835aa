"""`CMRTransformer`: a Hugging Face causal language model with a memory, as one `nn.Module`."""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from types import TracebackType
from typing import Any, ClassVar, Self

import torch
from torch import nn

from reweaving.adapters.attention_heads import AttentionHeads
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.hook_manager import HookManager
from reweaving.capture.layers import key_layer, known_layers
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.memory.long_term import LongTermMemory
from reweaving.models.advanced_retrieval import AdvancedMemoryRetriever
from reweaving.models.devices import resolve_device
from reweaving.models.hugging_face import HuggingFaceModule
from reweaving.models.keeping import keep, token_scores
from reweaving.models.loading import load_backbone
from reweaving.models.out_of_memory import MEMORY_ERRORS, first_line, is_out_of_memory, shrink
from reweaving.models.output import CMROutput
from reweaving.models.passes import MemoryPass, Totals
from reweaving.models.quantization import quantize_weights
from reweaving.models.requests import checked_request, weavable
from reweaving.models.settings import CMRConfig
from reweaving.monitoring.monitor import CMRPerformanceMonitor
from reweaving.retrieval.base import STRATEGIES, RetrievalContext
from reweaving.reweaver import Reweaver, attach
from reweaving.scoring.relevance import RelevanceScorer
from reweaving.settings import ReweavingConfig
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving.settings import ReconstructionConfig

_SPARE = 4


class CMRTransformer(HuggingFaceModule):
    """A causal language model that keeps what its layers held, and weaves it into later requests.

    Life: made plain; `register_memory_hooks` (or `enable_memory`) attaches the memory; each pass then
    recalls, weaves, reads and keeps; `cleanup_hooks`, or the end of a ``with``, gives the model back.

    Parameters
    ----------
    config
        What `reweaving.models.loading.load_backbone` takes: a Hugging Face config, a name or path, a
        model, or a namespace with ``vocab_size`` and ``num_hidden_layers``.
    memory_config
        See `CMRConfig`.
    model_name
        Name or path of the weights; None for the config's own.
    tokenizer
        Gives entries their text; not needed otherwise.
    fallback
        Whether something else may stand in, with a warning, for weights or a device that cannot be
        had; None for what `memory_config` says.
    memory_buffer
        Where entries are held; None for one of the sizes in `memory_config`.
    scorer
        Callable ``(hidden_states, attention_mask)`` giving scores in [0, 1]; None for the configured one.
    long_term
        Takes over entries that are evicted, such as a `reweaving.Memory`.

    Raises
    ------
    ConfigurationError
        For an unknown key or a wrong value.
    WeightsNotFoundError
        When nothing may stand in for weights that cannot be reached.
    UnsupportedModelError
        When the architecture cannot be woven exactly.
    InputError
        When none of the target layers exists.
    """

    default_scoring: ClassVar[str] = "hybrid"

    def __init__(
        self,
        config: Any,
        memory_config: Mapping[str, Any] | CMRConfig | None = None,
        model_name: str | None = None,
        *,
        tokenizer: Any = None,
        fallback: bool | None = None,
        memory_buffer: LayeredMemoryBuffer | None = None,
        scorer: nn.Module | None = None,
        long_term: LongTermMemory | None = None,
    ) -> None:
        super().__init__()
        self._woven: Reweaver | None = None
        settings = CMRConfig.of(memory_config, model_name=model_name, fallback=fallback)
        self.memory_config = settings
        self.backbone = load_backbone(
            config,
            settings.model_name,
            fallback=settings.fallback,
            device_map=settings.device_map,
        ).eval()
        if settings.use_quantization:
            quantize_weights(self.backbone)
        if settings.device is not None and settings.device_map is None:
            self.backbone.to(resolve_device(settings.device, fallback=settings.fallback))
        self.adapter = resolve_adapter(self.backbone)
        self.tokenizer = tokenizer
        depth = len(self.adapter.layers)
        wanted = settings.target_layers or self.default_layers(depth)
        self.target_layers = known_layers(wanted, self.adapter)
        self.memory_buffer = memory_buffer or LayeredMemoryBuffer(
            settings.max_entries_per_layer,
            settings.max_total_entries,
            settings.eviction_strategy,
            max_bytes=settings.max_memory_bytes,
            device=self.adapter.entry_device,
            long_term=long_term,
        )
        self.key_layer = key_layer(None, self.target_layers, depth)
        self.scorer = scorer or self._configured_scorer()
        self.retriever = self._configured_retriever()
        self.reconstruction_enabled = True
        self.layer_hooks: dict[int, Any] = {}
        self.memory_enabled = False
        self.current_sequence_id = 0
        self._totals = Totals()
        self.eval()

    @classmethod
    def default_layers(cls, depth: int) -> tuple[int, ...] | None:  # noqa: ARG003 - for families
        """Layers to capture when none are asked for, of a model of some depth; None for all."""
        return None

    def _configured_scorer(self) -> RelevanceScorer:
        return RelevanceScorer(
            self.adapter.hidden_size,
            self.memory_config.scoring_method or self.default_scoring,
            model=self.adapter,
            layer=self.key_layer,
        )

    def _configured_retriever(self) -> AdvancedMemoryRetriever:
        return AdvancedMemoryRetriever(
            self.adapter.hidden_size,
            self.memory_buffer,
            self.memory_config.retrieval_settings,
            heads=AttentionHeads(self.adapter, self.key_layer),
        )

    @property
    def reweaver(self) -> Reweaver | None:
        """What `reweaving.attach` made of the model; None while no hooks are registered."""
        return self._woven

    @cached_property
    def hook_manager(self) -> HookManager:
        """Hooks of ones own on any layer; see `HookManager`."""
        return HookManager(self.adapter)

    @cached_property
    def performance_monitor(self) -> CMRPerformanceMonitor:
        """Measures what this model's parts do while it is started; see `CMRPerformanceMonitor`.

        Raises
        ------
        InputError
            While no hooks are registered.
        """
        return CMRPerformanceMonitor(self)

    @property
    def last_weave(self) -> Any:
        """What was woven into the last request, with positions and attention; None before the first."""
        return None if self._woven is None else self._woven.last_weave

    def register_memory_hooks(self, layer_indices: Sequence[int] | None = None) -> None:
        """Attach the memory to some layers, or to the configured ones, and enable it.

        Raises
        ------
        AttachmentError
            When the model has another memory.
        """
        if layer_indices is not None:
            wanted = known_layers(tuple(layer_indices), self.adapter)
            if wanted != self.target_layers:
                self.cleanup_hooks()
                self.target_layers = wanted
                self.key_layer = key_layer(None, wanted, len(self.adapter.layers))
                # Both look at the key layer.
                self.retriever = self._configured_retriever()
                if isinstance(self.scorer, RelevanceScorer):
                    self.scorer = self._configured_scorer()
        if self._woven is None:
            self._woven = attach(self.backbone, self.tokenizer, config=self._attachment())
            hooks = self._woven.layer_hooks
            self.layer_hooks = {layer: hooks[layer] for layer in self.target_layers}
        self.memory_enabled = True

    def _attachment(self) -> ReweavingConfig:
        wanted = self.memory_config.intervention_layers
        woven = None if wanted is None else known_layers(wanted, self.adapter)
        asked = self.memory_config.reconstruction_config
        return ReweavingConfig(
            codec="hidden",
            layers=self.target_layers,
            weave_layers=woven,
            key_layer=self.key_layer,
            reconstruction=(
                ReconstructionConfig.exact() if asked is None else ReconstructionConfig(**asked)
            ),
        )

    def enable_memory(self) -> None:
        """Recall, weave and capture from now on; registers the hooks where that is still to be done."""
        self.register_memory_hooks()

    def disable_memory(self) -> None:
        """Be the plain model from now on; what is held stays."""
        self.memory_enabled = False

    def cleanup_hooks(self) -> None:
        """Give the model back as it was; what is held stays."""
        if self._woven is not None:
            self._woven.detach()
        self._woven = None
        self.layer_hooks = {}
        self.memory_enabled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cleanup_hooks()

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> CMROutput:
        """Read token ids with what memory holds for them, and keep what is worth it.

        Parameters
        ----------
        input_ids
            Shape ``(batch, tokens)`` or ``(tokens,)``. Each row is a sequence of its own.
        attention_mask
            0 for padding, shape ``(batch, tokens)``.

        Returns
        -------
        CMROutput
            ``last_hidden_state`` ``(batch, tokens, hidden)``, ``logits`` ``(batch, tokens, vocab)`` and
            ``memory_stats``.

        Raises
        ------
        InputError
            For ids of another shape, outside the vocabulary, or longer than the model's window.
        """
        outputs, _ = self._read(input_ids, attention_mask)
        return CMROutput(
            last_hidden_state=outputs.hidden_states[-1],
            logits=outputs.logits,
            memory_stats=self.get_memory_stats(),
        )

    def generate(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        use_memory: bool = True,
        task_type: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Hugging Face's ``generate``, with what memory holds for each prompt.

        What is read and written is kept. With beams or several sequences per prompt, the prompts are.

        Parameters
        ----------
        input_ids, attention_mask
            As in `forward`.
        use_memory
            False for the plain model.
        task_type
            What the answer is for, where the retrieval strategy knows task types.
        **kwargs
            As for Hugging Face's.
        """
        ids, mask = checked_request(input_ids, attention_mask, self.adapter)
        given = {"input_ids": ids, "attention_mask": mask, **kwargs}
        woven = self._in_use(use_memory)
        if woven is None:
            with self._plain():
                return self.backbone.generate(**given)
        done = self._recalled(woven, ids, mask, task_type)
        with done.timed("model"), woven.weaving(self._shown(done)), woven.capturing() as captured:
            output = self.backbone.generate(**given)
        if len(captured) != len(ids):
            rows = woven.capture(ids, mask)
            captured = [rows] if len(ids) == 1 else rows
        with done.timed("capture"):
            done.kept = self._keep(captured, None, None)
        self._totals.add(done)
        return output

    def set_retrieval_strategy(self, strategy: str) -> None:
        """Search by another strategy from now on.

        Raises
        ------
        RegistryError
            For an unknown name; the strategy stays what it was.
        """
        STRATEGIES.get(strategy)
        self.retriever.config = self.retriever.config.replace(strategy=strategy)

    def set_reconstruction_method(self, method: str) -> None:
        """Turn states into memory by another method from now on; see `ReconstructionConfig`.

        Raises
        ------
        ConfigurationError
            For an unknown method; it stays what it was.
        """
        given = {**(self.memory_config.reconstruction_config or {}), "method": method}
        ReconstructionConfig(**given)
        self.memory_config = self.memory_config.replace(reconstruction_config=given)
        self.weights_changed()

    def enable_reconstruction(self, enabled: bool = True) -> None:
        """Weave what is recalled, or only recall and report it."""
        self.reconstruction_enabled = enabled

    def clear_memory(self) -> int:
        """Forget everything that is held; returns how many entries there were."""
        return self.memory_buffer.clear_all()

    def save_memory(self, path: str | os.PathLike[str]) -> None:
        """Write everything that is held to one file; see `LayeredMemoryBuffer.save_state`."""
        self.memory_buffer.save_state(path)

    def load_memory(self, path: str | os.PathLike[str]) -> None:
        """Hold what is in a file of `save_memory` instead of what is held.

        Raises
        ------
        FingerprintError
            At the next recall, when the entries are another model's.
        """
        self.memory_buffer.load_state(path)
        numbers = [e.sequence_id for e in self.memory_buffer.get_all_entries()]
        known = [number for number in numbers if isinstance(number, int)]
        self.current_sequence_id = max([self.current_sequence_id, *known])

    def get_memory_stats(self) -> dict[str, Any]:
        """What is held now.

        Returns
        -------
        dict
            ``total_captured_states`` (entries, counted in every layer they hold), ``layers_with_memory``,
            and what `LayeredMemoryBuffer.get_buffer_stats` counts.
        """
        held = self.memory_buffer.get_buffer_stats()
        layers: dict[int, int] = held["entries_per_layer"]
        return {
            "total_captured_states": sum(layers.values()),
            "layers_with_memory": [layer for layer, count in layers.items() if count],
            "memory_enabled": self.memory_enabled,
            "current_sequence_id": self.current_sequence_id,
            **held,
        }

    def get_retrieval_stats(self, done: MemoryPass | None = None) -> dict[str, Any]:
        """What recall did, in one pass (where it is given) and in all of them."""
        asked = self.retriever.get_retrieval_stats()
        now = self._totals.retrieval(done or MemoryPass())
        return {"strategy": self.retriever.config.strategy, **asked, **now}

    def weights_changed(self) -> None:
        """Attach anew, since another dtype or other weights are another model."""
        if self._woven is None:
            return
        enabled, before = self.memory_enabled, self._woven.fingerprint
        self.cleanup_hooks()
        self.register_memory_hooks()
        self.memory_enabled = enabled
        if self._woven.fingerprint != before and len(self.memory_buffer):
            dropped = self.clear_memory()
            warnings.warn(
                f"{dropped} entries were dropped: their states were read with other weights or in "
                "another dtype, and mean nothing to the model as it is now",
                stacklevel=3,
            )

    def _shown(self, done: MemoryPass) -> Sequence[Sequence[Recollection]]:
        return done.found if self.reconstruction_enabled else [[] for _ in done.found]

    def _in_use(self, use_memory: bool) -> Reweaver | None:
        return self._woven if use_memory and self.memory_enabled else None

    def _plain(self) -> AbstractContextManager[Any]:
        return nullcontext() if self._woven is None else self._woven.paused()

    def _read(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None,
        *,
        use_memory: bool = True,
        task_type: str | None = None,
    ) -> tuple[Any, MemoryPass]:
        ids, mask = checked_request(input_ids, attention_mask, self.adapter)
        given = {"input_ids": ids, "attention_mask": mask, "output_hidden_states": True}
        woven = self._in_use(use_memory)
        done = self._recalled(woven, ids, mask, task_type) if woven else MemoryPass()
        done.tokens = ids.numel() if mask is None else int(mask.sum())
        captured: list[list[MemoryEntry]] = []
        if woven is None:
            with done.timed("model"), self._plain():
                outputs = self.backbone(**given, use_cache=False)
        else:
            failure = ""
            try:
                with (
                    done.timed("model"),
                    woven.weaving(self._shown(done)),
                    woven.capturing() as captured,
                ):
                    outputs = self.backbone(**given, use_cache=False)
            except MEMORY_ERRORS as error:
                if not is_out_of_memory(error):
                    raise
                failure = first_line(error)
            if failure:  # out here, where the error no longer holds on to what was captured
                captured = []
                shrink(self.memory_buffer, failure)
                with done.timed("model"), woven.weaving(self._shown(done)):
                    outputs = self.backbone(**given, use_cache=False)
            with done.timed("capture"):
                done.kept = self._keep(captured, outputs.logits, mask)
        self._totals.add(done)
        return outputs, done

    def _recalled(
        self,
        woven: Reweaver,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        task_type: str | None,
    ) -> MemoryPass:
        done = MemoryPass(found=[[] for _ in ids], candidates=len(self.memory_buffer))
        if not done.candidates:
            return done
        with done.timed("retrieval"):
            done.found = [
                weavable(
                    self._retrieve(read, states, task_type),
                    row,
                    woven.woven_layers,
                    self.memory_config.retrieval_budget,
                )
                for row, (read, states) in zip(
                    ids.tolist(), woven.request_states(ids, mask), strict=True
                )
            ]
            for hit in itertools.chain.from_iterable(done.found):
                self.memory_buffer.get(hit.entry.id)  # notes that it was used
        return done

    def _retrieve(
        self, ids: Sequence[int], states: torch.Tensor, task_type: str | None
    ) -> list[Recollection]:
        """What is held for a request of token ids and states ``(tokens, hidden)``, best first."""
        words = () if self.tokenizer is None else tuple(self.tokenizer.decode([i]) for i in ids)
        context = RetrievalContext(
            current_sequence_id=self.current_sequence_id + 1,
            current_layer_idx=self.key_layer,
            current_hidden_states=states,
            # More than are woven: some may not fit, or stand in the prompt already.
            retrieval_budget=_SPARE * self.memory_config.retrieval_budget,
            task_type=task_type,
            query_text="".join(words),
            query_words=words,
        )
        return self.retriever.retrieve_memories(context)

    def _keep(
        self,
        captured: Sequence[Sequence[MemoryEntry]],
        logits: torch.Tensor | None,
        mask: torch.Tensor | None,
    ) -> list[MemoryEntry]:
        """Score what was captured, one sequence per row, and hold what reaches the threshold."""
        kept: list[MemoryEntry] = []
        failure = ""
        try:
            for row, entries in enumerate(captured):
                if not entries:  # nothing but padding
                    continue
                self.current_sequence_id += 1
                seen = None
                if logits is not None:
                    seen = logits[row] if mask is None else logits[row][mask[row] != 0]
                scores = token_scores(self.scorer, entries, self.key_layer, seen)
                kept += keep(
                    entries,
                    scores,
                    self.current_sequence_id,
                    self.memory_config,
                    self.memory_buffer,
                )
        except MEMORY_ERRORS as error:
            if not is_out_of_memory(error):
                raise
            failure = first_line(error)
        if failure:
            shrink(self.memory_buffer, failure)
        return [entry for entry in kept if entry.id in self.memory_buffer]
