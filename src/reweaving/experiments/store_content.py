"""Entries of the size that SmolLM2 makes them, in every codec."""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch

from reweaving.types import MemoryEntry

LAYERS, HIDDEN, KV_HEADS, HEAD_DIM = 30, 576, 3, 64
CODECS = (
    ("hidden", torch.float32), ("hidden", torch.float16), ("hidden", torch.bfloat16),
    ("kv", torch.float32), ("kv", torch.float16), ("kv", torch.bfloat16),
    ("replay", torch.bfloat16),
)  # fmt: skip
USUAL = ("kv", torch.bfloat16)  # what `attach` stores for this model unless it is told otherwise
_WORDS = (
    "harbour",
    "evening",
    "letter",
    "window",
    "garden",
    "winter",
    "bridge",
    "station",
    "river",
)


def name_of(codec: str, dtype: torch.dtype) -> str:
    """Codec and dtype as one word; with ``replay`` only the retrieval key has one."""
    short = {torch.float32: "fp32", torch.float16: "fp16", torch.bfloat16: "bf16"}[dtype]
    return codec if codec == "replay" else f"{codec} {short}"


def entries(
    codec: str, dtype: torch.dtype, count: int, tokens: int, seed: int
) -> Iterator[MemoryEntry]:
    """So many spans of so many tokens each, ten to a session."""
    generator = torch.Generator().manual_seed(seed)
    rng = random.Random(seed)

    def state(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator).to(dtype)

    kv_shape = (KV_HEADS, tokens, HEAD_DIM)
    for number in range(count):
        yield MemoryEntry(
            hidden_state=state(LAYERS, tokens, HIDDEN) if codec == "hidden" else None,
            keys=tuple(state(*kv_shape) for _ in range(LAYERS)) if codec == "kv" else None,
            values=tuple(state(*kv_shape) for _ in range(LAYERS)) if codec == "kv" else None,
            key_state=state(tokens, HIDDEN),
            codec=codec,
            layer_idx=tuple(range(LAYERS)),
            sequence_id=f"session {number // 10}",
            position_idx=1 + tokens * (number % 10),
            token_ids=tuple(rng.randrange(49_000) for _ in range(tokens)),
            text=" ".join((*rng.choices(_WORDS, k=max(1, tokens * 3 // 4 - 1)), f"number{number}")),
            role="user",
            fingerprint="c" * 64,
        )
