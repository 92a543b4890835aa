"""`CMRPerformanceOptimizer` and its parts, under their documented module name."""

from reweaving.optimization.background import BackgroundOptimizer
from reweaving.optimization.batching import BatchProcessingOptimizer
from reweaving.optimization.optimizer import CMRPerformanceOptimizer, OptimizationConfig
from reweaving.optimization.prefetch import MemoryPrefetcher
from reweaving.optimization.scheduler import ComputationScheduler
from reweaving.optimization.thresholds import AdaptiveThresholdManager

__all__ = [
    "AdaptiveThresholdManager",
    "BackgroundOptimizer",
    "BatchProcessingOptimizer",
    "CMRPerformanceOptimizer",
    "ComputationScheduler",
    "MemoryPrefetcher",
    "OptimizationConfig",
]
