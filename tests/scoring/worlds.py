"""Random readings, and small models, for the tests of this folder."""

from __future__ import annotations

from typing import Any

import torch
import transformers as hf

from families import make

METHODS = ("attention", "variance", "gradient", "surprise", "hybrid")
SHAPES = ((1, 1, 4), (1, 2, 3), (2, 7, 5), (3, 40, 16), (2, 150, 8))

BACKENDS = {"gemma2": "eager"}
"""Families that transformers has no sdpa for."""


def made(family: str) -> Any:
    """A tiny model of a family, with sdpa where there is one."""
    return make(family, BACKENDS.get(family, "sdpa"))


def states_of(batch: int, seq: int, hidden: int, seed: int = 0) -> torch.Tensor:
    """Random states with a common direction and uneven lengths, (batch, seq, hidden)."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(batch, seq, hidden, generator=generator)
    lengths = torch.rand(batch, seq, 1, generator=generator) * 3 + 0.3
    return states * lengths + torch.randn(hidden, generator=generator)


def holes(batch: int, seq: int, seed: int = 0) -> torch.Tensor:
    """A mask with padding anywhere, at least one token a row, (batch, seq)."""
    mask = torch.rand(batch, seq, generator=torch.Generator().manual_seed(seed)) < 0.7
    mask[:, seq // 2] = True
    return mask.long()


def weights_of(batch: int, heads: int, seq: int, seed: int = 0) -> torch.Tensor:
    """Random causal attention weights, (batch, heads, seq, seq)."""
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(batch, heads, seq, seq, generator=generator)
    seen = torch.ones(seq, seq, dtype=torch.bool).tril()
    return logits.masked_fill(~seen, -torch.inf).softmax(-1)


def long_model() -> Any:
    """A tiny Llama with a window of 4096 tokens whose attention is far from even."""
    config = hf.LlamaConfig(
        vocab_size=160,
        hidden_size=48,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        attn_implementation="sdpa",
    )
    torch.manual_seed(0)
    model = hf.LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.mul_(4.0)
    return model


@torch.no_grad()
def layer_inputs(
    model: Any, ids: torch.Tensor, layer: int, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """What a layer of a plain model gets, (batch, seq, hidden)."""
    out = model(input_ids=ids, attention_mask=mask, output_hidden_states=True, use_cache=False)
    return out.hidden_states[layer]
