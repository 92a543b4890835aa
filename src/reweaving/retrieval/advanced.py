"""`AdvancedMemoryRetriever`: every strategy, over the entries of a `LayeredMemoryBuffer`."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field, field_validator

from reweaving.config import Settings
from reweaving.errors import InputError
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.memory.layer_states import state_at
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy
from reweaving.retrieval.contextual_relevance import ContextualRelevance
from reweaving.retrieval.contextual_scorer import HeadProjection, StatesAsHeads
from reweaving.retrieval.hierarchical import Hierarchical
from reweaving.retrieval.multi_criteria import MultiCriteria
from reweaving.retrieval.multi_criteria_ranker import DEFAULT_WEIGHTS, check_weights
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.stores.base import KeyState
from reweaving.types import MemoryEntry, Recollection


class AdvancedRetrievalConfig(Settings):
    """How a buffer is searched.

    Parameters
    ----------
    strategy
        Used unless a call names another one.
    similarity_threshold
        Least similarity, in [-1, 1], of what ``semantic_similarity`` gives back.
    context_heads
        Into how many heads states are cut for ``contextual_relevance``, where no model's heads are given.
    max_clusters
        Most topics of ``hierarchical``.
    cache_size
        Results kept for each layer until the buffer changes.
    criteria_weights
        Of ``multi_criteria``; used exactly as given.
    """

    strategy: str = "multi_criteria"
    similarity_threshold: float = Field(default=0.7, ge=-1.0, le=1.0)
    context_heads: int = Field(default=8, gt=0)
    max_clusters: int = Field(default=32, gt=0)
    cache_size: int = Field(default=1000, ge=0)
    criteria_weights: dict[str, float] = Field(default_factory=lambda: dict(DEFAULT_WEIGHTS))

    @field_validator("criteria_weights")
    @classmethod
    def _known_criteria(cls, weights: dict[str, float]) -> dict[str, float]:
        check_weights(weights)
        return weights


class AdvancedMemoryRetriever:
    """Finds entries of a buffer for a request's states, layer by layer; safe between threads.

    A request is compared with what the buffer holds of its own layer, ``current_layer_idx``; its own
    session is searched like any other. There is no gate: the budget alone limits what comes back.

    Parameters
    ----------
    hidden_size
        Width of the states.
    memory_buffer
        What is searched.
    retrieval_config
        Settings by name; None for the defaults.
    heads
        A model's attention heads, for ``contextual_relevance``.

    Raises
    ------
    ConfigurationError
        For settings that are unknown or out of range, or a width that is not cut into ``context_heads``.
    """

    def __init__(
        self,
        hidden_size: int,
        memory_buffer: LayeredMemoryBuffer,
        retrieval_config: AdvancedRetrievalConfig | Mapping[str, Any] | None = None,
        *,
        heads: HeadProjection | None = None,
    ) -> None:
        given = retrieval_config
        if not isinstance(given, AdvancedRetrievalConfig):
            given = AdvancedRetrievalConfig(**(given or {}))
        self.hidden_size, self.memory_buffer, self.config = hidden_size, memory_buffer, given
        self._heads = heads or StatesAsHeads(hidden_size, given.context_heads)
        self._strategies: dict[str, RetrievalStrategy] = {
            "contextual_relevance": ContextualRelevance(),
            "hierarchical": Hierarchical(max_clusters=given.max_clusters),
            "multi_criteria": MultiCriteria(given.criteria_weights),
        }
        self._recalls: dict[int, Recall] = {}
        self._lock = threading.Lock()
        self._asked: Counter[str] = Counter()
        self._found = 0
        self._seconds = 0.0
        self._recall(0)  # an unknown strategy is refused here, not at the first request

    def retrieve_memories(
        self, context: RetrievalContext, strategy: str | None = None, *, explain: bool = False
    ) -> list[Recollection]:
        """The best entries for a request, at most ``retrieval_budget`` of them, best first.

        Raises
        ------
        InputError
            For states of another width, or a budget below one.
        RegistryError
            For an unknown strategy.
        """
        width = int(context.current_hidden_states.shape[-1])
        if width != self.hidden_size:
            raise InputError(
                f"the request's states have {width} numbers, hidden_size is {self.hidden_size}"
            )
        name = strategy or self.config.strategy
        began = time.perf_counter()
        found = self._recall(context.current_layer_idx).find(
            context, strategy=name, explain=explain
        )
        held = {entry.id: entry for entry in self.memory_buffer.get_all_entries()}
        hits = [replace(hit, entry=held[hit.entry.id]) for hit in found if hit.entry.id in held]
        if name == "semantic_similarity":
            hits = [hit for hit in hits if hit.score >= self.config.similarity_threshold]
        with self._lock:
            self._asked[name] += 1
            self._found += len(hits)
            self._seconds += time.perf_counter() - began
        return hits

    def get_retrieval_stats(self) -> dict[str, Any]:
        """How often each strategy was asked, what was found, and how often the cache knew it."""
        with self._lock:
            asked = sum(self._asked.values())
            caches = [recall.cache for recall in self._recalls.values()]
            hits = sum(cache.hits for cache in caches)
            looked = hits + sum(cache.misses for cache in caches)
            return {
                "total_retrievals": asked,
                "strategy_usage": dict(self._asked),
                "total_found": self._found,
                "scored_entries": sum(recall.scored_spans for recall in self._recalls.values()),
                "cache_hits": hits,
                "cache_hit_rate": hits / looked if looked else 0.0,
                "mean_seconds": self._seconds / asked if asked else 0.0,
            }

    def _recall(self, layer: int) -> Recall:
        with self._lock:
            if layer not in self._recalls:
                self._recalls[layer] = Recall(
                    _LayerOfBuffer(self.memory_buffer, layer),
                    RecallConfig(
                        strategy=self.config.strategy,
                        threshold=0.0,
                        share=0.0,
                        cache_size=self.config.cache_size,
                    ),
                    heads=self._heads,
                    strategies=self._strategies,
                )
            return self._recalls[layer]


class _LayerOfBuffer:
    """What a buffer holds of one layer, as recall reads a memory."""

    namespace = "buffer"

    def __init__(self, buffer: LayeredMemoryBuffer, layer: int) -> None:
        self._buffer, self._layer = buffer, layer

    @property
    def generation(self) -> int:
        return self._buffer.generation

    def entries(self) -> list[MemoryEntry]:
        return [entry for entry in self._buffer.get_all_entries() if self._layer in entry.layers]

    def key_states(self) -> Iterator[KeyState]:
        for entry in self.entries():
            state = state_at(entry, self._layer)
            if state is not None:
                yield KeyState(entry.id, entry.sequence_id, entry.position_idx, state)

    def get_many(self, ids: Sequence[str]) -> list[MemoryEntry]:
        # Copies, with the layer's state as their retrieval key: an entry holds as many as it has layers.
        held = {entry.id: entry for entry in self.entries()}
        return [
            replace(held[one], key_state=state_at(held[one], self._layer))
            for one in ids
            if one in held
        ]

    def expired(self) -> list[str]:
        now = time.time()
        return [
            entry.id
            for entry in self.entries()
            if entry.expires_at is not None and entry.expires_at <= now
        ]
