"""`CMRPerformanceOptimizer`: the parts of this folder around one model with a memory."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

import torch
from pydantic import Field

from reweaving.config import Settings
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.optimization.background import BackgroundConfig, BackgroundOptimizer
from reweaving.optimization.batching import BatchConfig, BatchProcessingOptimizer
from reweaving.optimization.prefetch import MemoryPrefetcher, PrefetchConfig
from reweaving.optimization.scheduler import ComputationScheduler, Priority
from reweaving.optimization.thresholds import AdaptiveThresholdManager, ThresholdConfig
from reweaving.types import MemoryEntry


class OptimizationConfig(Settings):
    """What the documents call ``optimization_config``.

    Parameters
    ----------
    enable_adaptive_thresholds
        Drive the model's ``relevance_threshold`` to a target share of what is read.
    enable_batch_optimization
        Run rows of different lengths in batches of about one length, while memory is disabled: with memory, later
        batches would recall what earlier ones of the same call have just left.
    enable_prefetching
        Bring back from long-term memory what the next turn may want.
    enable_background_optimization
        Keep the buffer within its limits, and up to date, beside requests.
    thresholds, batches, prefetching, background
        Settings of the parts.
    """

    enable_adaptive_thresholds: bool = True
    enable_batch_optimization: bool = True
    enable_prefetching: bool = True
    enable_background_optimization: bool = False
    thresholds: ThresholdConfig = Field(default_factory=ThresholdConfig)
    batches: BatchConfig = Field(default_factory=BatchConfig)
    prefetching: PrefetchConfig = Field(default_factory=PrefetchConfig)
    background: BackgroundConfig = Field(default_factory=BackgroundConfig)


class MemoryModel(Protocol):
    """What is asked of a model: the documented ones have it."""

    memory_buffer: LayeredMemoryBuffer
    memory_config: Any
    memory_enabled: bool
    current_sequence_id: int

    @property
    def last_weave(self) -> Any:
        """The record of the last request into which memory was woven."""

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None) -> Any:
        """Read token ids ``(batch, tokens)``."""


class CMRPerformanceOptimizer:
    """Runs a model's forward passes with what helps them switched on.

    Life: made around a model; `optimize_forward` instead of calling the model, from any thread, one pass at a time;
    `close`, or the end of a ``with``, stops what runs beside it. What the passes give is what the model gives, but for
    the threshold at which it keeps what it read.

    Parameters
    ----------
    cmr_model
        One of `reweaving.models`.
    optimization_config
        See `OptimizationConfig`; a dictionary is checked.
    """

    def __init__(
        self,
        cmr_model: MemoryModel,
        optimization_config: Mapping[str, Any] | OptimizationConfig | None = None,
    ) -> None:
        given = optimization_config
        self.config = (
            given
            if isinstance(given, OptimizationConfig)
            else OptimizationConfig(**dict(given or {}))
        )
        self.cmr_model = cmr_model
        start = self.config.thresholds
        if "initial" in start.model_fields_set:
            self._set_threshold(start.initial)
        else:
            start = start.replace(initial=cmr_model.memory_config.relevance_threshold)
        self.thresholds = AdaptiveThresholdManager(start)
        self.batches = BatchProcessingOptimizer(self.config.batches)
        buffer = cmr_model.memory_buffer
        self.prefetcher = MemoryPrefetcher(self._brought, self._neighbours, self.config.prefetching)
        self._foreseen: set[str] = set()
        self._hits = self._used_spans = 0
        self.scheduler = ComputationScheduler()
        self.background = BackgroundOptimizer(
            {"buffer": buffer.optimize}, self._is_busy, self.config.background
        )
        self._passing = threading.Lock()
        self._passes = 0
        self._seconds = 0.0
        self.scheduler.start()
        if self.config.enable_prefetching:
            self.prefetcher.start()
        if self.config.enable_background_optimization:
            self.background.start()

    def optimize_forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> Any:
        """A forward pass of the model.

        Parameters
        ----------
        input_ids, attention_mask
            As the model's own, shape ``(batch, tokens)``.

        Returns
        -------
        The model's output. When rows were run apart, ``logits`` and ``last_hidden_state`` hold all of them, zeros
        where they are padded, and the rest is the last batch's.
        """
        # What a thread has decided (gradients, a weave) holds for the pass that runs for it on another one.
        context, gradients = contextvars.copy_context(), torch.is_grad_enabled()

        def forward() -> Any:
            with torch.set_grad_enabled(gradients):
                return context.run(self._forward, input_ids, attention_mask)

        return self.scheduler.submit(forward, Priority.PREFILL).result()

    optimize_forward_pass = optimize_forward

    def get_optimization_stats(self) -> dict[str, Any]:
        """What each part did, and whether it is enabled."""
        return {
            "forward_passes": self._passes,
            "average_forward_seconds": self._seconds / max(self._passes, 1),
            "adaptive_thresholds": {
                "enabled": self.config.enable_adaptive_thresholds,
                **self.thresholds.stats(),
            },
            "batch_optimization": {
                "enabled": self.config.enable_batch_optimization,
                **self.batches.stats(),
            },
            "prefetching": {
                "enabled": self.config.enable_prefetching,
                **self.prefetcher.stats(),
                # Recall reads the buffer: a span that was woven is a hit when it had been foreseen.
                "hits": self._hits,
                "misses": self._used_spans - self._hits,
                "hit_rate": self._hits / self._used_spans if self._used_spans else 0.0,
            },
            "scheduler": self.scheduler.stats(),
            "background_optimization": {
                "enabled": self.config.enable_background_optimization,
                **self.background.stats(),
            },
        }

    def close(self) -> None:
        """Stop what runs beside the model."""
        self.background.stop()
        self.scheduler.close()
        self.prefetcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _forward(self, ids: torch.Tensor, mask: torch.Tensor | None) -> Any:
        began, before = time.perf_counter(), self.cmr_model.current_sequence_id
        with self._passing:
            uneven = mask is not None and ids.ndim == 2 and not bool(mask.all())
            apart = self.config.enable_batch_optimization and not self.cmr_model.memory_enabled
            output = (
                self._in_batches(ids, mask)
                if mask is not None and uneven and apart
                else self.cmr_model(ids, mask)
            )
            seconds = time.perf_counter() - began
            self._passes += 1
            self._seconds += seconds
            tokens = ids.numel() if mask is None else int(mask.sum())
            if self.cmr_model.memory_enabled:
                self._adapt(before, tokens, seconds)
                if self.config.enable_prefetching:
                    self._foresee(self._used())
        return output

    def _foresee(self, used: list[str]) -> None:
        buffer = self.cmr_model.memory_buffer
        self.prefetcher.keep_only(lambda key: key in buffer)
        if used:
            self._hits += len(self._foreseen.intersection(used))
            self._used_spans += len(used)
            self._foreseen = set(self.prefetcher.observe(used))

    def _in_batches(self, ids: torch.Tensor, mask: torch.Tensor) -> Any:
        """Rows of about one length together; results where the rows' own tokens stand."""
        real = mask.bool()
        last: dict[str, Any] = {}
        hidden: list[torch.Tensor] = []

        def call(part: torch.Tensor, part_mask: torch.Tensor) -> torch.Tensor:
            nonlocal last
            last = self.cmr_model(part.to(ids.device), part_mask.to(ids.device))
            hidden.append(last["last_hidden_state"])
            return torch.cat([last["logits"], last["last_hidden_state"]], dim=-1)

        rows = [row[keep].cpu() for row, keep in zip(ids, real, strict=True)]
        made = self.batches.run(call, rows)
        vocabulary = last["logits"].shape[-1]
        whole = made[0].new_zeros(*ids.shape, made[0].shape[-1])  # (batch, tokens, vocab + hidden)
        for at, row in enumerate(made):
            whole[at, real[at].to(whole.device)] = row
        last["logits"], last["last_hidden_state"] = whole.split(
            [vocabulary, hidden[-1].shape[-1]], dim=-1
        )
        return last

    def _adapt(self, before: int, tokens: int, seconds: float) -> None:
        if not self.config.enable_adaptive_thresholds:
            return
        kept = sum(
            entry.tokens
            for entry in self.cmr_model.memory_buffer.get_all_entries()
            if isinstance(entry.sequence_id, int) and entry.sequence_id > before
        )
        threshold = self.thresholds.observe(min(kept, tokens), tokens, seconds)
        self._set_threshold(threshold)

    def _set_threshold(self, threshold: float) -> None:
        self.cmr_model.memory_config = self.cmr_model.memory_config.replace(
            relevance_threshold=threshold
        )

    def _used(self) -> list[str]:
        record = self.cmr_model.last_weave
        if record is None:
            return []
        return [hit.entry.id for row in record.rows for hit in row.recollections]

    def _is_busy(self) -> bool:
        return self._passing.locked()

    def _brought(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries of the buffer, brought back from the long-term memory where they have gone there."""
        found = [self.cmr_model.memory_buffer.get(key) for key in ids]
        return [entry for entry in found if entry is not None]

    def _neighbours(self, key: str) -> list[str]:
        """The spans before and behind one in its session, as far as they are held."""
        held = {entry.id: entry for entry in self.cmr_model.memory_buffer.get_all_entries()}
        mine = held.get(key)
        if mine is None:
            return []
        session = sorted(
            (entry for entry in held.values() if entry.sequence_id == mine.sequence_id),
            key=lambda entry: entry.position_idx,
        )
        at = session.index(mine)
        return [entry.id for entry in (*session[at + 1 : at + 2], *session[max(at - 1, 0) : at])]
