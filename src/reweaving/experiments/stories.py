"""`cmr bench stories`: stories that nobody here wrote, read on from memory, by two real checkpoints.

The first two thirds of each story are memory, the last third is read. Two questions: what does the
right memory do for the likelihood of what is read, measured against having it all in the context; and
does recall find that story among the others, from the last third alone?
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from reweaving.adapters.base import evaluating
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.outside_data import outside_data
from reweaving.experiments.tinystories_model import load_stories260k
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import RecallConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.scoring.relevance import ScoringConfig
from reweaving.scoring.surprise import next_token_nats
from reweaving.settings import ReweavingConfig

_STORIES = {"smollm2": 100, "stories260k": 36}
_QUICK_STORIES = {"smollm2": 12, "stories260k": 12}
_SPANS = 6
_SHORTEST_TOKENS = 60


@dataclass(frozen=True)
class Parted:
    """One story: what is remembered, and what is read behind it."""

    told: str
    read: str


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure both models; one row for each story. The stories are the same for every seed."""
    del seed
    folder = outside_data()
    summary: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    wanted = _QUICK_STORIES if quick else _STORIES
    for done, (name, count) in enumerate(wanted.items()):
        progress(done, len(wanted), name)
        loaded = (
            load_embedded(adapter=False)
            if name == "smollm2"
            else load_stories260k(folder / "stories260k")
        )
        measured = _measure(name, *loaded, _stories(folder, loaded[1], count, 500))
        rows += measured
        summary[name] = _summary(measured)
    progress(len(wanted), len(wanted))
    return BenchResult(summary, rows)


def _stories(folder: Path, tokenizer: Any, count: int, longest: int) -> list[Parted]:
    """The first `count` stories that fit into the smaller model's window, cut after two thirds of their tokens."""
    texts = json.loads((folder / "tinystories" / "stories_500.json").read_text("utf-8"))
    chosen: list[Parted] = []
    for text in texts:
        ids = tokenizer(text.strip(), add_special_tokens=False)["input_ids"]
        if _SHORTEST_TOKENS <= len(ids) <= longest and len(chosen) < count:
            cut = 2 * len(ids) // 3
            parts = [tokenizer.decode(part).strip() for part in (ids[:cut], ids[cut:])]
            chosen.append(Parted(*parts))
    return chosen


def _measure(
    name: str, model: Any, tokenizer: Any, stories: Sequence[Parted]
) -> list[dict[str, Any]]:
    everything = RecallConfig(threshold=0.0, share=0.0, limit=_SPANS, strategy="fused")
    # Everything is kept; scorers that run the model again would take most of the time.
    config = ReweavingConfig(recall=everything, scoring=ScoringConfig(method="surprise"))
    rows = []
    with Memory.open(":memory:") as memory, attach(model, tokenizer, memory, config) as woven:
        for at, story in enumerate(stories):
            woven.remember(story.told, session=str(at))
        for at, story in enumerate(stories):
            hits = woven.recall(story.read, budget=_SPANS * 64)
            nats = _nats(woven, story)
            rows.append(
                {
                    "model": name,
                    "story": at,
                    **nats,
                    "found": any(hit.entry.sequence_id == str(at) for hit in hits),
                    "found_first": bool(hits) and hits[0].entry.sequence_id == str(at),
                    "spans": len(memory.entries(session=str(at))),
                }
            )
    return rows


def _nats(woven: Reweaver, story: Parted) -> dict[str, float]:
    """Nats per token of the last third: with nothing before it, with all before it, and with all woven.

    The first token of the third is left out: nothing that is run without a context predicts it.
    """
    start = woven.chat.start_id
    opening = [] if start is None else [start]
    told, read = (
        list(woven.tokenizer(text, add_special_tokens=False)["input_ids"])
        for text in (story.told, story.read)
    )
    with woven.paused():
        alone = _mean_nats(woven, opening + read, len(read) - 1)
        whole = _mean_nats(woven, opening + told + read, len(read) - 1)
    with woven.weaving(woven.capture(opening + told)):
        memory = _mean_nats(woven, read, len(read) - 1)
    return {"nothing": alone, "as_text": whole, "woven": memory}


@torch.no_grad()
def _mean_nats(woven: Reweaver, ids: Sequence[int], last: int) -> float:
    """Mean surprise of the last `last` tokens."""
    batch = torch.tensor([list(ids)])
    with evaluating(woven.model):
        logits = woven.model(input_ids=batch, use_cache=False).logits.float()
    return float(next_token_nats(logits, batch)[0, -last:].mean())


def _summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    def mean(column: str) -> float:
        return math.fsum(row[column] for row in rows) / len(rows)

    return {
        "benefit_share": round(
            (mean("nothing") - mean("woven")) / (mean("nothing") - mean("as_text")), 5
        ),
        f"recall_at_{_SPANS}": round(mean("found"), 4),
        "recall_at_1": round(mean("found_first"), 4),
        "nats_nothing": round(mean("nothing"), 4),
        "nats_as_text": round(mean("as_text"), 4),
        "nats_woven": round(mean("woven"), 4),
        "stories": len(rows),
    }
