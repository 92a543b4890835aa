"""Benches: each module measures one thing and returns its summary and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reweaving.registry import Registry

if TYPE_CHECKING:
    from reweaving.experiments.base import Bench

BENCHES: Registry[Bench] = Registry(
    "bench",
    {
        "durability": "reweaving.experiments.durability:run",
        "exactness": "reweaving.experiments.exactness:run",
        "embedded": "reweaving.experiments.embedded:run",
        "growth": "reweaving.experiments.growth:run",
        "latency": "reweaving.experiments.latency:run",
        "optimization": "reweaving.experiments.optimization:run",
        "overhead": "reweaving.experiments.overhead:run",
        "harm": "reweaving.experiments.harm:run",
        "forget": "reweaving.experiments.forget:run",
        "index": "reweaving.experiments.index:run",
        "in-flight": "reweaving.experiments.in_flight:run",
        "locomo": "reweaving.experiments.locomo:run",
        "recall": "reweaving.experiments.recall:run",
        "recall-full": "reweaving.experiments.recall:run_full",
        "recall-probe": "reweaving.experiments.recall_probe:run",
        "storage": "reweaving.experiments.storage:run",
        "sustained": "reweaving.experiments.sustained:run",
        "store": "reweaving.experiments.store:run",
        "stories": "reweaving.experiments.stories:run",
        "weave": "reweaving.experiments.weave:run",
    },
    group="reweaving.benches",
)
