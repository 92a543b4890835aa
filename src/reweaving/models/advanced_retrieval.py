"""`AdvancedMemoryRetriever` and its parts, under their documented module name."""

from reweaving.retrieval.advanced import AdvancedMemoryRetriever, AdvancedRetrievalConfig
from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.cache import RetrievalCache
from reweaving.retrieval.contextual_scorer import ContextualRelevanceScorer
from reweaving.retrieval.hierarchy import MemoryHierarchy
from reweaving.retrieval.multi_criteria_ranker import MultiCriteriaRanker
from reweaving.retrieval.semantic_matcher import SemanticMemoryMatcher

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
