"""`cmr bench index`: candidates from the derived index against a scan of all keys, faiss and usearch.

Spans of ten tokens with the statistics of real ones (`Resampler`), keys in a file with one byte for
each number. The reference is exact late interaction over all keys in that file, as `LateInteraction`
without context scores them; every method's candidates are ranked by the same keys.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.index_rivals import (
    Faiss,
    FixedKey,
    MeanKey,
    MuveraKey,
    Rival,
    Usearch,
)
from reweaving.experiments.index_states import (
    SPAN_TOKENS,
    Question,
    Resampler,
    StoredStates,
    capture,
)
from reweaving.experiments.resident import resident_mib
from reweaving.stores.index import IndexedSpan, SpanIndex
from reweaving.stores.index_cells import PER_CELL, fitting_count
from reweaving.stores.index_search import (
    IndexQuery,
    candidate_count,
    chance_of_all,
    nearest_spans,
)
from reweaving.stores.index_sketch import Floats, Sketcher, unit

_SIZES, _QUICK_SIZES = (10_000, 100_000, 1_000_000), (10_000, 50_000)
_PEOPLE, _QUICK_PEOPLE = 40, 8
_REFERENCE = 32  # questions that are compared with exact late interaction
_TIMED_SCANS = 3
_TIMED = 100  # questions
_TOP = 16
_BATCH = 2_000  # spans
_FEWEST_FITTED = 2_000  # spans that the encoding is fitted to
_TURN, _TURNS = 2, 50  # spans that are added to a full index, and how often
_MUVERA_MOST = 10_000  # spans; its graphs and lists take long to build
_SAMPLED = 512

Integers = NDArray[np.int64]
Find = Callable[[Question], Integers]


@dataclass(frozen=True, eq=False)
class _World:
    """Spans of one size, the questions, and what exact late interaction says."""

    states: StoredStates
    resampler: Resampler
    questions: tuple[Question, ...]
    best: tuple[Integers, ...]  # first _TOP of the first _REFERENCE questions
    exact_ms: float
    sampled: Floats  # directions of the tokens of the index's sample, at hand as in the product

    @property
    def candidates(self) -> int:
        """How many every method may name."""
        return candidate_count(self.states.spans)

    def directions(self, question: Question) -> Floats:
        return unit(question.states - self.states.mean)


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure all sizes; one row for each method at each size."""
    torch.set_num_threads(1)
    sizes = _QUICK_SIZES if quick else _SIZES
    progress(0, len(sizes) + 1, "reading")
    captured = capture(seed, _QUICK_PEOPLE if quick else _PEOPLE, 120)
    order = np.random.default_rng(seed).permutation(len(captured.questions))
    questions = tuple(captured.questions[at] for at in order[:_TIMED])
    resampler = Resampler(captured.sessions, seed)
    rows: list[dict[str, Any]] = []
    for done, size in enumerate(sizes, start=1):
        with tempfile.TemporaryDirectory(prefix="reweaving-index-") as folder:
            muvera = size <= _MUVERA_MOST
            states = StoredStates(Path(folder) / "states", resampler.mean)

            def tell(what: str, done: int = done, size: int = size) -> None:
                progress(done, len(sizes) + 1, f"{size}: {what}")

            try:
                rows += _measure(states, resampler, questions, size, seed if muvera else None, tell)
            finally:
                states.close()
    progress(len(sizes) + 1, len(sizes) + 1)
    return BenchResult({str(size): _summary(rows, size) for size in sizes}, rows)


def _summary(rows: Sequence[dict[str, Any]], size: int) -> dict[str, Any]:
    (own,) = [row for row in rows if row["spans"] == size and row["method"] == "cmr"]
    (scan,) = [row for row in rows if row["spans"] == size and row["method"] == "exact scan"]
    return {
        "recall_at_16": own["recall_at_16"],
        "p50_ms": own["p50_ms"],
        "p99_ms": own["p99_ms"],
        "p50_ratio_to_exact": round(own["p50_ms"] / scan["p50_ms"], 4),
        "insert_per_second": own["insert_per_second"],
        "build_per_second": own["build_per_second"],
    }


def _measure(
    states: StoredStates,
    resampler: Resampler,
    questions: tuple[Question, ...],
    size: int,
    muvera_seed: int | None,
    tell: Callable[[str], None],
) -> list[dict[str, Any]]:
    tell("making spans, building the index")
    index, build_seconds = _build(states, resampler, size)
    sample = index.sample(_SAMPLED)
    sampled = states.directions_of(sample)
    world = _World(states, resampler, questions, (), 0.0, sampled)
    tell("exact scan")
    best = _exact(world, questions[:_REFERENCE])
    scans = []
    for asked in questions[:_TIMED_SCANS]:
        began = time.perf_counter()
        _exact(world, [asked])
        scans.append(time.perf_counter() - began)
    world = replace(world, best=best, exact_ms=float(np.median(scans)) * 1e3)
    tell("candidates")
    own = _row(world, size, "cmr", lambda asked: _candidates(world, index, sample, asked))
    own |= {
        "build_per_second": round(size / build_seconds, 1),
        "insert_per_second": round(_insert_rate(index, resampler, size), 1),
        "bytes_per_span": round(_index_bytes(index) / size, 1),
        "resident_mib": resident_mib(),
    }
    rows = [
        own,
        _blank(size, "exact scan")
        | {
            "recall_at_16": 1.0,
            "p50_ms": round(world.exact_ms, 2),
            "p99_ms": round(max(scans) * 1e3, 2),
            "bytes_per_span": float(SPAN_TOKENS * resampler.hidden),
        },
    ]
    keys: list[FixedKey] = [MeanKey(index.sketcher.dimensions)]
    if muvera_seed is not None:
        keys.append(MuveraKey(index.sketcher.dimensions, muvera_seed))
    for key in keys:
        for kind in (Usearch, Faiss):
            rival = kind(key.size)
            tell(f"{rival.name}, {key.name}")
            rows.append(_rival_row(world, index, sample, size, key, rival))
    return rows


# -- filling ---------------------------------------------------------------------------------------


def _build(states: StoredStates, resampler: Resampler, size: int) -> tuple[SpanIndex, float]:
    """Write the spans, and index them; seconds are those of the index alone."""
    enough = PER_CELL * fitting_count(size * SPAN_TOKENS) // SPAN_TOKENS
    first = resampler.spans(0, min(size, max(_FEWEST_FITTED, enough)))
    began = time.perf_counter()
    index = SpanIndex.fitted([first], size * SPAN_TOKENS)
    seconds = time.perf_counter() - began

    def batches() -> Iterator[list[IndexedSpan]]:
        nonlocal began, seconds
        for number in range(size // _BATCH):
            seconds += time.perf_counter() - began
            made = resampler.spans(1 + number, _BATCH)
            states.append(made)
            spans = _indexed(made, number * _BATCH)
            began = time.perf_counter()
            yield spans

    began = time.perf_counter()
    index = index.grown(batches())
    return index, seconds + time.perf_counter() - began


def _indexed(states: Floats, first: int) -> list[IndexedSpan]:
    marks = np.random.default_rng(first).integers(0, 2**63, len(states) // SPAN_TOKENS)
    return [
        IndexedSpan(f"{first + at:032x}", int(marks[at]), (first + at) // 10, at % 10, span)
        for at, span in enumerate(states.reshape(-1, SPAN_TOKENS, states.shape[1]))
    ]


def _insert_rate(index: SpanIndex, resampler: Resampler, size: int) -> float:
    """Spans per second that a full index takes in, one turn after the other."""
    made = _indexed(resampler.spans(10**6, _TURN * _TURNS), size)
    began = time.perf_counter()
    for turn in range(_TURNS):
        index = index.with_spans(made[turn * _TURN : (turn + 1) * _TURN])
    return _TURN * _TURNS / (time.perf_counter() - began)


def _index_bytes(index: SpanIndex) -> int:
    return sum(array.nbytes for part in index.segments for array in vars(part).values())


# -- asking ----------------------------------------------------------------------------------------


def _matches(world: _World, directions: Floats, spans: Integers) -> Floats:
    """Exact best match of each direction in each of these spans, ``(tokens, spans)``."""
    return _best_of(directions, world.states.directions_of(spans))


def _best_of(directions: Floats, tokens: Floats) -> Floats:
    """Best match of each direction in spans of so many tokens, ``(directions, spans)``."""
    cosines = directions @ tokens.T
    return np.asarray(cosines.reshape(len(directions), -1, SPAN_TOKENS).max(axis=2))


def _candidates(world: _World, index: SpanIndex, sample: Integers, asked: Question) -> Integers:
    """Candidates from the index, ranked by their keys."""
    query, directions = _query(world, index, sample, asked)
    found = nearest_spans(
        index, query, world.candidates, lambda spans: _matches(world, directions, spans)
    )
    return _ranked(world, query, directions, found)


def _query(
    world: _World, index: SpanIndex, sample: Integers, asked: Question
) -> tuple[IndexQuery, Floats]:
    directions = world.directions(asked)
    met = _best_of(directions, world.sampled)
    chance = chance_of_all(index, asked.states, sample, met)
    return IndexQuery(asked.states, asked.shares, chance), directions


def _ranked(world: _World, query: IndexQuery, directions: Floats, found: Integers) -> Integers:
    met = _matches(world, directions, found)
    order = np.argsort(-(query.weights(met.max(axis=1)) @ met), kind="stable")
    return found[order[:_TOP]]


def _exact(world: _World, asked: Sequence[Question]) -> tuple[Integers, ...]:
    """The first spans of each question by exact late interaction over all keys."""
    directions = np.concatenate([world.directions(question) for question in asked])
    best = np.empty((len(directions), world.states.spans), dtype=np.float32)
    for first in range(0, world.states.spans, 1000):
        count = min(1000, world.states.spans - first)
        cosines = torch.from_numpy(world.states.directions(first, count)) @ torch.from_numpy(
            directions.T
        )  # (tokens, asked tokens)
        nearest = cosines.view(count, SPAN_TOKENS, -1).amax(dim=1)  # (spans, asked tokens)
        best[:, first : first + count] = nearest.numpy().T
    found, at = [], 0
    for question in asked:
        met = best[at : at + len(question.states)]
        highest = met.max(axis=1)
        chance = (met.sum(axis=1, dtype=np.float64) - highest) / (met.shape[1] - 1)
        weights = question.shares * np.maximum(highest - chance, 0) ** 2
        scores = weights.astype(np.float32) @ met
        top = np.argpartition(-scores, _TOP)[:_TOP]
        found.append(top[np.argsort(-scores[top])])
        at += len(question.states)
    return tuple(found)


def _rival_row(
    world: _World, index: SpanIndex, sample: Integers, size: int, key: FixedKey, rival: Rival
) -> dict[str, Any]:
    began = time.perf_counter()
    (segment,) = index.segments
    step = 20_000
    for first in range(0, size, step):
        sketches = segment.sketches[first * SPAN_TOKENS : (first + step) * SPAN_TOKENS]
        rival.add(key.spans(Sketcher.decode(sketches)))
    seconds = time.perf_counter() - began

    def find(asked: Question) -> Integers:
        query, directions = _query(world, index, sample, asked)
        # The weights of the request are known here as well: from the best matches in the sample.
        weights = query.weights(_best_of(directions, world.sampled).max(axis=1))
        vector = key.query(index.sketcher.directions(asked.states), weights)
        return _ranked(world, query, directions, rival.nearest(vector, world.candidates))

    row = _row(world, size, f"{rival.name}, {key.name}", find)
    return row | {"build_per_second": round(size / seconds, 1)}


def _row(world: _World, size: int, method: str, find: Find) -> dict[str, Any]:
    """Recall and time of a method; the first question warms up what is mapped or cached."""
    find(world.questions[0])
    hits, seconds = [], []
    for number, asked in enumerate(world.questions):
        began = time.perf_counter()
        found = find(asked)
        seconds.append(time.perf_counter() - began)
        if number < len(world.best):
            hits.append(np.isin(world.best[number], found).mean())
    return _blank(size, method) | {
        "candidates": world.candidates,
        "recall_at_16": round(float(np.mean(hits)), 4),
        "p50_ms": round(float(np.percentile(seconds, 50)) * 1e3, 2),
        "p99_ms": round(float(np.percentile(seconds, 99)) * 1e3, 2),
    }


def _blank(size: int, method: str) -> dict[str, Any]:
    columns = ("candidates", "recall_at_16", "p50_ms", "p99_ms", "build_per_second")
    more = ("insert_per_second", "bytes_per_span", "resident_mib")
    return {"spans": size, "method": method, **dict.fromkeys((*columns, *more))}
