"""The model's layers from one on, run on states that are given instead of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import nn

from reweaving.adapters.base import evaluating
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.scoring.base import ModelLayer
from reweaving.weaving.active import weaving

_given: ContextVar[tuple[nn.Module, torch.Tensor] | None] = ContextVar(
    "reweaving_given_states", default=None
)


def logits_behind(
    model: ModelLayer, states: torch.Tensor, token_ids: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """What the model predicts behind each token when the states at its layer are the given ones.

    For states that the model itself had there, these are its own logits. States that it had in the middle
    of a longer text still tell of that text. Memory is not woven, nothing is recorded, dropout is off.
    Gradients reach `states` where they are asked for.

    Parameters
    ----------
    states
        Residual stream at the input of the layer, shape ``(batch, seq, hidden)``.
    token_ids, mask
        Shape ``(batch, seq)``; rows begin with their first token.

    Returns
    -------
    torch.Tensor
        Logits in the model's dtype, shape ``(batch, seq, vocab)``.
    """
    adapter = model.adapter
    device = adapter.entry_device
    with (
        evaluating(adapter.model),
        weaving(None),
        recording(StateRecorder(adapter, ())),
        _replacing(adapter.layers[model.layer], states),
    ):
        output = adapter.model(
            input_ids=token_ids.to(device), attention_mask=mask.long().to(device), use_cache=False
        )
    return output.logits  # type: ignore[no-any-return]


@contextmanager
def _replacing(layer: nn.Module, states: torch.Tensor) -> Iterator[None]:
    """Hand these states to a layer instead of its own input, on this thread, while the `with` lasts."""
    token = _given.set((layer, states))
    handle = layer.register_forward_pre_hook(_hand_over, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()
        _given.reset(token)


def _hand_over(
    layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    given = _given.get()
    if given is None or given[0] is not layer:
        return None  # another thread's pass through the same model
    own = args[0] if args else kwargs["hidden_states"]
    states = given[1].to(own.device, own.dtype)
    return ((states, *args[1:]), kwargs) if args else (args, {**kwargs, "hidden_states": states})
