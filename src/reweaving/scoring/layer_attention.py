"""A layer's attention weights, from the states at its input, for backends that compute none."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import torch
from torch import nn
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, AttentionInterface

from reweaving.adapters.layer_twin import accepted, twin_of_layer
from reweaving.errors import UnsupportedModelError
from reweaving.scoring.bands import BLOCK_QUERIES, band
from reweaving.scoring.base import ModelLayer

_NAME = "reweaving_attention_weights"


def layer_attention(model: ModelLayer, states: torch.Tensor, window: int) -> torch.Tensor:
    """Attention weights of one layer over given states on the tokens right before each, averaged over heads.

    The layer's own norm, projections, rotation and softmax are run, on a twin of the layer that shares its
    weights: model, hooks and configuration are not touched, and other threads may use the model meanwhile.

    Parameters
    ----------
    states
        Residual stream at the layer's input, shape ``(batch, seq, hidden)``; rows begin with their first
        token, so a causal mask keeps padding behind it out.
    window
        How many tokens before each query are wanted; the softmax goes over all that the layer sees.

    Returns
    -------
    torch.Tensor
        Float32, shape ``(batch, seq, window)``, laid out as by `band`. Queries behind a row's last token
        mean nothing.

    Raises
    ------
    UnsupportedModelError
        When the layer does not attend through transformers' attention interface.
    """
    adapter, index = model.adapter, model.layer
    if _NAME not in ALL_ATTENTION_FUNCTIONS:
        AttentionInterface.register(_NAME, _weigh)
    device = adapter.device(index)
    hidden = states.to(device, adapter.dtype)
    positions = torch.arange(hidden.shape[1], device=device)[None]
    offered: dict[str, Any] = {
        "attention_mask": None,
        "position_ids": positions,
        "position_embeddings": (
            None if adapter.rotary is None else adapter.rotation(index, positions)
        ),
        "use_cache": False,
    }
    layer = adapter.layers[index]
    twin = twin_of_layer(layer, adapter.attention_path, _NAME, window=window)
    try:
        with torch.no_grad():
            twin.forward(hidden, **accepted(layer, offered))
    except _Weighed as weighed:
        return weighed.weights.to(states.device)
    raise UnsupportedModelError(
        f"layer {index} of {type(adapter.model).__name__} does not attend through transformers' attention "
        "interface; give the scorer attention_weights="
    )


class _Weighed(Exception):  # noqa: N818 - carries a result out of the layer, it is no error
    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.weights = weights


def _weigh(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _: Any,
    **kwargs: Any,
) -> NoReturn:
    """Stand where an attention function stands; ends the layer once its weights exist."""
    eager = getattr(sys.modules[type(module).__module__], "eager_attention_forward", None)
    if eager is None:
        raise UnsupportedModelError(
            f"{type(module).__name__} comes without an eager attention function; give the scorer "
            "attention_weights="
        )
    config: Any = module.config
    bands = []
    # In blocks, so that a long text takes heads * block * keys and not heads * queries * keys.
    for at in range(0, query.shape[2], BLOCK_QUERIES):
        asked = query[:, :, at : at + BLOCK_QUERIES]
        bias = _bias(at, asked, key.shape[2], kwargs.get("sliding_window"))
        _, weights = eager(module, asked, key, value[..., :1], bias, **kwargs)
        bands.append(band(weights.float().mean(1), config.window, first_query=at))
    raise _Weighed(torch.cat(bands, dim=1))  # (batch, queries, window)


def _bias(first: int, query: torch.Tensor, keys: int, window: int | None) -> torch.Tensor:
    """0 for keys that a query sees (not later, within the layer's window), shape ``(1, 1, queries, keys)``."""
    at = torch.arange(first, first + query.shape[2], device=query.device)
    back = at[:, None] - torch.arange(keys, device=query.device)
    hidden = back < 0
    if window is not None:
        hidden |= back >= window
    none = torch.zeros((), dtype=query.dtype, device=query.device)
    return none.masked_fill(hidden, torch.finfo(query.dtype).min)[None, None]
