"""The adapters of all families, and the registry that finds a model's."""

from __future__ import annotations

from typing import Any

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.gemma import GemmaAdapter
from reweaving.adapters.generic import GenericAdapter
from reweaving.adapters.gpt2 import GPT2Adapter
from reweaving.adapters.llama import LlamaAdapter, MistralAdapter
from reweaving.adapters.neox import GPTNeoXAdapter
from reweaving.adapters.resolve import ADAPTERS, resolve_adapter

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


class ModelRegistry:
    """Which families are known, by ``config.model_type``; the table is one for the whole process."""

    @staticmethod
    def names() -> list[str]:
        """Every known type; others get `GenericAdapter`, which looks for itself."""
        return ADAPTERS.names()

    @staticmethod
    def get(model_type: str) -> type[BackboneAdapter]:
        """The adapter class of a type.

        Raises
        ------
        RegistryError
            For a type that is not known; the message suggests the nearest.
        """
        return ADAPTERS.get(model_type)

    @staticmethod
    def register(model_type: str, target: str) -> None:
        """Add an adapter at run time, as ``"module:Class"``.

        Raises
        ------
        RegistryError
            When the type has another adapter already.
        """
        ADAPTERS.add(model_type, target)

    @staticmethod
    def adapter_for(model: Any) -> BackboneAdapter:
        """The adapter of a model.

        Raises
        ------
        UnsupportedModelError
            When the model cannot be woven exactly; names the reason.
        """
        return resolve_adapter(model)
