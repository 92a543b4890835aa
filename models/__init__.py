"""The names of the CMR documents, for a checkout: `from models import CMRTransformer`.

Never in the wheel, where it would shadow the users' own `models`: there, `reweaving.models` is the name.
"""

from reweaving.models import (
    AdvancedMemoryRetriever,
    CMRPerformanceOptimizer,
    CMRTransformer,
    FullCMRModel,
    IntegratedCMRModel,
    LayeredMemoryBuffer,
    MemoryEntry,
    MistralCMRModel,
    RelevanceScorer,
    RetrievalContext,
    create_mistral_cmr_model,
)

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
