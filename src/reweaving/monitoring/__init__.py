"""Watching a model with a memory: statistics, health, alerts, diagnostics, reports, metrics for Prometheus."""
