"""Eight bits per weight: a quarter of the memory of fp32, on CPU and GPU alike."""

from __future__ import annotations

import importlib
from typing import Any

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from reweaving.errors import ConfigurationError


def quantize_weights(model: Any) -> None:
    """Replace the weights of linear layers by 8-bit integers with one scale per output, in place.

    Embeddings and the language-modelling head stay as they are. Inputs are rounded to 8 bits token by
    token, never as a batch, so that a token gets the same whatever else is in the pass, and weaving
    stays exact up to that rounding (LLM.int8, Dettmers et al. 2022, without its outlier columns).

    Raises
    ------
    ConfigurationError
        When bitsandbytes is not installed.
    """
    try:
        layers = importlib.import_module("bitsandbytes.nn")
    except ImportError as error:
        raise ConfigurationError(
            "use_quantization = True needs bitsandbytes: pip install 'reweaving[quant]'"
        ) from error
    head = model.get_output_embeddings()
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, (nn.Linear, Conv1D)) and child is not head:
                setattr(parent, name, _quantized(layers, child))


def quantized_share(model: nn.Module) -> float:
    """Share of a model's weights that are 8-bit integers."""
    total = small = 0
    for weight in model.parameters():
        total += weight.numel()
        small += weight.numel() if weight.dtype == torch.int8 else 0
    return small / max(total, 1)


def _quantized(layers: Any, plain: nn.Linear | Conv1D) -> nn.Module:
    weight = plain.weight.detach()
    if isinstance(plain, Conv1D):  # GPT-2 keeps them the other way round
        weight = weight.T.contiguous()
    outputs, inputs = weight.shape
    made: nn.Module = layers.Linear8bitLt(
        inputs, outputs, plain.bias is not None, has_fp16_weights=False, device="meta"
    )
    made.weight = layers.Int8Params(weight, requires_grad=False, has_fp16_weights=False)
    if plain.bias is not None:
        made.bias = plain.bias
    # Quantisation happens where a weight is moved to the device it is on.
    return made.to(weight.device).train(plain.training)
