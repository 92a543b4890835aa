"""Llama and the families built like it: Mistral, Qwen 2 and 3, Phi-3."""

from __future__ import annotations

from reweaving.adapters.base import BackboneAdapter


class LlamaAdapter(BackboneAdapter):
    """``model.layers[i].self_attn``, one rotary table for all layers."""

    norm_name = "input_layernorm"


class MistralAdapter(LlamaAdapter):
    """As Llama; its sliding window lives in the mask, which weaving extends over memory."""
