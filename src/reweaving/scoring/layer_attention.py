"""A layer's attention weights, from the states at its input, for backends that compute none."""

from __future__ import annotations

from typing import Any, NoReturn

import torch
from torch import nn
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, AttentionInterface

from reweaving.adapters.layer_twin import accepted, twin_of_layer
from reweaving.errors import UnsupportedModelError
from reweaving.scoring.attended import banded_weights
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
    _: torch.Tensor,
    __: Any,
    **kwargs: Any,
) -> NoReturn:
    """Stand where an attention function stands; ends the layer once its weights exist."""
    config: Any = module.config
    raise _Weighed(banded_weights(module, query, key, config.window, 0, kwargs))
