"""What stands in for a hub: small random models of the same architecture and depth."""

from __future__ import annotations

from typing import Any

import torch
import transformers as hf

_SHAPE = {"vocab_size": 49152, "max_position_embeddings": 256}


def local_config(name: str) -> Any:
    """The config that a hub has under a name, with the same depth and a fraction of the width."""
    if "gpt2" in name:
        small = {"vocab_size": 49152, "n_positions": 256, "n_embd": 32, "n_head": 4, "n_layer": 12}
        return hf.GPT2Config(**small, bos_token_id=1, eos_token_id=2)
    assert "mistral" in name, name
    return hf.MistralConfig(
        **_SHAPE,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=36,
        num_attention_heads=4,
        num_key_value_heads=2,
        sliding_window=64,
        bos_token_id=1,
        eos_token_id=2,
    )


def loud(model: Any) -> Any:
    """A random model's weights, large enough that what it attends to matters."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.mul_(4.0)
    return model
