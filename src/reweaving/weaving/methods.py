"""From settings to the parts that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import ConfigurationError
from reweaving.types import MemoryEntry
from reweaving.weaving.blend import ContextBlender
from reweaving.weaving.cross_attention import MemoryReader
from reweaving.weaving.integrate import ReconstructionIntegrator
from reweaving.weaving.reconstruct import LayeredStateReconstructor
from reweaving.weaving.settings import ReconstructionConfig
from reweaving.weaving.trained import read_weights
from reweaving.weaving.translate import StateTranslator

_DEPTHS = (0.25, 0.5, 0.75)


@dataclass
class Reconstruction:
    """How one attached model turns entries into memory.

    Attributes
    ----------
    reconstructor
        States to keys and values.
    blender
        Which of them are attended to, and how; None for all, exactly.
    reader
        For the method ``attention``, which works in the residual stream instead.
    translator
        For the method ``mlp``.
    active
        False weaves nothing: what needs training has no weights, or the memory weight is 0.
    """

    config: ReconstructionConfig
    reconstructor: LayeredStateReconstructor
    blender: ContextBlender | None
    reader: MemoryReader | None
    translator: StateTranslator | None
    active: bool

    def modules(self) -> dict[str, torch.nn.Module]:
        """Everything that holds weights, by name."""
        integrator = None if self.blender is None else self.blender.integrator
        parts = {"integrator": integrator, "reader": self.reader, "translator": self.translator}
        return {
            name: part
            for name, part in parts.items()
            if part is not None and any(True for _ in part.parameters())
        }

    def woven_layers(self, captured: Sequence[int]) -> tuple[int, ...]:
        """Layers with keys and values, ascending; `captured` are those that are stored."""
        if self.reader is not None or not self.active:
            return ()
        predicted = () if self.translator is None else self.translator.layers
        return tuple(sorted({*captured, *predicted}))


def assemble(
    adapter: BackboneAdapter,
    config: ReconstructionConfig,
    *,
    captured: Sequence[int],
    fingerprint: str,
    start: Callable[[], MemoryEntry | None],
) -> Reconstruction:
    """The parts for one model.

    Parameters
    ----------
    captured
        Layers that are stored, ascending.
    fingerprint
        Of the model; weights trained on another one are refused.
    start
        The model's start token with the states of every layer, or None.

    Raises
    ------
    ConfigurationError
        When the method cannot predict or read what is not stored, or the weights are for other settings.
    FingerprintError
        When the weights were trained on another model.
    """
    depth = len(adapter.layers)
    reader = translator = None
    if config.method == "attention":
        layers = [layer for layer in reading_layers(depth) if layer in captured] or [captured[-1]]
        gated = config.integration_method == "gated"
        reader = MemoryReader(layers, adapter.hidden_size, gated=gated)
    elif config.method == "mlp":
        translator = StateTranslator(
            captured[0] if captured[0] > 0 else depth // 2,
            range(captured[0] or depth // 2),
            adapter.hidden_size,
        )
        if translator.source not in captured:
            raise ConfigurationError(
                f"the method 'mlp' predicts the layers below {translator.source} from that one, but "
                f"{list(captured)} are captured; add it to ReweavingConfig.layers"
            )
    reconstruction = Reconstruction(
        config=config,
        reconstructor=LayeredStateReconstructor(adapter, translator, start),
        blender=None if config.is_exact else _blender(adapter, config, reader),
        reader=reader,
        translator=translator,
        active=not config.needs_training
        and not (config.integration_method == "weighted_sum" and config.memory_weight == 0),
    )
    for part in reconstruction.modules().values():
        part.to(adapter.entry_device).requires_grad_(False)
    if config.weights is not None:
        read_weights(config.weights, reconstruction.modules(), config, fingerprint)
        reconstruction.active = config.needs_training or reconstruction.active
    return reconstruction


def reading_layers(depth: int) -> tuple[int, ...]:
    """Layers at a quarter, half and three quarters of the depth."""
    return tuple(sorted({round(depth * share) for share in _DEPTHS}))


def _blender(
    adapter: BackboneAdapter, config: ReconstructionConfig, reader: MemoryReader | None
) -> ContextBlender:
    depth = len(adapter.layers)
    integrator = ReconstructionIntegrator(
        depth,
        config.integration_method,
        config.memory_weight,
        heads=1 if reader is not None else int(adapter.config.num_attention_heads),
        hidden_size=adapter.hidden_size if reader is not None else 0,
    )
    return ContextBlender(
        depth,
        integrator,
        max_memory_tokens=config.max_memory_tokens,
        compression_ratio=config.compression_ratio if config.method == "hierarchical" else 1.0,
    )
