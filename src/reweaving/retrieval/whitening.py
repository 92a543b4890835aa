"""Whitening: directions in which all states of a memory vary alike."""

from __future__ import annotations

import torch

_SHRINK = 0.1  # share of the mean variance that is added to every direction


class Whitener:
    """Makes states uncorrelated, with the covariance of the keys of one memory.

    ``W = U (Λ + ε I)^-½ Uᵀ`` of the covariance ``U Λ Uᵀ`` (ZCA whitening), with ``ε`` a tenth of the mean
    variance: directions that hardly vary in this memory would otherwise outweigh all others.

    Parameters
    ----------
    states
        Shape ``(tokens, hidden)``.
    """

    def __init__(self, states: torch.Tensor) -> None:
        centred = states.double() - states.double().mean(dim=0)
        covariance = centred.T @ centred / max(len(states), 1)  # (hidden, hidden)
        self.mean: torch.Tensor = states.double().mean(dim=0).float()
        values, directions = torch.linalg.eigh(covariance)
        floor = _SHRINK * float(values.clamp_min(0).mean()) or 1.0
        scale = (values.clamp_min(0) + floor).rsqrt()
        self._matrix: torch.Tensor = (
            (directions * scale) @ directions.T
        ).float()  # (hidden, hidden)

    def whiten(self, states: torch.Tensor) -> torch.Tensor:
        """States ``(tokens, hidden)`` in the whitened space."""
        return torch.matmul(states.float() - self.mean, self._matrix)
