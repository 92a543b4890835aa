"""Does weaving give this model, as loaded, what one pass gives it? Measured at `attach`, never assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

from reweaving.adapters.base import BackboneAdapter, evaluating
from reweaving.errors import ConformanceError
from reweaving.types import MemoryEntry
from reweaving.weaving.active import weaving
from reweaving.weaving.positions import lay_out
from reweaving.weaving.weave import Weave

_MEMORY_TOKENS, _REQUEST_TOKENS = 8, 4
_TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-6, torch.bfloat16: 6e-2, torch.float16: 1e-2}


@dataclass(frozen=True)
class Conformance:
    """What the probe measured, as shares of the largest magnitude compared.

    Attributes
    ----------
    keys_values
        Largest difference between reconstructed and live keys and values of any layer.
    logits
        Largest difference between woven and one-pass logits.
    tolerance
        What was allowed for the model's dtype.
    """

    keys_values: float
    logits: float
    tolerance: float

    @property
    def exact(self) -> bool:
        """Whether both differences are rounding."""
        return self.keys_values <= self.tolerance and self.logits <= self.tolerance


def probe(
    adapter: BackboneAdapter, capture: Callable[[torch.Tensor], list[MemoryEntry]]
) -> Conformance:
    """Compare reconstructed with live keys and values, and woven with one-pass logits, on twelve tokens.

    Costs three short forward passes: eight tokens captured, twelve in one pass, four woven.

    Parameters
    ----------
    capture
        Reads token ids ``(1, tokens)`` and returns entries of codec ``hidden`` with all layers.
    """
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(
        0, adapter.config.vocab_size, (1, _MEMORY_TOKENS + _REQUEST_TOKENS), generator=generator
    )
    ids = ids.to(adapter.entry_device)
    memory, request = ids[:, :_MEMORY_TOKENS], ids[:, _MEMORY_TOKENS:]
    cache = DynamicCache()
    with torch.no_grad(), evaluating(adapter.model):
        entries = capture(memory)
        expected = adapter.model(ids, past_key_values=cache, use_cache=True).logits[
            :, _MEMORY_TOKENS:
        ]
        difference = max(
            _layer_difference(adapter, entries, cache, layer) for layer in entries[0].layers
        )
        with weaving(Weave(adapter, [lay_out(entries)], range(len(adapter.layers)))):
            woven = adapter.model(request, use_cache=False).logits
    return Conformance(difference, _relative(woven, expected), _TOLERANCE.get(adapter.dtype, 1e-2))


def require_exact(
    adapter: BackboneAdapter, capture: Callable[[torch.Tensor], list[MemoryEntry]], name: str
) -> Conformance:
    """`probe`, and a refusal of a model that weaving would change.

    Raises
    ------
    ConformanceError
        With both measured differences.
    """
    measured = probe(adapter, capture)
    if not measured.exact:
        raise ConformanceError(
            f"{name} cannot be woven exactly: reconstructed keys and values differ from live ones by "
            f"{measured.keys_values:.1e}, woven from one-pass logits by {measured.logits:.1e} of their largest "
            f"value ({measured.tolerance:.0e} allowed). Its attention does something that its adapter does not know; "
            "see CONTRIBUTING.md, 'Add a backbone'"
        )
    return measured


def _layer_difference(
    adapter: BackboneAdapter, entries: list[MemoryEntry], cache: DynamicCache, layer: int
) -> float:
    hidden = torch.cat(
        [e.hidden_state[e.layers.index(layer)] for e in entries if e.hidden_state is not None]
    )
    keys, values = adapter.project(layer, hidden[None])
    if adapter.rotates(layer):
        positions = torch.arange(_MEMORY_TOKENS, device=keys.device)[None]
        cos, sin = adapter.rotation(layer, positions, _MEMORY_TOKENS + _REQUEST_TOKENS)
        keys = adapter.rotate(layer, keys, cos, sin)
    live: Any = cache.layers[layer]
    return max(
        _relative(keys, live.keys[:, :, :_MEMORY_TOKENS]),
        _relative(values, live.values[:, :, :_MEMORY_TOKENS]),
    )


def _relative(measured: torch.Tensor, expected: torch.Tensor) -> float:
    scale = expected.abs().max().clamp_min(1e-6)
    return float((measured.float() - expected.float()).abs().max() / scale)
