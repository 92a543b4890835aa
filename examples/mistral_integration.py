"""A Mistral with a memory, in eight bits, on the best device at hand.

What the CMR documents call ``demo_mistral_integration.py``. Give the name or path of a Mistral; without
one, a tiny random one stands in.
"""

from __future__ import annotations

import sys
from typing import Any

import torch
from transformers import MistralConfig, MistralForCausalLM

from reweaving.models.mistral_integration import create_mistral_cmr_model


def stand_in() -> MistralForCausalLM:
    return MistralForCausalLM(
        MistralConfig(
            vocab_size=500,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=8,
            num_attention_heads=4,
            num_key_value_heads=2,
            sliding_window=64,
        )
    )


def main(name: str | None = None) -> dict[str, Any]:
    torch.manual_seed(0)
    with create_mistral_cmr_model(
        name or stand_in(), use_quantization=True, device="auto"
    ) as model:
        stats = model.get_mistral_stats()
        print(
            f"{stats['quantized_share']:.0%} of the weights have eight bits, on {stats['device']}"
        )
        print(f"memory at layers {stats['memory_layers']} of {stats['layers']}")
        if model.tokenizer is not None:
            print(model.generate_with_memory("My project is called Aurora.", temperature=0))
            print(model.generate_with_memory("My project is called", temperature=0))
        else:
            model(torch.randint(3, 500, (1, 100), device=model.device))
            model.generate(torch.randint(3, 500, (1, 12), device=model.device), max_new_tokens=8)
        held = model.get_memory_stats()
        print(f"{held['total_entries']} entries, {held['total_bytes']:,} bytes of states")
    return {**stats, "held": held["total_entries"]}


if __name__ == "__main__":
    main(*sys.argv[1:2])
