"""When a model has its memory attached, at which layers, and how it is given back."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from types import TracebackType
from typing import Any, ClassVar, Self

from torch import nn

from reweaving.adapters.attention_heads import AttentionHeads
from reweaving.capture.hook_manager import HookManager
from reweaving.capture.layers import key_layer, known_layers
from reweaving.errors import InputError
from reweaving.models.advanced_retrieval import AdvancedMemoryRetriever
from reweaving.models.holding import HoldingModule
from reweaving.monitoring.monitor import CMRPerformanceMonitor
from reweaving.monitoring.settings import MonitorConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.scoring.relevance import RelevanceScorer
from reweaving.settings import ReweavingConfig
from reweaving.weaving.settings import ReconstructionConfig


class AttachingModule(HoldingModule):
    """A module whose memory can be attached, switched off, and taken off.

    Life: plain when it is made; attached by `register_memory_hooks` or `enable_memory`; `cleanup_hooks`,
    or the end of a ``with``, gives the model back.
    """

    default_scoring: ClassVar[str] = "hybrid"

    scorer: nn.Module
    target_layers: tuple[int, ...]
    intervention_layers: tuple[int, ...]
    key_layer: int
    layer_hooks: dict[int, Any]
    _woven: Reweaver | None

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
        limit = self.memory_config.max_total_entries
        return CMRPerformanceMonitor(self, MonitorConfig(max_entries=limit))

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
                woven = self._interventions(wanted)  # refused before anything is changed
                self.detach_memory()
                self.target_layers, self.intervention_layers = wanted, woven
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

    def _interventions(self, captured: tuple[int, ...]) -> tuple[int, ...]:
        """Layers that memory is woven into: those that were asked for, as far as they are captured."""
        asked = self.memory_config.intervention_layers
        if asked is None:
            return captured
        wanted = known_layers(asked, self.adapter)
        held = tuple(layer for layer in wanted if layer in captured)
        if not held:
            raise InputError(
                f"intervention_layers = {list(wanted)}: none of them is captured (target_layers = "
                f"{list(captured)}), and memory is woven into the layers that it was captured at"
            )
        if held != wanted:
            left_out = [layer for layer in wanted if layer not in held]
            warnings.warn(
                f"intervention_layers {left_out} are left out: target_layers {list(captured)} "
                "are captured, and memory is woven into the layers that it was captured at",
                stacklevel=4,
            )
        return held

    def _attachment(self) -> ReweavingConfig:
        asked = self.memory_config.reconstruction_config
        return ReweavingConfig(
            codec="hidden",
            layers=self.target_layers,
            weave_layers=self.intervention_layers,
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
        """Give the model back as it was, without hooks of `hook_manager` either; what is held stays."""
        self.detach_memory()
        if "hook_manager" in vars(self):
            self.hook_manager.remove_hooks()

    def detach_memory(self) -> None:
        """Take the memory off the model; what is held stays, and so do hooks of `hook_manager`."""
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

    def weights_changed(self) -> None:
        """Attach anew, since another dtype or other weights are another model."""
        if self._woven is None:
            return
        enabled, before = self.memory_enabled, self._woven.fingerprint
        self.detach_memory()
        self.register_memory_hooks()
        self.memory_enabled = enabled
        if self._woven.fingerprint != before and len(self.memory_buffer):
            dropped = self.clear_memory()
            warnings.warn(
                f"{dropped} entries were dropped: their states were read with other weights or in "
                "another dtype, and mean nothing to the model as it is now",
                stacklevel=3,
            )

    def _in_use(self, use_memory: bool) -> Reweaver | None:
        return self._woven if use_memory and self.memory_enabled else None

    def _plain(self) -> AbstractContextManager[Any]:
        return nullcontext() if self._woven is None else self._woven.paused()

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
