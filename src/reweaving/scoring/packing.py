"""Rows without their padding: tokens moved to the front before scoring, scores back behind it."""

from __future__ import annotations

import torch


class Packing:
    """Where each row's tokens go when padding, wherever it lies, is taken out.

    Parameters
    ----------
    states
        Shape ``(batch, seq, hidden)``.
    mask
        0 for padding, shape ``(batch, seq)``; None where all are tokens.

    Attributes
    ----------
    mask
        True for tokens in packed rows, shape ``(batch, longest)``.
    """

    def __init__(self, states: torch.Tensor, mask: torch.Tensor | None) -> None:
        self._shape = states.shape[:2]
        real = (
            torch.ones(self._shape, dtype=torch.bool, device=states.device)
            if mask is None
            else mask.to(states.device) != 0
        )
        counts = real.sum(1)  # (batch,)
        longest = int(counts.max()) if counts.numel() else 0
        self._order = (~real).to(torch.int8).argsort(dim=1, stable=True)[:, :longest]
        self.mask = torch.arange(longest, device=states.device)[None] < counts[:, None]
        self._whole = self.mask.shape == self._shape and bool(self.mask.all())

    def pack(self, values: torch.Tensor) -> torch.Tensor:
        """Values of tokens: ``(batch, seq, …)`` to ``(batch, longest, …)``, 0 behind a row's last."""
        if self._whole:
            return values
        extra = (1,) * (values.ndim - 2)
        order = self._order.view(*self._order.shape, *extra).expand(-1, -1, *values.shape[2:])
        return values.gather(1, order).masked_fill(~self.mask.view(*self.mask.shape, *extra), 0)

    def pack_square(self, values: torch.Tensor) -> torch.Tensor:
        """Values of pairs of tokens: ``(batch, seq, seq)`` to ``(batch, longest, longest)``."""
        rows = self.pack(values)  # (batch, longest, seq)
        return self.pack(rows.transpose(1, 2)).transpose(1, 2)

    def unpack(self, scores: torch.Tensor) -> torch.Tensor:
        """Scores back where their tokens lie: ``(batch, longest)`` to ``(batch, seq)``, 0 at padding."""
        return scores.new_zeros(self._shape).scatter(1, self._order, scores)
