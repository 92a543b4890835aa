"""`cmr bench storage`: what each codec weighs, and what it costs in answers and perplexity."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from reweaving.capture.entries import encode, keys_and_values
from reweaving.embedded.layout import SceneEncoder
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.embedded import held_out_scenes, right
from reweaving.experiments.embedded_answers import woven_answers
from reweaving.experiments.embedded_perplexity import held_out_english
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig
from reweaving.stores import codec as store_codec
from reweaving.stores.quantized import BITS, pack
from reweaving.types import MemoryEntry

CODECS = {"fp32": torch.float32, "bf16": torch.bfloat16, "int8": None, "int4": None}
"""Keys and values as they are, in a dtype, or packed."""

_8B = {"layers": 32, "hidden": 4096, "kv_heads": 8, "tokens": 64, "head_dim": 128}
_WOVEN_TOKENS, _CONTINUED_TOKENS = 256, 128
_LAYER_SHARES = (1.0, 0.75, 0.5, 0.25)
_TOKEN_SHARES = (1.0, 0.75, 0.5, 0.25)
_WEIGHED = ("bytes_per_layer_token", "bytes_per_layer_token_with_key", "of_bf16_kv")

Row = dict[str, Any]
Change = Callable[[MemoryEntry], MemoryEntry]


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Weigh the codecs at the shape of an 8B model; try them on the embedded model's real weights."""
    model, tokenizer = load_embedded()
    scenes = held_out_scenes(1 if quick else 12, seed)
    windows = _windows(tokenizer, 3 if quick else 24)
    steps = len(CODECS) + len(_LAYER_SHARES) + len(_TOKEN_SHARES)
    rows: list[Row] = []
    with attach(model, tokenizer, config=ReweavingConfig(codec="hidden")) as woven:
        encoder = SceneEncoder(tokenizer)
        plain = _perplexity(woven, windows, None)
        exact = _perplexity(woven, windows, lambda entry: entry)
        for name in CODECS:
            progress(len(rows), steps, name)
            kept = _codec(woven, name)
            answers = woven_answers(woven, encoder, scenes, kept)
            found = [
                right(scene.questions[0], answer)
                for scene, answer in zip(scenes, answers, strict=True)
            ]
            rows.append(
                _row("codec", name, _perplexity(woven, windows, kept), exact)
                | _weight(name)
                | {"recall": sum(found) / len(found), "questions": len(found)}
            )
        for share in _TOKEN_SHARES:
            progress(len(rows), steps, f"{share:.0%} of the tokens")
            pruned = _perplexity(woven, windows, partial(_pruned, woven, share))
            rows.append(_row("tokens kept", share, pruned, exact))
    for share in _LAYER_SHARES:
        progress(len(rows), steps, f"the upper {share:.0%} of the layers")
        config = ReweavingConfig(
            codec="hidden", layer_budget=round(share * model.config.num_hidden_layers)
        )
        with attach(model, tokenizer, config=config) as woven:
            rows.append(_row("layers kept", share, _perplexity(woven, windows, lambda e: e), exact))
    rows.append(_row("nothing woven", 0.0, plain, exact))
    names = (*_WEIGHED, "recall", "perplexity_increase")
    summary: dict[str, Any] = {
        row["value"]: {name: row[name] for name in names} for row in rows if row["knob"] == "codec"
    }
    for knob in ("layers kept", "tokens kept"):
        summary[knob] = {
            str(row["value"]): row["perplexity_increase"] for row in rows if row["knob"] == knob
        }
    summary["nothing woven"] = plain / exact - 1
    return BenchResult(summary, rows)


def _row(knob: str, value: Any, perplexity: float, exact: float) -> Row:
    return {
        "knob": knob,
        "value": value,
        **dict.fromkeys(_WEIGHED),
        "recall": None,
        "questions": None,
        "perplexity": perplexity,
        "perplexity_increase": perplexity / exact - 1,
    }


def _weight(name: str) -> Row:
    """Bytes that the real store keeps for a full span of an 8B model.

    ``bytes_per_layer_token`` is the payload: keys and values, their scales and headers included.
    ``bytes_per_layer_token_with_key`` adds what recall compares, one state in bfloat16 for each token, shared among
    its layers. Neither holds the row, that is text and token ids.
    """
    draw = torch.Generator().manual_seed(0)
    shape = (_8B["kv_heads"], _8B["tokens"], _8B["head_dim"])

    def states(side: Any) -> torch.Tensor:
        made = torch.randn(shape, generator=draw, dtype=torch.float32).to(torch.bfloat16)
        dtype = CODECS[name]
        return pack(made, name, side) if dtype is None else made.to(dtype)

    entry = MemoryEntry(
        hidden_state=None,
        layer_idx=tuple(range(_8B["layers"])),
        sequence_id="s",
        position_idx=0,
        codec=name if name in BITS else "kv",
        keys=tuple(states("key") for _ in range(_8B["layers"])),
        values=tuple(states("value") for _ in range(_8B["layers"])),
        key_state=torch.randn(_8B["tokens"], _8B["hidden"], generator=draw).to(torch.bfloat16),
        token_ids=tuple(range(_8B["tokens"])),
    )
    stored = store_codec.encode(entry)
    payload, key = (
        len(part or b"") / (_8B["layers"] * _8B["tokens"]) for part in (stored.payload, stored.key)
    )
    of_bf16_kv = payload / (2 * 2 * _8B["kv_heads"] * _8B["head_dim"])
    return dict(zip(_WEIGHED, (payload, payload + key, of_bf16_kv), strict=True))


def _codec(woven: Reweaver, name: str) -> Change:
    """Turns an entry with residual states into one of this codec."""

    def kept(entry: MemoryEntry) -> MemoryEntry:
        if entry.hidden_state is None:
            return entry
        pairs = keys_and_values(entry.hidden_state, entry.layers, woven.adapter)
        dtype = CODECS[name]
        if dtype is not None:
            pairs = [(keys.to(dtype), values.to(dtype)) for keys, values in pairs]
        return encode(replace(entry), name if name in BITS else "kv", pairs, 0)

    return kept


def _pruned(woven: Reweaver, share: float, entry: MemoryEntry) -> MemoryEntry:
    """The tokens whose keys are shortest, which get most attention (Devoto et al., 2024); the first stays."""
    states = entry.hidden_state
    if states is None or share >= 1.0:
        return entry
    pairs = keys_and_values(states, entry.layers, woven.adapter)
    norms = torch.stack([keys.float().norm(dim=-1).mean(0) for keys, _ in pairs]).mean(
        0
    )  # (tokens,)
    norms[0] = 0.0
    chosen = norms.topk(max(1, round(share * len(norms))), largest=False).indices.sort().values
    return replace(
        entry,
        hidden_state=states[:, chosen],  # (layers, kept, hidden)
        token_ids=tuple(entry.token_ids[at] for at in chosen.tolist()),
    )


def _windows(tokenizer: Any, count: int) -> list[torch.Tensor]:
    """Evenly spread passages ``(1, tokens)`` of English that neither training nor calibration saw."""
    ids = torch.tensor([tokenizer(held_out_english(), add_special_tokens=False)["input_ids"]])
    length = _WOVEN_TOKENS + _CONTINUED_TOKENS
    stride = (ids.shape[1] - length) // count
    return [ids[:, at * stride : at * stride + length] for at in range(count)]


@torch.no_grad()
def _perplexity(woven: Reweaver, windows: Sequence[torch.Tensor], kept: Change | None) -> float:
    """Of what follows 256 woven tokens; with None, nothing is woven."""
    total = 0.0
    for window in windows:
        read, asked = window[:, :_WOVEN_TOKENS], window[:, _WOVEN_TOKENS:]
        entries = [] if kept is None else [kept(entry) for entry in woven.capture(read)]
        with woven.weaving(entries) if entries else woven.paused():
            logits = woven.model(asked).logits[0, :-1].float()
        total += cross_entropy(logits, asked[0, 1:]).item()
    return math.exp(total / len(windows))
