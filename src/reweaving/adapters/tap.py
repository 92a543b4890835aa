"""A cache that stops a layer as soon as it hands over its keys and values."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import nn


class Tapped(Exception):  # noqa: N818 - carries a result out of the layer, it is no error
    """What the layer handed over."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        super().__init__()
        self.keys, self.values = keys, values


class Tap:
    """Stands where a cache stands and stops the layer once keys and values exist."""

    is_compileable = False

    def update(self, keys: torch.Tensor, values: torch.Tensor, *_: Any, **__: Any) -> None:
        """What layers call with their keys and values."""
        raise Tapped(keys, values)

    def get_seq_length(self, *_: Any) -> int:
        """Nothing has been read yet."""
        return 0


def accepted_arguments(layer: nn.Module) -> set[str]:
    """Names of what a decoder layer's ``forward`` can be given."""
    parameters = inspect.signature(type(layer).forward).parameters
    names = set(parameters)
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        names.add("position_embeddings")  # passed on to the attention module
    return names


def cache_argument(accepted: set[str]) -> str:
    """Under which name a layer takes its cache."""
    for name in ("past_key_values", "layer_past", "past_key_value"):
        if name in accepted:
            return name
    return "past_key_values"
