"""Gemma 1 to 3: alternating windows, soft-capping, and from Gemma 3 on two rotary bases."""

from __future__ import annotations

from reweaving.adapters.base import BackboneAdapter


class GemmaAdapter(BackboneAdapter):
    """As Llama; Gemma 3 rotates full and sliding layers by different bases (see `layer_kind`)."""

    norm_name = "input_layernorm"
