"""`cmr bench weave`: every way of taking memory into a request, against none and against the wrong one.

Recall is the share of held-out questions that the embedded model answers right with the sessions
that hold the answer captured and woven (no search: what is found is not at stake here). Harm is by
how much unrelated text becomes less likely under the same memory, without the gate that would keep it
out. Time is what a token of an answer takes, memory built and woven. Methods that need training are
trained here, on dialogues of the training side.
"""

from __future__ import annotations

import math
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from reweaving.embedded.dialogues.held_out import HELD_OUT
from reweaving.embedded.dialogues.scene import Block, Scene
from reweaving.embedded.layout import SceneEncoder
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.embedded import right
from reweaving.experiments.embedded_answers import woven_answers
from reweaving.experiments.embedded_perplexity import held_out_english
from reweaving.experiments.weave_training import training_examples
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig
from reweaving.training.blender import BlenderTrainer, TrainingConfig
from reweaving.training.reading import BlockReader
from reweaving.weaving.blend import ContextBlender, Kept
from reweaving.weaving.settings import ReconstructionConfig

_SKILLS = ("plain", "numeric", "rare_word", "near_miss")
_EXACT = ReconstructionConfig.exact()
_DOCUMENTED = ReconstructionConfig()
_WOVEN_TOKENS, _ASKED_TOKENS, _MADE_TOKENS = 256, 40, 16
_WINDOW_TOKENS, _ROWS = 128, 8
_READ_BYTES = 3 * 2**30


@dataclass(frozen=True)
class Method:
    """One line of the comparison.

    Attributes
    ----------
    memory
        What is woven: ``right``, ``wrong`` (another dialogue's) or ``none``.
    upper_half
        Whether only the upper half of the layers is stored.
    random_tokens
        Whether compression keeps tokens at random instead of those that are attended to.
    """

    config: ReconstructionConfig
    memory: str = "right"
    upper_half: bool = False
    random_tokens: bool = False


METHODS: dict[str, Method] = {
    "memory_off": Method(_EXACT, memory="none"),
    "random_memory": Method(_EXACT, memory="wrong"),
    "direct": Method(_EXACT),
    "hierarchical": Method(_DOCUMENTED.replace(integration_method="attention")),
    "hierarchical_weighted_sum": Method(_DOCUMENTED),
    "hierarchical_random_tokens": Method(
        _DOCUMENTED.replace(integration_method="attention"), random_tokens=True
    ),
    "direct_gated": Method(_EXACT.replace(integration_method="gated")),
    "mlp": Method(_EXACT.replace(method="mlp"), upper_half=True),
    "upper_half": Method(_EXACT, upper_half=True),
    "attention": Method(_EXACT.replace(method="attention", integration_method="gated")),
}
"""Name to method; `mlp` fills in what `upper_half` leaves out."""


@dataclass(frozen=True)
class _Size:
    items: int
    windows: int
    repeats: int
    examples: int
    steps: int
    rows: int


# As many steps and rows as `cmr train-blender` takes unless told otherwise.
_FULL = _Size(items=25, windows=24, repeats=7, examples=160, steps=60, rows=8)
_QUICK = _Size(items=4, windows=4, repeats=2, examples=80, steps=8, rows=4)


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure every method on the same dialogues, text and request."""
    size = _QUICK if quick else _FULL
    model, tokenizer = load_embedded(dtype="auto")
    encoder = SceneEncoder(tokenizer)
    scenes = [
        HELD_OUT[skill](random.Random(f"weave {skill} {seed} {number}"))
        for skill in _SKILLS
        for number in range(size.items)
    ]
    examples = training_examples(encoder, size.examples, seed)
    # What all methods weave and learn from is read once.
    reader = BlockReader(_READ_BYTES)
    unrelated = _unrelated(encoder, size.windows)
    plain = _loss(model, unrelated)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for done, (name, method) in enumerate(METHODS.items()):
            weights, trained = None, 0.0
            layers = _layers(model, method)
            if method.config.needs_training:
                progress(done, len(METHODS), f"{name}, training")
                weights, began = Path(folder) / name, time.perf_counter()
                training = TrainingConfig(steps=size.steps, rows=size.rows, seed=seed)
                trainer = BlenderTrainer(model, tokenizer, method.config, layers, training, reader)
                trainer.train(examples, weights, partial(_told, progress, done, name))
                trained = time.perf_counter() - began
            progress(done, len(METHODS), name)
            with _attached(model, tokenizer, method, layers, weights, seed) as woven:
                measured = {
                    **_recall(woven, encoder, method, scenes, reader),
                    "harm": round(_harm(woven, encoder, method, scenes, unrelated, plain), 5),
                    "ms_per_token": round(
                        1000 * _seconds_per_token(woven, method, size.repeats), 2
                    ),
                }
            rows.append({"method": name, **measured, "training_seconds": round(trained, 1)})
    progress(len(METHODS), len(METHODS))
    return BenchResult(_summary(rows, len(scenes)), rows)


def _layers(model: Any, method: Method) -> tuple[int, ...] | None:
    depth = int(model.config.num_hidden_layers)
    return tuple(range(depth // 2, depth)) if method.upper_half else None


@contextmanager
def _attached(
    model: Any,
    tokenizer: Any,
    method: Method,
    layers: tuple[int, ...] | None,
    weights: Path | None,
    seed: int,
) -> Iterator[Reweaver]:
    config = ReweavingConfig(
        codec="hidden", layers=layers, reconstruction=method.config.replace(weights=weights)
    )
    with attach(model, tokenizer, config=config) as woven:
        blender = woven.reconstruction.blender
        if method.random_tokens and blender is not None:
            woven.reconstruction.blender = _RandomTokens(blender, seed)
        yield woven


class _RandomTokens(ContextBlender):
    """Keeps as many tokens as another blender, whichever."""

    def __init__(self, like: ContextBlender, seed: int) -> None:
        super().__init__(
            len(like.shares), like.integrator, max_memory_tokens=like.max_memory_tokens
        )
        self.shares = like.shares
        self._drawn = torch.Generator().manual_seed(seed)

    def choose(
        self, layer: int, counts: torch.Tensor, valid: torch.Tensor, attention: torch.Tensor
    ) -> Kept:
        """Slots at random; the start token stays."""
        drawn = torch.rand(attention.shape, generator=self._drawn).to(attention.device)
        return super().choose(layer, counts, valid, drawn)


def _told(progress: Progress, done: int, name: str, step: int, steps: int, what: str) -> None:
    progress(done, len(METHODS), f"{name}, training, step {step} of {steps}, {what}")


def _recall(
    woven: Reweaver,
    encoder: SceneEncoder,
    method: Method,
    scenes: Sequence[Scene],
    reader: BlockReader,
) -> dict[str, float]:
    """Share of the questions that are answered right, of all and of each skill."""
    asked = [_with_memory(scenes, at, method.memory) for at in range(len(scenes))]
    answers = woven_answers(woven, encoder, asked, reader=reader)
    found: dict[str, list[bool]] = defaultdict(list)
    for scene, answer in zip(scenes, answers, strict=True):
        found[scene.questions[0].skill].append(right(scene.questions[0], answer))
    everything = [one for some in found.values() for one in some]
    return {
        "recall": round(statistics.fmean(everything), 4),
        **{skill: round(statistics.fmean(some), 4) for skill, some in found.items()},
    }


def _with_memory(scenes: Sequence[Scene], at: int, memory: str) -> Scene:
    """A scene's question over its own memory, over another scene's, or over none."""
    question = scenes[at].questions[0]
    if memory == "right":
        return scenes[at]
    blocks = scenes[(at + 1) % len(scenes)].blocks if memory == "wrong" else ()
    return Scene(blocks, (replace(question, first=0, last=len(blocks)),))


def _unrelated(encoder: SceneEncoder, windows: int) -> torch.Tensor:
    """Ids of English that no training saw, ``(windows, tokens)``."""
    ids = torch.tensor(encoder.ids(held_out_english()))
    stride = (len(ids) - _WINDOW_TOKENS) // max(windows - 1, 1)
    return torch.stack([ids[at * stride : at * stride + _WINDOW_TOKENS] for at in range(windows)])


def _harm(
    woven: Reweaver,
    encoder: SceneEncoder,
    method: Method,
    scenes: Sequence[Scene],
    unrelated: torch.Tensor,
    plain: float,
) -> float:
    """By which share perplexity of unrelated text grows under a memory that has nothing to do with it."""
    if method.memory == "none":
        entries = []
    else:
        block = max((block for scene in scenes for block in scene.blocks), key=_woven_turns)
        prefix, body = encoder.block(block)
        entries = woven.capture(torch.tensor([prefix + body]))
    with woven.weaving(entries):
        return math.expm1(_loss(woven.model, unrelated) - plain)


def _woven_turns(block: Block) -> int:
    return len(block.woven)


@torch.no_grad()
def _loss(model: Any, ids: torch.Tensor) -> float:
    """Mean ``-log p`` of each token after the first, in nats; ids ``(windows, tokens)``."""
    losses = []
    for rows in ids.to(model.device).split(_ROWS):
        logits = model(input_ids=rows, use_cache=False).logits[:, :-1].float()
        losses.append(
            torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), rows[:, 1:].flatten(), reduction="none"
            )
        )
    return float(torch.cat(losses).mean())


def _seconds_per_token(woven: Reweaver, method: Method, repeats: int) -> float:
    """Median seconds for each token of an answer, building the memory of 256 tokens included."""
    generator = torch.Generator().manual_seed(0)
    vocabulary = int(woven.adapter.config.vocab_size)
    memory = torch.randint(100, vocabulary, (1, _WOVEN_TOKENS), generator=generator)
    asked = torch.randint(100, vocabulary, (1, _ASKED_TOKENS), generator=generator)
    entries = [] if method.memory == "none" else woven.capture(memory)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        with woven.weaving(entries):
            woven.model.generate(
                asked, max_new_tokens=_MADE_TOKENS, min_new_tokens=_MADE_TOKENS, do_sample=False
            )
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:]) / _MADE_TOKENS


def _summary(rows: Sequence[dict[str, Any]], questions: int) -> dict[str, Any]:
    figures = ("recall", "harm", "ms_per_token")
    methods = {row["method"]: {name: row[name] for name in figures} for row in rows}
    return {
        "methods": methods,
        "attended_over_random_tokens": round(
            methods["hierarchical"]["recall"] - methods["hierarchical_random_tokens"]["recall"], 4
        ),
        "questions": questions,
    }
