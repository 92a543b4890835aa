"""GPT-NeoX (Pythia): parallel residual, fused projections, partial rotary."""

from __future__ import annotations

from reweaving.adapters.base import BackboneAdapter


class GPTNeoXAdapter(BackboneAdapter):
    """``gpt_neox.layers[i].attention``; the cache argument is called ``layer_past``."""

    decoder_path = "gpt_neox"
    attention_path = "attention"
    norm_name = "input_layernorm"
