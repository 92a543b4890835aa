"""`cmr bench latency`: time to the first token with memory woven, against what users would do instead."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from reweaving.embedded.loading import load_embedded
from reweaving.errors import ReweavingError, WeightsNotFoundError
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.saved_cache import SavedCache
from reweaving.experiments.shapes import llama_124m, random_tokens
from reweaving.experiments.timing import Times, in_turn, ratio
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import RecallConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig

WOVEN_TOKENS = 256
REQUEST_TOKENS = 32
_SESSION_TOKENS = 1024
_NEVER_ABSTAIN = RecallConfig(threshold=0.0, share=0.0, limit=16)

Row = dict[str, Any]
Call = Callable[[], object]


@dataclass(frozen=True)
class _Case:
    """One model, the histories that it is asked about, and the codecs that keep them."""

    name: str
    model: Any
    histories: tuple[int, ...]
    codecs: tuple[str, ...]

    def drawing(self, seed: int) -> Callable[[int], torch.Tensor]:
        generator = torch.Generator().manual_seed(seed)
        vocabulary = int(self.model.config.vocab_size)
        return partial(random_tokens, generator=generator, vocabulary=vocabulary)


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Time first tokens; the summary compares with memory kept as ``kv``, recalled and read from its files.

    The system may hold these files in its own cache, as it may those of the saved caches.
    """
    cases = [
        _Case("llama-124m", llama_124m(), (4096,) if quick else (4096, 16_384), ("kv", "hidden")),
        *_embedded((2048,) if quick else (4096, 7936)),
    ]
    rows: list[Row] = []
    for done, case in enumerate(cases):
        progress(done, len(cases), case.name)
        rows += _rows(case, _measure(case, 3 if quick else 9, seed))
    summary: dict[str, Any] = _summary(rows, cases[0])
    for case in cases[1:]:
        summary[case.name] = _summary(rows, case)
    return BenchResult(summary, rows)


def _embedded(histories: tuple[int, ...]) -> list[_Case]:
    try:
        model, _ = load_embedded(adapter=False)
    except WeightsNotFoundError:
        return []
    return [_Case("smollm2", model, histories, ("kv",))]


@torch.no_grad()
def _measure(case: _Case, rounds: int, seed: int) -> dict[str, Times]:
    """Times of each way, round by round; each round has requests of its own."""
    draw = case.drawing(seed)
    history = draw(max(case.histories))
    times: dict[str, Times] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for codec in case.codecs:
            _remember(case, codec, history, folder / codec)
        saved = {
            length: SavedCache.make(case.model, history[:, -length:], folder / str(length))
            for length in case.histories
        }
        for codec in case.codecs:
            with _attached(case, codec, folder / codec) as woven:
                for at in range(-1, rounds):
                    _let_go(woven)
                    calls = _short(case, codec, woven, draw)
                    if codec == case.codecs[0]:
                        calls |= _long(case, woven, history, saved, draw, at)
                    for way, taken in in_turn(_rotated(calls, codec, at), 1, warm_up=0).items():
                        if at >= 0:
                            times.setdefault(way, Times()).extend(taken)
    return times


def _remember(case: _Case, codec: str, history: torch.Tensor, folder: Path) -> None:
    with (
        Memory.open(folder) as memory,
        attach(case.model, None, memory, ReweavingConfig(codec=codec)) as woven,
    ):
        for part in history.split(_SESSION_TOKENS, dim=1):
            memory.add(woven.capture(part))


@contextmanager
def _attached(case: _Case, codec: str, folder: Path) -> Iterator[Reweaver]:
    """A memory that was filled before, opened again."""
    config = ReweavingConfig(
        codec=codec,
        budget_tokens=WOVEN_TOKENS,
        recall=_NEVER_ABSTAIN,
    )
    with Memory.open(folder) as memory, attach(case.model, None, memory, config) as woven:
        yield woven


def _let_go(woven: Reweaver) -> None:
    """Leave nothing of earlier rounds at hand: this round's spans are read from the memory's files."""
    if woven.memory.buffer is not None:
        woven.memory.buffer.clear_all()
    woven._forget_hot()


def _short(
    case: _Case, codec: str, woven: Reweaver, draw: Callable[[int], torch.Tensor]
) -> dict[str, Call]:
    request = draw(REQUEST_TOKENS)
    calls: dict[str, Call] = {
        f"woven {codec}": partial(_woven, woven, request),
        f"woven {codec} again": partial(_woven, woven, request),
    }
    if codec == case.codecs[0]:
        as_text = draw(WOVEN_TOKENS + REQUEST_TOKENS)
        calls["as text"] = partial(_plain, woven, as_text)
        calls["request alone"] = partial(_plain, woven, request)
    return calls


def _rotated(calls: dict[str, Call], codec: str, at: int) -> dict[str, Call]:
    """Another way first in every round: what comes behind a saved cache finds the processor's own caches empty."""
    ways = list(calls)
    turn = at % len(ways)
    ways = [*ways[turn:], *ways[:turn]]
    first, again = f"woven {codec}", f"woven {codec} again"
    ways.remove(again)
    ways.insert(ways.index(first) + 1, again)  # it is the same request once more
    return {way: calls[way] for way in ways}


def _long(
    case: _Case,
    woven: Reweaver,
    history: torch.Tensor,
    saved: dict[int, SavedCache],
    draw: Callable[[int], torch.Tensor],
    at: int,
) -> dict[str, Call]:
    """The request behind its whole history; long ones are re-read in few rounds, they take minutes."""
    calls: dict[str, Call] = {}
    for length in case.histories:
        whole = torch.cat([history[:, -length:], draw(REQUEST_TOKENS)], dim=1)
        if 0 <= at < (1 if length > 8192 else 3):
            calls[f"re-read {length}"] = partial(_plain, woven, whole)
        calls[f"saved cache {length}"] = partial(_from_cache, woven, saved[length], whole)
    return calls


def _woven(woven: Reweaver, ids: torch.Tensor) -> None:
    _generate(woven.model, ids)
    slots = 0 if woven.last_weave is None else woven.last_weave.weave.slots
    if slots < WOVEN_TOKENS * 3 // 4:
        raise ReweavingError(f"recall wove {slots} tokens where {WOVEN_TOKENS} are to be timed")


def _plain(woven: Reweaver, ids: torch.Tensor) -> None:
    with woven.paused():
        _generate(woven.model, ids)


def _from_cache(woven: Reweaver, saved: SavedCache, whole: torch.Tensor) -> None:
    with woven.paused():
        saved.first_token(woven.model, whole)


def _generate(model: Any, ids: torch.Tensor) -> None:
    model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=1, do_sample=False)


def _rows(case: _Case, times: dict[str, Times]) -> list[Row]:
    """Each way against the first codec woven: pair by pair where both were timed in the same rounds.

    Against its median where they were not: other codecs have rounds of their own, and long ways sit rounds out.
    """
    base = times[f"woven {case.codecs[0]}"]
    apart = [f"woven {codec}{again}" for codec in case.codecs[1:] for again in ("", " again")]
    rows = []
    for way, taken in times.items():
        against = Times([statistics.median(base.wall)], [statistics.median(base.cpu)])
        if way not in apart and len(taken.wall) == len(base.wall):
            against = base
        measured = ratio(taken.wall, against.wall)
        rows.append(
            {
                "model": case.name,
                "way": way,
                "seconds": statistics.median(taken.wall),
                "times_woven": measured.median,
                "quartiles": [measured.low, measured.high],
                "cpu_seconds": statistics.median(taken.cpu),
                "cpu_times_woven": ratio(taken.cpu, against.cpu).median,
                "runs": len(taken.wall),
            }
        )
    return rows


def _summary(rows: list[Row], case: _Case) -> dict[str, Any]:
    times = {row["way"]: row["times_woven"] for row in rows if row["model"] == case.name}
    return {
        "vs_reprefill": {str(n): times[f"re-read {n}"] for n in case.histories},
        "vs_text_rag": times["as text"],
        "vs_saved_cache": times[f"saved cache {max(case.histories)}"],
        "vs_saved_caches": {str(n): times[f"saved cache {n}"] for n in case.histories},
        "vs_request_alone": times["request alone"],
        "woven_again": times[f"woven {case.codecs[0]} again"],
    }
