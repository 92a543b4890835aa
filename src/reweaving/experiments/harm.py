"""`cmr bench harm`: what a full memory costs where it has nothing to say.

A memory is filled with chat sessions. Then text that has nothing to do with them is read, passage by
passage: recall is asked for each, and what it finds is woven, as `generate` would. The perplexity of
all passages, divided by that of the plain model, is what memory costs; a gate that abstains makes it 1.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from typing import Any

import torch

from reweaving.adapters.base import evaluating
from reweaving.embedded.dialogues.split import Side
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.histories import HistoryWriter
from reweaving.experiments.outside_data import find_outside_data
from reweaving.experiments.tinystories_model import load_stories260k
from reweaving.memory.memory import Memory
from reweaving.reweaver import Reweaver, attach
from reweaving.scoring.surprise import next_token_nats

_HISTORY_TOKENS, _QUICK_HISTORY_TOKENS = 5000, 700
_PASSAGES, _QUICK_PASSAGES = 60, 8
_PASSAGE_CHARACTERS = (200, 900)


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure the embedded model on documentation and stories, and a second checkpoint on stories."""
    count = _QUICK_PASSAGES if quick else _PASSAGES
    rng = random.Random(f"harm {seed}")
    texts = {"embedded": documentation(rng, count)}
    folder = find_outside_data()
    if folder is not None:
        told = json.loads((folder / "tinystories" / "stories_500.json").read_text("utf-8"))
        stories = [text.strip()[: _PASSAGE_CHARACTERS[1]] for text in rng.sample(told, count)]
        texts |= {"stories": stories, "stories260k": stories}
    rows: list[dict[str, Any]] = []
    progress(0, len(texts), "embedded")
    model, tokenizer = load_embedded(dtype="auto")
    with Memory.open(":memory:") as memory, attach(model, tokenizer, memory) as woven:
        _fill(woven, seed, quick)
        for done, name in enumerate(name for name in texts if name != "stories260k"):
            progress(done, len(texts), name)
            rows += _read(name, woven, texts[name])
    if folder is not None:
        progress(len(texts) - 1, len(texts), "stories260k")
        small, its_tokenizer = load_stories260k(folder / "stories260k")
        with Memory.open(":memory:") as memory, attach(small, its_tokenizer, memory) as woven:
            _fill(woven, seed, quick)
            rows += _read("stories260k", woven, texts["stories260k"])
    progress(len(texts), len(texts))
    summary: dict[str, Any] = {}
    for name in texts:
        mine = [row for row in rows if row["text"] == name]
        summary[name] = round(_ratio(mine), 5)
        summary[f"{name}_woven_into"] = round(sum(row["spans"] > 0 for row in mine) / len(mine), 4)
    return BenchResult(summary, rows)


def documentation(rng: random.Random, count: int) -> list[str]:
    """Draw paragraphs of the standard library's own help, in English sentences."""
    from pydoc_data.topics import topics

    shortest, longest = _PASSAGE_CHARACTERS
    paragraphs = [
        " ".join(part.split()) for topic in sorted(topics) for part in topics[topic].split("\n\n")
    ]
    return rng.sample([text for text in paragraphs if shortest < len(text) < longest], count)


def _fill(woven: Reweaver, seed: int, quick: bool) -> None:
    wanted = _QUICK_HISTORY_TOKENS if quick else _HISTORY_TOKENS
    held = 0
    for session in HistoryWriter(f"harm {seed}", Side.TEST).sessions():
        turns = [{"role": turn.role, "content": turn.text} for turn in session.turns]
        held += sum(entry.tokens for entry in woven.remember(turns, session=session.name))
        if held >= wanted:
            return


@torch.no_grad()
def _read(name: str, woven: Reweaver, texts: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for text in texts:
        ids = woven.tokenizer(text, add_special_tokens=False)["input_ids"]
        start = woven.chat.start_id
        batch = torch.tensor([([] if start is None else [start]) + list(ids)])
        batch = batch[:, : woven.adapter.trained_length]
        hits = woven.recall(text)
        nats = []
        for entries in ([], hits):
            with evaluating(woven.model), woven.weaving(entries):
                logits = woven.model(input_ids=batch, use_cache=False).logits
            nats.append(float(next_token_nats(logits, batch)[0, 1:].sum()))
        rows.append(
            {
                "text": name,
                "tokens": batch.shape[1] - 1,
                "spans": len(hits),
                "nats_off": nats[0],
                "nats_full": nats[1],
                "begins": text[:60],
            }
        )
    return rows


def _ratio(rows: Sequence[dict[str, Any]]) -> float:
    """Perplexity with the memory full, divided by that with memory off."""
    tokens = sum(row["tokens"] for row in rows)
    return math.exp(sum(row["nats_full"] - row["nats_off"] for row in rows) / tokens)
