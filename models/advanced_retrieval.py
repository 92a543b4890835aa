"""`reweaving.models.advanced_retrieval`, under the name that the CMR documents use."""

from reweaving.models.advanced_retrieval import (
    AdvancedMemoryRetriever,
    AdvancedRetrievalConfig,
    ContextualRelevanceScorer,
    MemoryHierarchy,
    MultiCriteriaRanker,
    RetrievalCache,
    RetrievalContext,
    SemanticMemoryMatcher,
)

__all__ = [
    "AdvancedMemoryRetriever",
    "AdvancedRetrievalConfig",
    "ContextualRelevanceScorer",
    "MemoryHierarchy",
    "MultiCriteriaRanker",
    "RetrievalCache",
    "RetrievalContext",
    "SemanticMemoryMatcher",
]
