"""Where the method ``attention`` enters the residual stream: in front of some layers, while a weave is in place."""

from __future__ import annotations

from typing import Any

from torch import nn

from reweaving.adapters.base import BackboneAdapter
from reweaving.weaving.active import weave_in_place
from reweaving.weaving.methods import Reconstruction


def install_injection_hooks(adapter: BackboneAdapter, reconstruction: Reconstruction) -> list[Any]:
    """Hooks that add what the reader finds in memory; they do nothing where nothing is woven.

    Returns
    -------
    list
        Handles whose ``remove()`` takes the hooks away; none for methods that work in attention.
    """
    reader, blender = reconstruction.reader, reconstruction.blender
    if reader is None or blender is None:
        return []

    def before_layer(layer: int) -> Any:
        def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            weave = weave_in_place()
            if weave is None or weave.adapter is not adapter or layer not in weave.residual:
                return None
            hidden = args[0] if args else kwargs["hidden_states"]
            batch = hidden.shape[0]
            states = weave.expanded(weave.residual[layer], batch).to(hidden.device)
            valid = weave.expanded(weave.valid, batch).to(hidden.device)
            update, weights = reader(layer, hidden, states, valid)
            if weave.attention is not None:
                weave.attention.add(weights)
            changed = blender.integrator.add(layer, hidden, update)
            if args:
                return (changed, *args[1:]), kwargs
            return args, {**kwargs, "hidden_states": changed}

        return hook

    return [
        adapter.layers[layer].register_forward_pre_hook(before_layer(layer), with_kwargs=True)
        for layer in reader.layers
    ]
