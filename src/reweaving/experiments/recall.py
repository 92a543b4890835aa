"""`cmr bench recall`: how questions are answered from histories of 500 to 1,000,000 tokens.

Held-out people, attributes, phrasings and values tell facts in many sessions, near-misses everywhere.
The embedded chat model remembers them by `remember` and answers by `generate`, questions side by side
in batches. Beside it: no memory, random memory, text search (by BM25, and by sentence embeddings where a
package carries them) with the same budget of tokens re-read, the whole history re-read where it fits,
and the same memory searched by each strategy.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.loading import load_embedded
from reweaving.errors import ConfigurationError, WeightsNotFoundError
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.histories import KINDS, HistoryWriter, Probe
from reweaving.experiments.intervals import paired_interval, share_interval
from reweaving.experiments.recall_columns import Columns
from reweaving.experiments.sentence_embeddings import SentenceEmbeddings, embedder_folder
from reweaving.memory.memory import Memory
from reweaving.retrieval.base import STRATEGIES
from reweaving.reweaver import Reweaver, attach

Row = dict[str, Any]

_SMALL = (500, 1000, 1500, 2000, 2500)
_SMALL_HISTORIES = 4
_LARGE = (10_000, 100_000)
_FULL = (1_000_000,)
_QUICK = (500, 1500, 2500)
_EACH_KIND = 20  # questions of each kind about a large history
_STRATEGIES_AT = (10_000,)
_STRATEGIES_SHARE = 3
_WHOLE_AS_TEXT = 2_500
_ODD = ("unknown", "joint", "in_other_words")  # each has a figure of its own
_KNOWN = tuple(kind for kind in KINDS if kind not in _ODD)


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure histories of up to 100,000 tokens; `quick` up to 2,500."""
    return _run(quick, seed, progress, _LARGE)


def run_full(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure histories of up to 1,000,000 tokens."""
    return _run(quick, seed, progress, (*_LARGE, *_FULL))


def _run(quick: bool, seed: int, progress: Progress, large: Sequence[int]) -> BenchResult:
    model, tokenizer = load_embedded(dtype="auto")
    plans: list[tuple[str, tuple[int, ...], int]] = [(f"small {seed} 0", _QUICK, 9)]
    if not quick:
        plans = [(f"small {seed} {at}", _SMALL, 15) for at in range(_SMALL_HISTORIES)]
        plans += [(f"large {seed}", tuple(large), _EACH_KIND * len(KINDS))]
    total = sum(len(lengths) for _, lengths, _ in plans)
    embeddings, missing = _embeddings()
    rows: list[Row] = []
    for name, lengths, questions in plans:
        with Memory.open(":memory:") as memory, attach(model, tokenizer, memory) as woven:
            writer = HistoryWriter(f"recall {name}", Side.TEST)
            for tokens in _grown(woven, writer, lengths):
                progress(
                    len({(r["history"], r["history_tokens"]) for r in rows}), total, str(tokens)
                )
                probes = asked(writer, questions)
                columns = Columns(woven, seed, embeddings)
                # Every strategy asks the judge anew, so they share a third of the questions.
                step = _STRATEGIES_SHARE if tokens in _STRATEGIES_AT else len(probes) + 1
                compared = probes[step - 1 :: step]
                others = [probe for probe in probes if probe not in compared]
                for part, strategies in ((compared, STRATEGIES.names()), (others, [])):
                    rows.extend(
                        {"history": name, "history_tokens": tokens, **row}
                        for row in columns.answer(part, strategies, whole=tokens <= _WHOLE_AS_TEXT)
                    )
    progress(total, total)
    names = list(dict.fromkeys(key for row in rows for key in row))
    return BenchResult(
        {**summarise(rows), "missing_columns": missing, "seeds": [name for name, *_ in plans]},
        [{name: row.get(name) for name in names} for row in rows],
    )


def _embeddings() -> tuple[SentenceEmbeddings | None, dict[str, str]]:
    """What embeds texts, where it is installed; and the columns that are missing without it, with the reason."""
    try:
        return SentenceEmbeddings(embedder_folder()), {}
    except (WeightsNotFoundError, ConfigurationError) as error:
        return None, {"embeddings": str(error)}


def _grown(woven: Reweaver, writer: HistoryWriter, lengths: Sequence[int]) -> Iterator[int]:
    """Let a memory grow, and stop at each length: what was captured once serves all of them."""
    sessions, held = writer.sessions(), 0
    for length in lengths:
        while held < length:
            session = next(sessions)
            turns = [{"role": turn.role, "content": turn.text} for turn in session.turns]
            held += sum(entry.tokens for entry in woven.remember(turns, session=session.name))
        yield length


def asked(writer: HistoryWriter, count: int) -> list[Probe]:
    """Questions of every kind in turn; kinds that run out are left out."""
    writer.ask_again()
    found: list[Probe] = []
    odd = max(1, count // len(KINDS))
    for kind in _ODD:
        found += writer.probes(kind, odd)
    exhausted: set[str] = set()
    while len(found) < count and len(exhausted) < len(_KNOWN):
        for kind in _KNOWN:
            more = writer.probes(kind, 1) if kind not in exhausted and len(found) < count else []
            found += more
            if not more:
                exhausted.add(kind)
    return found


# -- summing up ------------------------------------------------------------------------------------


def summarise(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures by length, by kind at 10,000 tokens (or the longest), unknown and joint questions."""
    known = [row for row in rows if row["kind"] in _KNOWN]
    unknown = [row for row in rows if row["kind"] == "unknown"]
    lengths = sorted({row["history_tokens"] for row in rows})
    at = 10_000 if 10_000 in lengths else lengths[-1]
    here = [row for row in known if row["history_tokens"] == at]
    return {
        "by_history_tokens": {
            str(length): _figures([row for row in known if row["history_tokens"] == length])
            for length in lengths
        },
        "by_kind": _by_kind(here, "cmr"),
        "by_kind_bm25": _by_kind(here, "bm25"),
        "by_kind_at": at,
        "strategies": {
            name.partition(" ")[2]: mean(here, name)
            for name in dict.fromkeys(key for row in here for key in row)
            if name.startswith("cmr ")
        },
        "abstain": mean(unknown, "cmr"),
        "abstain_interval": share_interval([bool(row["cmr"]) for row in unknown]),
        "joint": mean([row for row in rows if row["kind"] == "joint"], "cmr"),
        "in_other_words": mean([row for row in rows if row["kind"] == "in_other_words"], "cmr"),
        "off": mean(known, "off"),
        "found": mean(known, "found"),
        "judge_milliseconds": _median(rows, "judge_milliseconds"),
        "questions": len(rows),
    }


def _figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Each column's share of right answers, with the interval of CMR's and of its lead over text search."""
    figures: dict[str, Any] = {"questions": len(rows)}
    for column in ("cmr", "off", "random", "bm25", "embeddings", "whole_text", "found"):
        if any(row.get(column) is not None for row in rows):
            figures[column] = mean(rows, column)
    if rows:
        right = [bool(row["cmr"]) for row in rows]
        figures["cmr_interval"] = share_interval(right)
        figures["lead_over_bm25_interval"] = paired_interval(
            right, [bool(row["bm25"]) for row in rows]
        )
    return figures


def _by_kind(rows: Sequence[Row], column: str) -> dict[str, float | None]:
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
    return {kind: mean(kinds[kind], column) for kind in _KNOWN if kinds[kind]}


def mean(rows: Sequence[Row], column: str) -> float | None:
    """Share of the rows for which a column is true; None where it was measured for none."""
    told = [row[column] for row in rows if row.get(column) is not None]
    return round(sum(told) / len(told), 4) if told else None


def _median(rows: Sequence[Row], column: str) -> float | None:
    told = [row[column] for row in rows if row.get(column) is not None]
    return round(statistics.median(told), 1) if told else None
