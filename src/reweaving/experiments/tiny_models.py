"""Tiny random models of every supported family, made from configs in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import transformers as hf

_SIZE: dict[str, Any] = {
    "vocab_size": 160,
    "hidden_size": 48,
    "intermediate_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": None,
}


def _rotary(kind: str, **settings: Any) -> dict[str, Any]:
    return {"rope_type": kind, "rope_theta": 10000.0, **settings}


def _gpt2() -> Any:
    return hf.GPT2Config(
        vocab_size=160,
        n_embd=48,
        n_layer=4,
        n_head=4,
        n_positions=512,
        bos_token_id=1,
        eos_token_id=None,
        pad_token_id=0,
    )


def _neox() -> Any:
    size = {k: v for k, v in _SIZE.items() if k != "num_key_value_heads"}
    return hf.GPTNeoXConfig(
        **size,
        rope_parameters=_rotary("default", partial_rotary_factor=0.25),
        use_parallel_residual=True,
    )


def _phi3(**settings: Any) -> Any:
    return hf.Phi3Config(**{**_SIZE, "original_max_position_embeddings": 512, **settings})


def _longrope() -> Any:
    factors = [1.0 + 0.5 * i for i in range(6)]
    return _phi3(
        max_position_embeddings=512,
        original_max_position_embeddings=28,
        rope_parameters=_rotary(
            "longrope",
            short_factor=[1.0] * 6,
            long_factor=factors,
            original_max_position_embeddings=28,
            factor=16.0,
        ),
    )


def _llama(**rotary: Any) -> Callable[[], Any]:
    return lambda: (
        hf.LlamaConfig(**_SIZE, rope_parameters=_rotary(**rotary))
        if rotary
        else hf.LlamaConfig(**_SIZE)
    )


CONFIGS: dict[str, Callable[[], Any]] = {
    "gpt2": _gpt2,
    "gpt_neox": _neox,
    "llama": _llama(),
    "llama-linear": _llama(kind="linear", factor=4.0),
    "llama-dynamic": lambda: hf.LlamaConfig(
        **{**_SIZE, "max_position_embeddings": 28}, rope_parameters=_rotary("dynamic", factor=8.0)
    ),
    "llama-yarn": _llama(kind="yarn", factor=4.0, original_max_position_embeddings=128),
    "llama-llama3": _llama(
        kind="llama3",
        factor=8.0,
        low_freq_factor=1.0,
        high_freq_factor=4.0,
        original_max_position_embeddings=64,
    ),
    "mistral": lambda: hf.MistralConfig(**_SIZE, sliding_window=None),
    "mistral-sliding": lambda: hf.MistralConfig(**_SIZE, sliding_window=12),
    "qwen2": lambda: hf.Qwen2Config(**_SIZE),
    "qwen3": lambda: hf.Qwen3Config(**_SIZE, head_dim=16),
    "gemma2": lambda: hf.Gemma2Config(
        **_SIZE, head_dim=16, sliding_window=12, query_pre_attn_scalar=16
    ),
    "gemma3": lambda: hf.Gemma3TextConfig(
        **_SIZE,
        head_dim=16,
        sliding_window=12,
        query_pre_attn_scalar=16,
        layer_types=["sliding_attention", "full_attention"] * 2,
    ),
    "phi3": lambda: _phi3(),
    "phi3-partial": lambda: _phi3(
        hidden_size=64, rope_parameters=_rotary("default", partial_rotary_factor=0.5)
    ),
    "phi3-longrope": _longrope,
    "stablelm": lambda: hf.StableLmConfig(
        **_SIZE, rope_parameters=_rotary("default", partial_rotary_factor=0.5)
    ),
    "olmo2": lambda: hf.Olmo2Config(**_SIZE),
    "cohere": lambda: hf.CohereConfig(**_SIZE),
    "starcoder2": lambda: hf.Starcoder2Config(**_SIZE),
    "smollm3": lambda: hf.SmolLM3Config(**_SIZE, no_rope_layers=[1, 1, 1, 0]),
}
"""Name to a function that makes the config; the first word of a name is its family."""


def make(
    name: str, backend: str = "eager", dtype: torch.dtype = torch.float32, seed: int = 0
) -> Any:
    """A model with random weights, large enough that positions and memory matter to its logits."""
    torch.manual_seed(seed)
    config = CONFIGS[name]()
    config.attn_implementation = None
    model = hf.AutoModelForCausalLM.from_config(config, attn_implementation=backend, dtype=dtype)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.mul_(4.0)
    return model.eval()


def tokens(count: int, seed: int = 0, rows: int = 1) -> torch.Tensor:
    """Random token ids ``(rows, count)`` without special ones."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(2, 160, (rows, count), generator=generator)
