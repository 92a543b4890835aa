"""`reweaving.models.backbones`, under the name that the CMR documents use."""

from reweaving.models.backbones import (
    BackboneAdapter,
    GemmaAdapter,
    GenericAdapter,
    GPT2Adapter,
    GPTNeoXAdapter,
    LlamaAdapter,
    MistralAdapter,
    ModelRegistry,
)

__all__ = [
    "BackboneAdapter",
    "GPT2Adapter",
    "GPTNeoXAdapter",
    "GemmaAdapter",
    "GenericAdapter",
    "LlamaAdapter",
    "MistralAdapter",
    "ModelRegistry",
]
