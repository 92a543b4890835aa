"""`cmr bench optimization`: each part of `reweaving.optimization`, switched off and on."""

from __future__ import annotations

import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.timing import in_turn
from reweaving.experiments.tiny_models import make, tokens
from reweaving.memory.memory import Memory
from reweaving.memory.settings import MemoryConfig
from reweaving.optimization.background import BackgroundConfig, BackgroundOptimizer
from reweaving.optimization.batching import BatchConfig, BatchProcessingOptimizer, padding_share
from reweaving.optimization.prefetch import MemoryPrefetcher, PrefetchConfig
from reweaving.optimization.scheduler import ComputationScheduler, Priority
from reweaving.optimization.thresholds import AdaptiveThresholdManager, ThresholdConfig
from reweaving.types import MemoryEntry

Row = dict[str, Any]

_WORK_SECONDS = {Priority.DECODE: 0.001, Priority.PREFILL: 0.004, Priority.MAINTENANCE: 0.004}
_LOAD = 0.75  # share of the time in which there is work


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """One row for each part; `gain` is how many times better on is than off."""
    parts: dict[str, Callable[[bool, int], Row]] = {
        "adaptive_thresholds": _thresholds,
        "batch_optimization": _batches,
        "prefetching": _prefetching,
        "scheduler": _scheduling,
        "background_optimization": _background,
    }
    rows = []
    for done, (name, measure) in enumerate(parts.items()):
        progress(done, len(parts), name)
        row = {"part": name, **measure(quick, seed)}
        rows.append({**row, "gain": row["off"] / max(row["on"], 1e-9)})
    summary = {row["part"]: {name: row[name] for name in ("off", "on", "gain")} for row in rows}
    return BenchResult(summary, rows)


def _row(measured: str, off: float, on: float, **more: Any) -> Row:
    return {"measured": measured, "off": off, "on": on, "more": more}


def _thresholds(quick: bool, seed: int) -> Row:
    """Distance of the stored share from a quarter, after what is read begins to score higher."""
    draw, steps = torch.Generator().manual_seed(seed), 200 if quick else 2000
    manager = AdaptiveThresholdManager(ThresholdConfig(target_rate=0.25))
    fixed = manager.threshold
    off, on = [], []
    for step in range(steps):
        centre = 0.45 if step < steps // 2 else 0.65
        scores = (centre + 0.1 * torch.randn(64, generator=draw)).clamp(0, 1)
        off.append(float((scores >= fixed).float().mean()))
        on.append(float((scores >= manager.threshold).float().mean()))
        manager.observe(on[-1] * 64, 64)
    late = slice(steps // 2, None)

    def distance(rates: Sequence[float]) -> float:
        return statistics.fmean(abs(rate - 0.25) for rate in rates)

    return _row(
        "mean distance of the stored share from .25 after a step in the scores",
        distance(off[late]),
        distance(on[late]),
        largest_share_while_settled=max(on[steps * 3 // 4 :]),
    )


@torch.no_grad()
def _batches(quick: bool, seed: int) -> Row:
    """Seconds for requests of very different length: in the order they came, and by length."""
    model, rng = make("llama", "sdpa"), random.Random(seed)
    lengths = [min(int(rng.lognormvariate(4.0, 0.9)) + 1, 500) for _ in range(64 if quick else 256)]
    rows = [tokens(length, seed=at)[0] for at, length in enumerate(lengths)]
    size = BatchConfig(max_rows=8)
    order = [list(range(len(rows))[at : at + 8]) for at in range(0, len(rows), 8)]

    def forward(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = model(ids, attention_mask=mask).logits
        return logits

    def arrival() -> None:
        for batch in order:
            # One batch at a time: there is nothing to sort it among.
            runner = BatchProcessingOptimizer(BatchConfig(max_rows=8, max_tokens=2**30))
            runner.run(forward, [rows[at] for at in batch])

    by_length = BatchProcessingOptimizer(size)
    times = in_turn({"off": arrival, "on": lambda: by_length.run(forward, rows)}, 3 if quick else 9)
    return _row(
        "seconds for all requests",
        statistics.median(times["off"].wall),
        statistics.median(times["on"].wall),
        padding_share_off=padding_share(lengths, order),
        padding_share_on=padding_share(lengths, by_length.plan(lengths)),
    )


def _prefetching(quick: bool, seed: int) -> Row:
    """Seconds that a turn waits for its spans: as many kept at hand, also foreseen ones or only what was used."""
    rng, turns = random.Random(seed), 60 if quick else 400
    config = PrefetchConfig(capacity=32, ahead=8)
    with (
        tempfile.TemporaryDirectory() as folder,
        # Nothing is kept at hand by the store itself: what neither way holds is read, checked and unpacked.
        Memory.open(Path(folder), config=MemoryConfig(at_hand_bytes=0)) as memory,
    ):
        memory.add(_spans(96))
        order = [entry.id for entry in memory.entries()]
        walk = _walk(rng, order, turns)
        # Told of no turn, it foresees nothing: the spans that were used last, and no more.
        last_used = MemoryPrefetcher(memory.get_many, partial(_around, order), config)
        off = _turns(last_used.get, walk, lambda _: None)
        last_used.close()
        prefetcher = MemoryPrefetcher(memory.get_many, partial(_around, order), config)
        prefetcher.start()

        def foresee(used: Sequence[str]) -> None:
            prefetcher.observe(used)
            prefetcher.flush()  # stands for the time in which a turn is answered

        on = _turns(prefetcher.get, walk, foresee)
        prefetcher.close()
    return _row(
        "mean seconds that a turn waits for its spans",
        statistics.fmean(off),
        statistics.fmean(on),
        hit_rate=prefetcher.stats()["hit_rate"],
        hit_rate_off=last_used.stats()["hit_rate"],
        turns=turns,
    )


def _spans(count: int) -> list[MemoryEntry]:
    draw = torch.Generator().manual_seed(0)
    return [
        MemoryEntry(
            hidden_state=torch.randn(12, 64, 256, generator=draw),
            layer_idx=tuple(range(12)),
            sequence_id=f"session {at // 24}",
            position_idx=64 * (at % 24),
            token_ids=tuple(range(64)),
        )
        for at in range(count)
    ]


def _walk(rng: random.Random, order: Sequence[str], turns: int) -> list[list[str]]:
    """A conversation: it goes on along a session, comes back to what was said, and sometimes jumps."""
    at, walk = 0, list[list[str]]()
    for _ in range(turns):
        chance = rng.random()
        if chance < 0.15:
            at = rng.randrange(len(order))
        elif chance < 0.3 and len(walk) > 4:
            at = order.index(rng.choice(walk[-4:])[0])
        else:
            at = min(at + 1, len(order) - 1)
        walk.append([order[at], order[max(at - 1, 0)]])
    return walk


def _around(order: Sequence[str], key: str) -> list[str]:
    at = order.index(key)
    return [*order[at + 1 : at + 2], *order[max(at - 1, 0) : at]]


def _turns(
    get: Callable[[Sequence[str]], list[MemoryEntry]],
    walk: Sequence[Sequence[str]],
    after: Callable[[Sequence[str]], None],
) -> list[float]:
    seconds = []
    for used in walk:
        began = time.perf_counter()
        get(used)
        seconds.append(time.perf_counter() - began)
        after(used)
    return seconds


def _scheduling(quick: bool, seed: int) -> Row:
    """Seconds that a token waits among prompts and upkeep: first come first served, and by priority."""
    arrivals = _arrivals(random.Random(seed), 60 if quick else 400)

    def waits(by_priority: bool) -> list[float]:
        scheduler = ComputationScheduler()
        scheduler.start()
        waited: list[float] = []

        def token(began: float) -> None:
            waited.append(time.monotonic() - began)
            time.sleep(_WORK_SECONDS[Priority.DECODE])

        for kind, pause in arrivals:
            first = kind if by_priority else Priority.PREFILL
            if kind is Priority.DECODE:
                scheduler.submit(partial(token, time.monotonic()), first)
            else:
                scheduler.submit(partial(time.sleep, _WORK_SECONDS[kind]), first)
            time.sleep(pause)
        scheduler.flush()
        scheduler.close()
        return waited

    off, on = waits(False), waits(True)
    return _row(
        "seconds that 95 % of tokens wait at most",
        statistics.quantiles(off, n=20)[-1],
        statistics.quantiles(on, n=20)[-1],
        tokens=len(on),
    )


def _arrivals(rng: random.Random, count: int) -> list[tuple[Priority, float]]:
    """What is asked for, and seconds until the next: at random, and on average as much as `_LOAD` allows.

    Of more than can be done the queue grows for as long as the bench runs, and the wait says how long that was.
    """
    between = statistics.fmean(_WORK_SECONDS.values()) / _LOAD
    kinds = rng.choices(list(_WORK_SECONDS), k=count)
    return [(kind, rng.expovariate(1 / between)) for kind in kinds]


def _background(quick: bool, seed: int) -> Row:
    """Seconds of the slowest turns: upkeep in the turn that makes it necessary, or beside turns."""
    rng, turns = random.Random(seed), 30 if quick else 150
    # A turn's own work is the same both ways, the rest of its time nobody computes.
    pauses = [0.01 + 0.02 * rng.random() for _ in range(turns)]

    def upkeep() -> None:
        until = time.thread_time() + 0.03
        while time.thread_time() < until:
            sum(range(1000))

    def turns_with(after: Callable[[], object]) -> list[float]:
        seconds = []
        for at, pause in enumerate(pauses):
            began = time.perf_counter()
            answering.set()
            sum(range(20_000))
            if at % 5 == 0:
                after()
            answering.clear()
            seconds.append(time.perf_counter() - began)
            time.sleep(pause)
        return seconds

    answering = threading.Event()
    off = turns_with(upkeep)
    config = BackgroundConfig(cpu_share=0.5, period_seconds=0.1, poll_seconds=0.002)
    background = BackgroundOptimizer({"upkeep": upkeep}, answering.is_set, config)
    background.start()
    on = turns_with(lambda: None)
    background.stop()
    return _row(
        "seconds that 95 % of turns take at most",
        statistics.quantiles(off, n=20)[-1],
        statistics.quantiles(on, n=20)[-1],
        upkeep_runs=background.stats()["runs"]["upkeep"],
        cpu_share=background.stats()["cpu_share"],
    )
