"""A key-value cache of a whole history, saved to disk: what memory competes with where nothing is re-read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import DynamicCache

_CHUNK_TOKENS = 1024


@dataclass(frozen=True)
class SavedCache:
    """One history's cache in a safetensors file."""

    path: Path
    tokens: int

    @classmethod
    def make(cls, model: Any, history: torch.Tensor, path: Path) -> SavedCache:
        """Read a history ``(1, tokens)``, in chunks, and save what the cache then holds."""
        cache = DynamicCache(config=model.config)
        for chunk in history.split(_CHUNK_TOKENS, dim=1):
            model.model(chunk, past_key_values=cache, use_cache=True)
        tensors: dict[str, torch.Tensor] = {}
        layers: list[Any] = cache.layers
        for at, layer in enumerate(layers):
            tensors |= {f"{at}.keys": layer.keys, f"{at}.values": layer.values}
        save_file(tensors, path)
        return cls(path, history.shape[1])

    def first_token(self, model: Any, whole: torch.Tensor) -> None:
        """Load the cache and answer; `whole` is the history with the request behind it, ``(1, tokens)``."""
        tensors = load_file(self.path)
        pairs = [
            (tensors[f"{at}.keys"], tensors[f"{at}.values"]) for at in range(len(tensors) // 2)
        ]
        model.generate(
            whole,
            attention_mask=torch.ones_like(whole),
            past_key_values=DynamicCache(pairs),
            max_new_tokens=1,
            do_sample=False,
        )
