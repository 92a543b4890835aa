"""Attention patterns of a running model, whichever backend computes its attention."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, AttentionInterface

from reweaving.errors import UnsupportedModelError
from reweaving.weaving.backends import PREFIX, plain_attention, register_backend
from reweaving.weaving.masks import additive_mask

_NAME = "observed_"

Seen = Callable[[torch.Tensor], None]


class ObservedConfig:
    """Stands in front of an attention module's configuration and sends its attention past an observer.

    Only the module's own view changes: masks are still made for the backend that the model names, and the
    output is the backend's, bit for bit. The weights are computed a second time, by the family's eager
    function.

    Parameters
    ----------
    module
        An attention module with a ``config``.
    """

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._config = module.__dict__["config"]
        self.seen: dict[str, Seen] = {}

    @property
    def _attn_implementation(self) -> str:
        base = self._config._attn_implementation or "eager"
        name = _NAME + base
        if name not in ALL_ATTENTION_FUNCTIONS:
            AttentionInterface.register(name, partial(_observed, base))
        return name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._config, name)

    def install(self) -> None:
        """Take the configuration's place."""
        self._module.__dict__["config"] = self

    def remove(self) -> None:
        """Put the configuration back."""
        self._module.__dict__["config"] = self._config


def observed(module: nn.Module) -> ObservedConfig:
    """The module's observer, installed when it has none.

    Raises
    ------
    UnsupportedModelError
        When the module has no configuration to stand in front of.
    """
    config = module.__dict__.get("config")
    if isinstance(config, ObservedConfig):
        return config
    if config is None:
        raise UnsupportedModelError(
            f"{type(module).__name__} does not attend through transformers' attention interface; "
            "its patterns cannot be captured"
        )
    observer = ObservedConfig(module)
    observer.install()
    return observer


def _observed(
    base: str,
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: Any,
    **kwargs: Any,
) -> Any:
    output = plain_attention(base, module)(module, query, key, value, attention_mask, **kwargs)
    config = module.__dict__.get("config")
    if isinstance(config, ObservedConfig) and config.seen:
        with torch.no_grad():
            weights = _weights(base, module, query, key, value, attention_mask, **kwargs)
        for seen in list(config.seen.values()):
            seen(weights)
    return output


def _weights(
    base: str,
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: Any,
    **kwargs: Any,
) -> torch.Tensor:
    """Softmax weights, shape ``(batch, heads, queries, keys)``; woven slots stand before the keys."""
    if mask is None:
        queries, keys = query.shape[2], key.shape[2]
        at = torch.arange(queries, device=query.device)[:, None] + keys - queries
        mask = (torch.arange(keys, device=query.device) <= at)[None, None]
    if not isinstance(mask, torch.Tensor) or mask.ndim != 4:
        raise UnsupportedModelError(
            f"attention patterns cannot be captured under {base!r}, whose masks are not dense; "
            "load the model with attn_implementation='sdpa' or 'eager'"
        )
    name = register_backend("eager") if base.startswith(PREFIX) else "eager"
    attention = plain_attention(name, module)
    return attention(  # type: ignore[no-any-return]
        module, query, key, value, additive_mask(mask, query.dtype), **kwargs
    )[1]
