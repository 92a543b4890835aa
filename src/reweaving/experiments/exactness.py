"""`cmr bench exactness`: woven against one pass, for every family, backend and codec."""

from __future__ import annotations

import itertools
from typing import Any

import torch

from reweaving.embedded.loading import load_embedded
from reweaving.errors import WeightsNotFoundError
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.tiny_models import CONFIGS, make, tokens
from reweaving.reweaver import attach
from reweaving.settings import ReweavingConfig

CODECS = ("hidden", "kv", "replay", "auto")
_READ, _ASKED, _GENERATED = 40, 9, 64


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Measure the largest difference in any logit, and whether 64 greedy tokens are the same."""
    names = ["gpt2", "llama", "mistral-sliding", "gemma3"] if quick else list(CONFIGS)
    cases = [(name, backend) for name in names for backend in backends(name)]
    rows: list[dict[str, Any]] = []
    woven: dict[tuple[str, str], torch.Tensor] = {}
    for done, (name, backend) in enumerate(cases):
        progress(done, len(cases) + 1, f"{name} {backend}")
        model = make(name, backend, seed=seed)
        read, asked = tokens(_READ, seed + 1), tokens(_ASKED, seed + 2)
        measured, woven[name, backend] = _compare(model, read, asked)
        rows += [
            {"family": name, "weights": "random", "backend": backend, **row} for row in measured
        ]
    progress(len(cases), len(cases) + 1, "SmolLM2")
    rows += _embedded(seed)
    agree = [
        float((woven[name, a] - woven[name, b]).abs().max())
        for name in names
        for a, b in itertools.combinations(backends(name), 2)
    ]
    summary = {
        "families": len({name.split("-")[0] for name in names}),
        "variants": len(names),
        "max_abs_logit_diff_fp32": max(row["max_abs_logit_diff"] for row in rows),
        "max_abs_logit_diff_smollm2": max(
            (row["max_abs_logit_diff"] for row in rows if row["weights"] == "real"), default=None
        ),
        "greedy_identical": all(row["greedy_identical"] for row in rows),
        "backends_agree": max(agree) <= 1e-4,
        "max_abs_diff_between_backends": max(agree),
        "codecs": list(CODECS),
    }
    return BenchResult(summary, rows)


def backends(name: str) -> tuple[str, ...]:
    """Attention backends that transformers runs this family on, on a CPU."""
    return ("eager",) if name.startswith("gemma2") else ("eager", "sdpa")


def _embedded(seed: int) -> list[dict[str, Any]]:
    try:
        model, tokenizer = load_embedded(adapter=False)
    except WeightsNotFoundError:
        return []
    generator = torch.Generator().manual_seed(seed)
    read = torch.randint(100, len(tokenizer), (1, 120), generator=generator)
    asked = torch.randint(100, len(tokenizer), (1, _ASKED), generator=generator)
    rows, _ = _compare(model, read, asked)
    backend = model.config._attn_implementation
    return [{"family": "smollm2", "weights": "real", "backend": backend, **row} for row in rows]


@torch.no_grad()
def _compare(
    model: Any, read: torch.Tensor, asked: torch.Tensor
) -> tuple[list[dict[str, Any]], torch.Tensor]:
    """One row per codec, and the woven logits of the first."""
    both = torch.cat([read, asked], dim=1)
    expected = model(both).logits[:, read.shape[1] :]
    continued = _greedy(model, both)
    plain = model(asked).logits
    rows, logits = [], []
    for codec in CODECS:
        with attach(model, config=ReweavingConfig(codec=codec)) as reweaver:
            with reweaver.weaving(reweaver.capture(read)):
                logits.append(model(asked).logits)
                same = torch.equal(_greedy(model, asked), continued)
            unwoven = model(asked).logits
        rows.append(
            {
                "codec": codec,
                "max_abs_logit_diff": float((logits[-1] - expected).abs().max()),
                "greedy_identical": same,
                "nothing_woven_bit_identical": torch.equal(unwoven, plain),
                "effect_of_memory": float((plain - expected).abs().max()),
                "largest_logit": float(expected.abs().max()),
            }
        )
    return rows, logits[0]


def _greedy(model: Any, ids: torch.Tensor) -> torch.Tensor:
    options = {"max_new_tokens": _GENERATED, "min_new_tokens": _GENERATED, "do_sample": False}
    out = model.generate(ids, attention_mask=torch.ones_like(ids), **options)
    return torch.as_tensor(out[:, ids.shape[1] :])
