"""The documented names of `reweaving.optimization`."""

from __future__ import annotations

from reweaving.optimization.background import BackgroundConfig, BackgroundOptimizer
from reweaving.optimization.batching import BatchConfig, BatchProcessingOptimizer
from reweaving.optimization.optimizer import CMRPerformanceOptimizer, OptimizationConfig
from reweaving.optimization.prefetch import MemoryPrefetcher, PrefetchConfig
from reweaving.optimization.scheduler import ComputationScheduler, Priority
from reweaving.optimization.thresholds import AdaptiveThresholdManager, ThresholdConfig

__all__ = [
    "AdaptiveThresholdManager",
    "BackgroundConfig",
    "BackgroundOptimizer",
    "BatchConfig",
    "BatchProcessingOptimizer",
    "CMRPerformanceOptimizer",
    "ComputationScheduler",
    "MemoryPrefetcher",
    "OptimizationConfig",
    "PrefetchConfig",
    "Priority",
    "ThresholdConfig",
]
