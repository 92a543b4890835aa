"""`cmr bench sustained`: whether a bounded memory stays as fast over ten thousand novel queries.

With ``CMR_SOAK_SECONDS`` in the environment the queries go on for that long, whatever their number: the soak.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from reweaving.errors import ConfigurationError
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.resident import resident_mib
from reweaving.experiments.shapes import small_llama, word_tokenizer
from reweaving.experiments.tiny_models import tokens
from reweaving.memory.memory import Memory
from reweaving.memory.settings import MemoryConfig
from reweaving.retrieval.retriever import RecallConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig

_QUERIES, _QUICK_QUERIES = 10_000, 300
_WINDOW = 100
_REMEMBER_EVERY = 5
_REREAD_EVERY = 20
_HISTORY_TOKENS = 2048
_MOST_ENTRIES = 256
_VOCABULARY = 160


@dataclass
class _Window:
    """A hundred queries: seconds of each, and of re-reading a history among them."""

    woven: list[float] = field(default_factory=list)
    reread: list[float] = field(default_factory=list)

    def speed_up(self) -> float:
        return statistics.median(self.reread) / statistics.median(self.woven)


@torch.no_grad()
def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Ask what was never asked before, remember every fifth time, and re-read a history in between."""
    soak = _soak_seconds()
    model, wanted = small_llama(_VOCABULARY), _QUICK_QUERIES if quick else _QUERIES
    config = ReweavingConfig(recall=RecallConfig(threshold=0.0, share=0.0, limit=4))
    bounded = MemoryConfig(max_entries=_MOST_ENTRIES, at_hand_bytes=8 * 2**20)
    windows: list[_Window] = []
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Memory.open(Path(folder), config=bounded) as memory,
        attach(model, word_tokenizer(_VOCABULARY), memory, config) as woven,
    ):
        for at in range(_MOST_ENTRIES // 2):
            woven.remember(_text(random.Random(f"{seed} before {at}")), session=f"before {at}")
        began, asked = time.monotonic(), 0
        while time.monotonic() - began < soak if soak else asked < wanted:
            windows.append(_window(woven, asked, seed))
            asked += _WINDOW
            progress(asked, max(wanted, asked), f"{asked} queries")
            rows.append(
                {
                    "queries": asked,
                    "speed_up": windows[-1].speed_up(),
                    "seconds": statistics.median(windows[-1].woven),
                    "entries": memory.stats().entries,
                    "resident_mib": resident_mib(),
                }
            )
    first, late = windows[0].speed_up(), [window.speed_up() for window in windows[1:]]
    settled = rows[min(len(rows) - 1, 2)]["resident_mib"]
    return BenchResult(
        {
            "queries": asked,
            "seconds": time.monotonic() - began,
            "speed_up_first": first,
            "speed_up_last": windows[-1].speed_up(),
            "kept": windows[-1].speed_up() / first,
            "kept_median": statistics.median(late or [first]) / first,
            "entries": rows[-1]["entries"],
            "resident_mib_growth": rows[-1]["resident_mib"] - settled,
        },
        rows,
    )


def _window(woven: Reweaver, first: int, seed: int) -> _Window:
    window = _Window()
    history = tokens(_HISTORY_TOKENS + 16, seed=seed + first)
    for at in range(first, first + _WINDOW):
        request = tokens(16, seed=10_000_019 * (seed + 1) + at)
        window.woven.append(_seconds(woven, request))
        if at % _REREAD_EVERY == 0:
            with woven.paused():
                window.reread.append(_seconds(woven, history))
        if at % _REMEMBER_EVERY == 0:
            woven.remember(_text(random.Random(f"{seed} {at}")), session=f"turn {at}")
    return window


def _seconds(woven: Reweaver, ids: torch.Tensor) -> float:
    began = time.perf_counter()
    woven.model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=1, do_sample=False
    )
    return time.perf_counter() - began


def _text(rng: random.Random) -> str:
    return " ".join(f"w{rng.randrange(2, _VOCABULARY)}" for _ in range(40))


def _soak_seconds() -> float:
    """How long to go on; 0 for a number of queries instead."""
    given = os.environ.get("CMR_SOAK_SECONDS", "0")
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ConfigurationError(
            f"CMR_SOAK_SECONDS = {given!r} is no number of seconds; give one from 0 up, 0 for no soak"
        )
    return seconds
