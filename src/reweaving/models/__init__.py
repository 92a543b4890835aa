"""The documented system: models with a memory, under the names of the CMR documents."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reweaving.models.advanced_retrieval import AdvancedMemoryRetriever, RetrievalContext
    from reweaving.models.base_transformer import CMRTransformer
    from reweaving.models.cmr_full_integrated import FullCMRModel
    from reweaving.models.cmr_integrated import IntegratedCMRModel
    from reweaving.models.memory_buffer import LayeredMemoryBuffer
    from reweaving.models.memory_entry import MemoryEntry
    from reweaving.models.mistral_integration import MistralCMRModel, create_mistral_cmr_model
    from reweaving.models.performance_optimization import CMRPerformanceOptimizer
    from reweaving.models.relevance_scorer import RelevanceScorer

_WHERE = {
    "AdvancedMemoryRetriever": "advanced_retrieval",
    "CMRPerformanceOptimizer": "performance_optimization",
    "CMRTransformer": "base_transformer",
    "FullCMRModel": "cmr_full_integrated",
    "IntegratedCMRModel": "cmr_integrated",
    "LayeredMemoryBuffer": "memory_buffer",
    "MemoryEntry": "memory_entry",
    "MistralCMRModel": "mistral_integration",
    "RelevanceScorer": "relevance_scorer",
    "RetrievalContext": "advanced_retrieval",
    "create_mistral_cmr_model": "mistral_integration",
}

__all__ = [
    "AdvancedMemoryRetriever",
    "CMRPerformanceOptimizer",
    "CMRTransformer",
    "FullCMRModel",
    "IntegratedCMRModel",
    "LayeredMemoryBuffer",
    "MemoryEntry",
    "MistralCMRModel",
    "RelevanceScorer",
    "RetrievalContext",
    "create_mistral_cmr_model",
]


def __getattr__(name: str) -> Any:
    # Lazily, so that one class can be had without loading what the others need.
    if name not in _WHERE:
        raise AttributeError(f"module 'reweaving.models' has no attribute {name!r}")
    return getattr(importlib.import_module(f"reweaving.models.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
