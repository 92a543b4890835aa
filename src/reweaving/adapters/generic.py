"""Any other rotary decoder that keeps to transformers' conventions."""

from __future__ import annotations

from torch import nn

from reweaving.adapters.base import BackboneAdapter


class GenericAdapter(BackboneAdapter):
    """Finds the decoder, its layers, attention and rotary modules by what they are.

    Nothing is taken on trust: the conformance probe at `attach` measures whether the map is right.
    """

    def __init__(self, model: nn.Module) -> None:
        decoder, layers = _decoder_of(model)
        self.decoder_path = _path(model, decoder)
        self.layers_path = _path(decoder, layers)
        first = next(layers.children())
        self.attention_path = _path(first, _attention_of(first))
        rotary = _rotary_of(decoder)
        self.rotary_path = None if rotary is None else _path(decoder, rotary)
        super().__init__(model)

    @classmethod
    def refusal(cls, model: nn.Module) -> str | None:
        """Refuses what has no attention layers or no rotary positions."""
        try:
            decoder, layers = _decoder_of(model)
            _attention_of(next(layers.children()))
        except LookupError as error:
            return str(error)
        if _rotary_of(decoder) is None:
            return (
                "its decoder has no rotary embedding; learned positions are supported for GPT-2 only, "
                "and biases on attention scores (ALiBi, relative) cannot be rebuilt from states"
            )
        return None


def _decoder_of(model: nn.Module) -> tuple[nn.Module, nn.ModuleList]:
    for module in model.modules():
        for child in module.children():
            if isinstance(child, nn.ModuleList) and len(child) == getattr(
                model.config, "num_hidden_layers", -1
            ):
                return module, child
    raise LookupError("no stack of num_hidden_layers decoder layers was found in it")


def _attention_of(layer: nn.Module) -> nn.Module:
    for module in layer.modules():
        if hasattr(module, "layer_idx") and "attention" in type(module).__name__.lower():
            return module
    raise LookupError(
        f"{type(layer).__name__} has no attention module (a state-space or recurrent layer)"
    )


def _rotary_of(decoder: nn.Module) -> nn.Module | None:
    for module in decoder.children():
        if "rotary" in type(module).__name__.lower():
            return module
    return None


def _path(root: nn.Module, wanted: nn.Module) -> str:
    return next(str(name) for name, module in root.named_modules() if module is wanted)
