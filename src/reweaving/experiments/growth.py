"""`cmr bench growth`: what a turn costs, and what the process holds, as a memory grows."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.resident import resident_mib
from reweaving.experiments.shapes import word_tokenizer
from reweaving.experiments.tiny_models import make, tokens
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import RecallConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig
from reweaving.types import MemoryEntry

_SPAN_TOKENS = 64
_SESSION_SPANS = 4
_VOCABULARY = 160
_TURNS, _QUICK_TURNS = 25, 7
_AT_ONCE = 2000

Row = dict[str, Any]


@torch.no_grad()
def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Grow one memory from 1,000 tokens on; at each size, time turns that recall, weave, answer and remember."""
    sizes = [10**power for power in range(3, 6 if quick else 8)]
    model, rows = make("llama", "sdpa", seed=seed), list[Row]()
    recall = RecallConfig(threshold=0.0, share=0.0, limit=4)
    with tempfile.TemporaryDirectory() as folder, Memory.open(Path(folder)) as memory:
        config = ReweavingConfig(recall=recall, codec="replay")
        with attach(model, word_tokenizer(_VOCABULARY), memory, config) as woven:
            for done, size in enumerate(sizes):
                progress(done, len(sizes), f"{size} tokens")
                _grow(memory, woven, size)
                rows.append(_row(woven, size, _QUICK_TURNS if quick else _TURNS, seed))
    by_size = {row["stored_tokens"]: row for row in rows}
    largest = max(size for size in sizes if size <= 10**6)
    summary: dict[str, Any] = {
        "turn_seconds": {str(size): by_size[size]["turn_seconds"] for size in sizes},
        "flat_from_1e4": by_size[largest]["turn_seconds"] / by_size[10**4]["turn_seconds"],
        "flat_to_tokens": largest,
        "resident_mib": {str(size): by_size[size]["resident_mib"] for size in sizes},
    }
    return BenchResult(summary, rows)


def _row(woven: Reweaver, size: int, turns: int, seed: int) -> Row:
    rng, answered, remembered = random.Random(seed), list[float](), list[float]()
    for turn in range(-1, turns):
        request = tokens(16, seed=seed + 1000 + turn)
        text = " ".join(f"w{rng.randrange(2, _VOCABULARY)}" for _ in range(24))
        began = time.perf_counter()
        woven.model.generate(
            request, attention_mask=torch.ones_like(request), max_new_tokens=1, do_sample=False
        )
        between = time.perf_counter()
        woven.remember(text, session=f"{size} {turn}")
        if turn >= 0:
            answered.append(between - began)
            remembered.append(time.perf_counter() - between)
    return {
        "stored_tokens": size,
        "turn_seconds": statistics.median(map(sum, zip(answered, remembered, strict=True))),
        "answer_seconds": statistics.median(answered),
        "remember_seconds": statistics.median(remembered),
        "resident_mib": resident_mib(),
        "turns": turns,
    }


def _grow(memory: Memory, woven: Reweaver, size: int) -> None:
    """Fill up with simulated spans: random keys, no states; they are made again when they are woven."""
    missing = (size - memory.stats().tokens) // _SPAN_TOKENS
    made = _spans(woven, memory.stats().entries, max(missing, 0))
    while batch := [span for span, _ in zip(made, range(_AT_ONCE), strict=False)]:
        memory.add(batch)


def _spans(woven: Reweaver, first: int, count: int) -> Iterator[MemoryEntry]:
    draw = torch.Generator().manual_seed(first)
    for at in range(first, first + count):
        ids = torch.randint(2, _VOCABULARY, (_SPAN_TOKENS,), generator=draw)
        yield MemoryEntry(
            hidden_state=None,
            layer_idx=woven.layers,
            sequence_id=f"simulated {at // _SESSION_SPANS}",
            position_idx=1 + _SPAN_TOKENS * (at % _SESSION_SPANS),
            codec="replay",
            key_state=torch.randn(_SPAN_TOKENS, woven.adapter.hidden_size, generator=draw).to(
                torch.bfloat16
            ),
            token_ids=tuple(ids.tolist()),
            text=" ".join(f"w{token}" for token in ids.tolist()),
            fingerprint=woven.fingerprint,
        )
