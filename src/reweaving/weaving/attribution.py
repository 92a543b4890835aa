"""How much attention each woven span received."""

from __future__ import annotations

import torch


class AttentionMass:
    """Attention on woven slots, averaged over heads and layers, for each query token.

    Life: put on a `Weave` before forward passes whose attention is wanted; each woven layer calls `add`; `mean`
    is read afterwards. Without one, no weights are ever computed.
    """

    def __init__(self) -> None:
        self._sum: torch.Tensor | None = None
        self._layers = 0

    def add(self, weights: torch.Tensor) -> None:
        """Take one layer's weights on the slots, shape ``(batch, heads, queries, slots)``."""
        mean = weights.detach().float().mean(1).cpu()  # (batch, queries, slots)
        self._sum = mean if self._sum is None else self._sum + mean
        self._layers += 1

    def mean(self) -> torch.Tensor:
        """Share of attention, shape ``(batch, queries, slots)``; a row and query sums to at most 1."""
        if self._sum is None:
            return torch.zeros(0, 0, 0)
        return self._sum / self._layers
