"""From a model to its adapter, or to the reason why there is none."""

from __future__ import annotations

from typing import Any

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.generic import GenericAdapter
from reweaving.errors import UnsupportedModelError
from reweaving.registry import Registry

ADAPTERS: Registry[type[BackboneAdapter]] = Registry(
    "backbone",
    {
        "gpt2": "reweaving.adapters.gpt2:GPT2Adapter",
        "gpt_neox": "reweaving.adapters.neox:GPTNeoXAdapter",
        "llama": "reweaving.adapters.llama:LlamaAdapter",
        "mistral": "reweaving.adapters.llama:MistralAdapter",
        "ministral": "reweaving.adapters.llama:MistralAdapter",
        "qwen2": "reweaving.adapters.llama:LlamaAdapter",
        "qwen3": "reweaving.adapters.llama:LlamaAdapter",
        "phi3": "reweaving.adapters.llama:LlamaAdapter",
        "gemma": "reweaving.adapters.gemma:GemmaAdapter",
        "gemma2": "reweaving.adapters.gemma:GemmaAdapter",
        "gemma3_text": "reweaving.adapters.gemma:GemmaAdapter",
    },
)
"""``config.model_type`` to adapter; a type that is not here gets `GenericAdapter`."""

_FOREIGN_LAYERS = {
    "linear_attention": "a linear-attention layer keeps one running state instead of keys and values",
    "mamba": "a state-space layer keeps one running state instead of keys and values",
    "conv": "a convolution layer keeps no keys and values",
    "recurrent": "a recurrent layer keeps one running state instead of keys and values",
    "chunked_attention": "chunked attention forgets at chunk borders that memory would move",
}


def resolve_adapter(model: Any) -> BackboneAdapter:
    """The adapter for a model.

    Raises
    ------
    UnsupportedModelError
        When the model is no causal language model or cannot be woven exactly; names the reason.
    """
    config = getattr(model, "config", None)
    reason = _refusal(model, config)
    kind = str(getattr(config, "model_type", ""))
    family = ADAPTERS.get(kind) if kind in ADAPTERS else GenericAdapter
    reason = reason or family.refusal(model)
    if reason is not None:
        raise UnsupportedModelError(f"{type(model).__name__} cannot be woven: {reason}")
    try:
        return family(model)
    except UnsupportedModelError:
        # Wrapped (a PEFT model, a compiled one): the family's paths begin further inside.
        return GenericAdapter(model)


def _refusal(model: Any, config: Any) -> str | None:
    if config is None or not callable(getattr(model, "generate", None)):
        return "it is not a Hugging Face causal language model; load one with AutoModelForCausalLM"
    if getattr(config, "is_encoder_decoder", False):
        return "it is an encoder-decoder; only decoder-only models read and write one sequence"
    if getattr(model, "get_output_embeddings", lambda: None)() is None:
        return "it has no language-modelling head; load it with AutoModelForCausalLM"
    text = config.get_text_config(decoder=True)
    if getattr(text, "alibi", False) or text.model_type in {"bloom", "mpt"}:
        return "its positions are biases on attention scores (ALiBi), which move with every woven token"
    for kind in (
        getattr(text, "layer_types", None) or getattr(text, "layers_block_type", None) or ()
    ):
        for name, why in _FOREIGN_LAYERS.items():
            if name in str(kind):
                return f"it has layers of type {kind!r}: {why}"
    return None
