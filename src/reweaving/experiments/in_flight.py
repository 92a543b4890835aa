"""`cmr bench in-flight`: reading the request first to recall for it, or recalling while it is read.

A pre-pass reads the request up to the key layer, recalls, and starts again with memory in all layers. In flight there
is one pass only: the layers up to the key layer have run before anything is recalled, so only those above it can be
woven. The answers and the time to the first token decide which is the default (docs/decisions/0001-weaving.md).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.embedded.layout import SceneEncoder
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.embedded import held_out_scenes, right
from reweaving.experiments.embedded_answers import woven_answers
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig

_ITEMS, _QUICK_ITEMS = 12, 2
_WOVEN_TOKENS = 256
_REPEATS = 7


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure both ways on held-out dialogues of the embedded model."""
    model, tokenizer = load_embedded(dtype="auto")
    encoder = SceneEncoder(tokenizer)
    scenes = held_out_scenes(_QUICK_ITEMS if quick else _ITEMS, seed)
    with attach(model, tokenizer) as woven:
        above = len(woven.layers) - 1 - woven.key_layer
        seconds = _seconds(woven)
    ways = {"pre-pass": None, "in flight": above}
    rows: list[dict[str, Any]] = []
    for done, (way, budget) in enumerate(ways.items()):
        progress(done, len(ways), way)
        config = ReweavingConfig(codec="hidden", layer_budget=budget)
        with attach(model, tokenizer, config=config) as woven:
            answers = woven_answers(woven, encoder, scenes)
            first = _seconds(woven)
        found = [
            right(scene.questions[0], answer) for scene, answer in zip(scenes, answers, strict=True)
        ]
        reading = seconds["reading"] if budget is None else 0.0
        rows.append(
            {
                "way": way,
                "woven_layers": len(woven.layers) if budget is None else budget,
                "right": sum(found) / len(found),
                "questions": len(found),
                "reading_seconds": reading,
                "first_token_seconds": reading + first["first_token"],
            }
        )
    progress(len(ways), len(ways))
    summary = {
        row["way"]: {"right": row["right"], "first_token_seconds": row["first_token_seconds"]}
        for row in rows
    }
    return BenchResult(summary, rows)


@torch.no_grad()
def _seconds(woven: Reweaver) -> dict[str, float]:
    """Median seconds to read a request to the key layer, and to its first token with memory woven."""
    generator = torch.Generator().manual_seed(0)
    vocabulary = int(woven.adapter.config.vocab_size)
    memory = torch.randint(100, vocabulary, (1, _WOVEN_TOKENS), generator=generator)
    asked = torch.randint(100, vocabulary, (1, 40), generator=generator)
    entries = woven.capture(memory)
    reader = StateCapturer(
        woven.adapter, None, woven.layers, woven.key_layer, "hidden", woven.fingerprint
    )
    with woven.weaving(entries):
        first = _median(lambda: woven.model.generate(asked, max_new_tokens=1, do_sample=False))
    return {"first_token": first, "reading": _median(lambda: reader.question(asked, None))}


def _median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])
