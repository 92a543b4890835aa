"""`cmr bench overhead`: what capturing and weaving cost a model that runs anyway."""

from __future__ import annotations

import copy
import itertools
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from transformers import DynamicCache

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.shapes import llama_124m, random_tokens, word_tokenizer
from reweaving.experiments.timing import Times, in_turn, ratio
from reweaving.memory.memory import Memory
from reweaving.reweaver import Reweaver, attach

_PREFILL_TOKENS = 512
_WOVEN_TOKENS = 256
_REQUEST_TOKENS = 32
_DECODED = 48

Pairs = dict[str, tuple[Times, Times]]


@torch.no_grad()
def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Time pairs in turn: with and without, on one model, in one process."""
    rounds = 7 if quick else 25
    generator = torch.Generator().manual_seed(seed)
    model, tokenizer = llama_124m(), word_tokenizer()
    rows: list[dict[str, Any]] = []
    measures: dict[str, Callable[[], Pairs]] = {
        "capturing what is read": lambda: _capture_prefill(model, tokenizer, generator, rounds),
        "capturing what is decoded": lambda: _capture_decode(model, generator, rounds),
        "decoding with memory": lambda: _woven_decode(model, generator, rounds),
        "decoding without an attachment": lambda: _detached(model, generator, rounds),
    }
    for done, (what, measure) in enumerate(measures.items()):
        progress(done, len(measures), what)
        rows += [_row(name, taken, plain) for name, (taken, plain) in measure().items()]
    return BenchResult({row["measure"]: row["ratio"] for row in rows}, rows)


def _row(name: str, taken: Times, plain: Times) -> dict[str, Any]:
    measured = ratio(taken.wall, plain.wall)
    return {
        "measure": name,
        "ratio": measured.median,
        "quartiles": [measured.low, measured.high],
        "cpu_ratio": ratio(taken.cpu, plain.cpu).median,
        "seconds": statistics.median(taken.wall),
        "seconds_without": statistics.median(plain.wall),
        "rounds": len(taken.wall),
    }


def _capture_prefill(model: Any, tokenizer: Any, generator: torch.Generator, rounds: int) -> Pairs:
    """A message of 512 tokens read, scored, cut and handed to the store, against read only.

    Read only is what the prefill of `generate` does: logits of the last token alone. Capturing needs no table of
    logits either, so that against a forward pass that makes all of them, which is told beside it, it looks cheaper.
    """
    ids = random_tokens(_PREFILL_TOKENS, generator)
    text = " ".join(f"w{token}" for token in ids[0].tolist())
    sessions = itertools.count()
    with (
        tempfile.TemporaryDirectory() as folder,
        Memory.open(folder) as memory,
        attach(model, tokenizer, memory) as woven,
    ):

        def captured() -> None:
            woven.remember(text, session=f"session {next(sessions)}", wait=False)

        def plain(kept: int) -> None:
            cache = DynamicCache(config=model.config)
            with woven.paused():
                model(ids, past_key_values=cache, use_cache=True, logits_to_keep=kept)

        ways: dict[str, Callable[[], object]] = {
            "captured": captured,
            "prefill": partial(plain, 1),
            "full logits": partial(plain, 0),  # all of them
        }
        times = in_turn(ways, rounds, between=woven.flush)
    return {
        "capture_prefill_ratio": (times["captured"], times["prefill"]),
        "capture_prefill_vs_full_logits": (times["captured"], times["full logits"]),
    }


def _capture_decode(model: Any, generator: torch.Generator, rounds: int) -> Pairs:
    """Generating while every token's states are captured and made into entries, against generating."""
    ids = random_tokens(_REQUEST_TOKENS, generator)
    with attach(model) as woven:

        def captured() -> None:
            with woven.capturing(), woven.paused():
                _decode(model, ids)

        def plain() -> None:
            with woven.paused():
                _decode(model, ids)

        times = in_turn({"captured": captured, "plain": plain}, rounds)
    return {"capture_decode_ratio": (times["captured"], times["plain"])}


def _woven_decode(model: Any, generator: torch.Generator, rounds: int) -> Pairs:
    """Decoding with woven tokens, against decoding with the same tokens as ordinary context."""
    memory = random_tokens(_WOVEN_TOKENS, generator)
    request = random_tokens(_REQUEST_TOKENS, generator)
    both = torch.cat([memory, request], dim=1)
    times = {"woven": Times(), "context": Times()}
    with attach(model) as woven:
        entries = woven.capture(memory)
        for at in range(-1, rounds):
            with woven.weaving(entries):
                steps = {"woven": _prefilled(model, request)}
                with woven.paused():
                    steps["context"] = _prefilled(model, both)
                # Token by token in turn: both see the same machine.
                decoded = _alternating(woven, steps)
            if at >= 0:
                for way, mine in decoded.items():
                    times[way].extend(Times([sum(mine.wall)], [sum(mine.cpu)]))
    return {"woven_decode_ratio": (times["woven"], times["context"])}


def _alternating(woven: Reweaver, steps: dict[str, Callable[[], None]]) -> dict[str, Times]:
    def context() -> None:
        with woven.paused():
            steps["context"]()

    return in_turn({"woven": steps["woven"], "context": context}, _DECODED, warm_up=2)


def _prefilled(model: Any, ids: torch.Tensor) -> Callable[[], None]:
    """A function that decodes one more token of a request."""
    cache = DynamicCache(config=model.config)
    chosen = model(ids, past_key_values=cache, use_cache=True).logits[:, -1:].argmax(-1)  # (1, 1)

    def step() -> None:
        nonlocal chosen
        chosen = model(chosen, past_key_values=cache, use_cache=True).logits[:, -1:].argmax(-1)

    return step


def _detached(model: Any, generator: torch.Generator, rounds: int) -> Pairs:
    """A model that had a memory, against its twin, of the same weights, that never had one."""
    ids = random_tokens(_REQUEST_TOKENS, generator)
    twin = copy.deepcopy(model, {id(weight): weight for weight in model.parameters()})
    attach(model).detach()
    times = in_turn(
        {"detached": lambda: _decode(model, ids), "never": lambda: _decode(twin, ids)}, rounds
    )
    return {"detached_ratio": (times["detached"], times["never"])}


def _decode(model: Any, ids: torch.Tensor) -> None:
    mask = torch.ones_like(ids)
    options = {"max_new_tokens": _DECODED, "min_new_tokens": _DECODED, "do_sample": False}
    model.generate(ids, attention_mask=mask, **options)
