"""`reweaving.models.performance_optimization`, under the name that the CMR documents use."""

from reweaving.models.performance_optimization import (
    AdaptiveThresholdManager,
    BackgroundOptimizer,
    BatchProcessingOptimizer,
    CMRPerformanceOptimizer,
    ComputationScheduler,
    MemoryPrefetcher,
)

__all__ = [
    "AdaptiveThresholdManager",
    "BackgroundOptimizer",
    "BatchProcessingOptimizer",
    "CMRPerformanceOptimizer",
    "ComputationScheduler",
    "MemoryPrefetcher",
]
