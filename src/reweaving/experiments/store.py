"""`cmr bench store`: how fast, how small and how large the stores are, on SQLite and PostgreSQL.

Entries have the size that SmolLM2 makes them (30 layers, hidden 576). Turns are durable: each is its
own transaction, and has reached the disk when the next begins.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.laboratory import conduct
from reweaving.experiments.lent_postgres import NoPostgresError, lent_postgres
from reweaving.experiments.store_content import CODECS, USUAL, entries, name_of
from reweaving.memory.memory import Memory

_SPAN_TOKENS = 32
_TURNS, _QUICK_TURNS = 60, 4  # of two spans each
_BULK, _QUICK_BULK = 128, 8  # spans in one transaction
_LARGE, _QUICK_LARGE = 100_000, 1_000  # entries, of ten tokens each
_LARGE_TOKENS = 10
_BATCH = 1000
_OPENING = "reweaving.experiments.store_opening:run"


@dataclass(frozen=True)
class _Backend:
    """Where stores are made.

    Attributes
    ----------
    locate
        The place of the store for one measurement.
    used
        Bytes that all stores there take, everything included.
    """

    name: str
    locate: Callable[[str], str]
    used: Callable[[], int]


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure both backends; one row for each codec, and one for the large memory."""
    rows: list[dict[str, Any]] = []
    skipped = ""
    backends = {"sqlite": _folders, "postgresql": _server}
    codecs = tuple(each for each in CODECS if not quick or each[1] == torch.bfloat16)
    steps = len(codecs) + 2
    for done, lend in enumerate(backends.values()):
        try:
            with lend() as backend:

                def tell(step: int, what: str, before: int = steps * done) -> None:
                    progress(before + step, steps * len(backends), what)

                rows += _measure(backend, codecs, quick, seed, tell)
        except NoPostgresError as error:
            skipped = f"{type(error).__name__}: {error}"
    progress(steps * len(backends), steps * len(backends))
    summary: dict[str, Any] = {
        name: _summary([row for row in rows if row["backend"] == name]) for name in backends
    }
    return BenchResult(summary | ({"skipped": skipped} if skipped else {}), _filled(rows))


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not rows:
        return None
    by_codec = {row["codec"]: row for row in rows if row["what"] == "codec"}
    (large,) = [row for row in rows if row["what"] == "large"]
    usual = by_codec[name_of(*USUAL)]
    return {
        "durable_turns_per_second": usual["durable_turns_per_second"],
        "durable_turns_per_second_replay": by_codec["replay"]["durable_turns_per_second"],
        "bulk_entries_per_second": usual["bulk_entries_per_second"],
        "bulk_entries_per_second_replay": large["bulk_entries_per_second"],
        "bytes_per_token": {name: row["bytes_per_token"] for name, row in by_codec.items()},
        "entries_stored": large["entries"],
        "tokens_stored": large["tokens"],
        "open_seconds": large["open_seconds"],
        "resident_mib": large["resident_mib_used"],
        "resident_mib_recalled": large["resident_mib_recalled"],
        "resident_mib_empty": large["resident_mib_before"],
    }


@contextlib.contextmanager
def _folders() -> Iterator[_Backend]:
    with tempfile.TemporaryDirectory(prefix="reweaving-store-") as place:
        folder = Path(place)
        yield _Backend("sqlite", lambda name: str(folder / name), lambda: _size(folder))


@contextlib.contextmanager
def _server() -> Iterator[_Backend]:
    with lent_postgres() as server:
        yield _Backend("postgresql", lambda _: server.url, server.bytes_used)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _measure(
    backend: _Backend,
    codecs: Sequence[tuple[str, torch.dtype]],
    quick: bool,
    seed: int,
    tell: Callable[[int, str], None],
) -> list[dict[str, Any]]:
    # Open and empty first: what a store takes before its first entry is nobody's bytes per token.
    Memory.open(backend.locate("first")).close()
    rows = []
    for done, (codec, dtype) in enumerate(codecs):
        tell(done, f"{backend.name}: {name_of(codec, dtype)}")
        rows.append(_codec(backend, codec, dtype, quick, seed))
    tell(len(codecs), f"{backend.name}: a large memory")
    rows.append(_large(backend, quick, seed, lambda what: tell(len(codecs) + 1, what)))
    return rows


def _codec(
    backend: _Backend, codec: str, dtype: torch.dtype, quick: bool, seed: int
) -> dict[str, Any]:
    """Speed and size of one codec."""
    turns, bulk = (_QUICK_TURNS, _QUICK_BULK) if quick else (_TURNS, _BULK)
    made = list(entries(codec, dtype, 2 * (turns + 1), _SPAN_TOKENS, seed))
    name = name_of(codec, dtype)
    with Memory.open(backend.locate(name), f"turns/{codec}-{str(dtype)[6:]}") as memory:
        memory.add(made[:2])
        began = time.perf_counter()
        for start in range(2, len(made), 2):
            memory.add(made[start : start + 2])
        turn_seconds = (time.perf_counter() - began) / turns
    made = list(entries(codec, dtype, bulk, _SPAN_TOKENS, seed + 1))
    place = backend.locate(f"{name} bulk")
    Memory.open(place).close()
    before = backend.used()
    with Memory.open(place, f"bulk/{codec}-{str(dtype)[6:]}") as memory:
        began = time.perf_counter()
        memory.add(made)
        bulk_seconds = time.perf_counter() - began
    return {
        "backend": backend.name,
        "what": "codec",
        "codec": name,
        "entries": len(made),
        "tokens": bulk * _SPAN_TOKENS,
        "durable_turns_per_second": round(1 / turn_seconds, 1),
        "bulk_entries_per_second": round(bulk / bulk_seconds, 1),
        "bytes_per_token": round((backend.used() - before) / (bulk * _SPAN_TOKENS)),
    }


def _large(
    backend: _Backend, quick: bool, seed: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """A memory of many entries, with codec ``replay`` and retrieval keys in bf16."""
    count = _QUICK_LARGE if quick else _LARGE
    place = backend.locate("large")
    seconds, before = 0.0, backend.used()
    with Memory.open(place, "ann") as memory:
        made = entries("replay", torch.bfloat16, count, _LARGE_TOKENS, seed)
        for done in range(0, count, _BATCH):
            batch = list(itertools.islice(made, _BATCH))
            began = time.perf_counter()
            memory.add(batch)
            seconds += time.perf_counter() - began
            tell(f"{backend.name}: {done + len(batch)} entries")
    opened: dict[str, Any] = {}
    for report in conduct(_OPENING, quick, seed, place):
        tell(f"{backend.name}: {report.what}")
        opened = (report.rows or [opened])[0]
    return {
        "backend": backend.name,
        "what": "large",
        "codec": "replay",
        "entries": count,
        "tokens": count * _LARGE_TOKENS,
        "bulk_entries_per_second": round(count / seconds, 1),
        "bytes_per_token": round((backend.used() - before) / (count * _LARGE_TOKENS)),
        **{key: round(value, 4) for key, value in opened.items()},
    }


def _filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return [{key: row.get(key) for key in keys} for row in rows]
