"""How memory enters a request: the settings of reconstruction and integration."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field

from reweaving.config import Settings
from reweaving.weaving.integrate import Integration

Method = Literal["hierarchical", "attention", "direct", "mlp"]


class ReconstructionConfig(Settings):
    """How stored states become memory, and how much of it a request takes in.

    The defaults are those of the CMR documents. `attach` alone uses `exact`.

    Parameters
    ----------
    method
        ``direct``: the exact keys and values of every stored layer. ``hierarchical``: the same, with fewer
        tokens the lower the layer. ``mlp``: layers that were not stored are predicted from the lowest one
        that was. ``attention``: trained cross-attention from the request's residual stream to stored states.
    integration_method
        ``attention``: the model's own softmax decides. ``weighted_sum``: the same, with memory's part
        weighted by `memory_weight`. ``gated``: trained gates, one per head and layer.
    memory_weight
        For ``weighted_sum``: 0 leaves memory out; one half is what the softmax itself would give to keys
        and values; more favours memory over the request.
    max_memory_tokens
        Most tokens that any layer attends to, the start token included; None for all that are woven.
    compression_ratio
        For ``hierarchical``: share of the woven tokens that layers keep, on average.
    weights
        Folder that ``cmr train-blender`` wrote. What needs training and has no weights weaves nothing.
    """

    method: Method = "hierarchical"
    integration_method: Integration = "weighted_sum"
    memory_weight: float = Field(default=0.3, ge=0.0, lt=1.0)
    max_memory_tokens: int | None = Field(default=128, gt=0)
    compression_ratio: float = Field(default=0.6, gt=0.0, le=1.0)
    weights: Path | None = None

    @classmethod
    def exact(cls) -> Self:
        """Every token in every layer, integrated by the model's own attention."""
        return cls(
            method="direct",
            integration_method="attention",
            max_memory_tokens=None,
            compression_ratio=1.0,
        )

    @property
    def is_exact(self) -> bool:
        """Whether woven logits equal those of one pass."""
        return self == type(self).exact().replace(
            memory_weight=self.memory_weight, compression_ratio=self.compression_ratio
        )

    @property
    def needs_training(self) -> bool:
        """Whether nothing is woven before `weights` are given."""
        return self.method in ("attention", "mlp") or self.integration_method == "gated"

    @property
    def needs_residual_states(self) -> bool:
        """Whether entries must hold the residual stream (codec ``hidden`` or ``replay``)."""
        return self.method in ("attention", "mlp")
