"""Thresholds that follow a target, batches without padding, prefetching, scheduling, work in the background."""
