"""A second copy of a layer that shares its weights and attends in another way: model and hooks stay as they are."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from typing import Any

from torch import nn


class _Config:
    """A model's configuration that names another attention function, and tells it what is wanted."""

    def __init__(self, config: Any, attention: str, notes: dict[str, Any]) -> None:
        self._config = config
        self._attn_implementation = attention
        self.__dict__.update(notes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._config, name)


def twin_of_layer(layer: nn.Module, attention_path: str, attention: str, **notes: Any) -> nn.Module:
    """The same layer once more, attending through another function of transformers' interface.

    Parameters
    ----------
    layer
        A decoder layer.
    attention_path
        Where its attention module lies in it.
    attention
        Name of the function.
    notes
        What the function finds on ``module.config`` beside the model's own settings.
    """
    name, _, rest = attention_path.partition(".")
    child = layer.get_submodule(name)
    changed = twin_of_layer(child, rest, attention, **notes) if rest else _twin(child)
    if not rest:
        changed.__dict__["config"] = _Config(getattr(child, "config", None), attention, notes)
    twin = _twin(layer)
    twin.__dict__["_modules"] = {**layer._modules, name: changed}
    return twin


def accepted(layer: nn.Module, offered: dict[str, Any]) -> dict[str, Any]:
    """Those of the offered arguments that the layer's forward takes."""
    parameters = inspect.signature(type(layer).forward).parameters
    names = set(parameters)
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        names.add("position_embeddings")  # passed on to the attention module
    return {name: value for name, value in offered.items() if name in names}


def _twin(module: nn.Module) -> nn.Module:
    """The same module once more: its own attributes, shared weights, in evaluation mode, without hooks."""
    twin: nn.Module = object.__new__(type(module))
    twin.__dict__.update(module.__dict__)
    twin.__dict__.update(
        {name: OrderedDict() for name in module.__dict__ if "_hooks" in name}, training=False
    )
    # What accelerate wrapped around it, or torch compiled of it, would lead back to the original.
    for name in ("forward", "_old_forward", "_compiled_call_impl"):
        twin.__dict__.pop(name, None)
    return twin
