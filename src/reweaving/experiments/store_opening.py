"""A large memory opened by a process that has done nothing else: time, and memory that it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import torch

from reweaving.experiments.laboratory import Row, Tell
from reweaving.experiments.resident import peak_mib, resident_mib
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import Recall

T = TypeVar("T")

_NAMESPACE = "ann"
_OPENINGS = 5


def run(quick: bool, seed: int, tell: Tell, location: str) -> list[Row]:
    """Open, use and recall; one row."""
    del quick
    torch.set_num_threads(1)
    Memory.open(":memory:").close()  # whatever is loaded at the first opening of any memory
    tell(0, 2, "opening")
    seconds = []
    for _ in range(_OPENINGS):
        began = time.perf_counter()
        memory = Memory.open(location, _NAMESPACE)
        seconds.append(time.perf_counter() - began)
        memory.close()
    before = resident_mib()
    with Memory.open(location, _NAMESPACE) as memory:
        opened = resident_mib()
        hits, searching = _timed(lambda: memory.search("number77", 4))
        _, counting = _timed(memory.stats)
        memory.get_many([hit.entry.id for hit in hits])
        used = resident_mib()
        tell(1, 2, "recalling")
        generator = torch.Generator().manual_seed(seed)
        state = next(memory.key_states()).state
        query = torch.randn(8, state.shape[-1], generator=generator).to(state.dtype)
        recall = Recall(memory)
        _, first = _timed(lambda: recall.search(query, "winter", budget_tokens=256))
        _, again = _timed(lambda: recall.search(query, "winter", budget_tokens=256))
        return [
            {
                "open_seconds": statistics.median(seconds),
                "open_seconds_slowest": max(seconds),
                "search_seconds": searching,
                "stats_seconds": counting,
                "first_recall_seconds": first,
                "recall_seconds": again,
                "resident_mib_before": before,
                "resident_mib_opened": opened,
                "resident_mib_used": used,
                "resident_mib_recalled": resident_mib(),
                "resident_mib_peak": peak_mib(),
            }
        ]


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = call()
    return result, time.perf_counter() - began
