"""The method ``mlp``, fitted: ridge regression from one layer's states to those of the layers below."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from reweaving.weaving.translate import StateTranslator, unit_scale

_PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
_HELD_OUT = 8


class _Sums:
    """What ridge regression needs of a sample: products of features, and of features with targets."""

    def __init__(self, width: int, hidden: int, layers: tuple[int, ...]) -> None:
        self.gram = torch.zeros(width, width, dtype=torch.float64)
        self.cross = {layer: torch.zeros(width, hidden, dtype=torch.float64) for layer in layers}
        self.power = dict.fromkeys(layers, 0.0)
        self.tokens = 0

    def add(self, features: torch.Tensor, targets: dict[int, torch.Tensor]) -> None:
        features = features.double()
        self.gram += features.T @ features
        self.tokens += len(features)
        for layer, target in targets.items():
            self.cross[layer] += features.T @ target.double()
            self.power[layer] += float(target.double().square().sum())

    def error(self, layer: int, weight: torch.Tensor) -> float:
        """Squared error of a weight over the sample, from the sums alone."""
        inner = float((weight * (self.gram @ weight)).sum())
        return self.power[layer] - 2 * float((weight * self.cross[layer]).sum()) + inner


@torch.no_grad()
def fit_translator(
    translator: StateTranslator, sequences: Iterable[dict[int, torch.Tensor]]
) -> dict[str, float]:
    """Find the weights that predict each layer best; every eighth sequence is held out to choose the penalty.

    Parameters
    ----------
    sequences
        For each text read: layer to its states ``(tokens, hidden)``, the source among the layers. The first
        token is left out: its states are those of a sink, and known.

    Returns
    -------
    dict
        ``explained_LAYER``: share of the held-out states' power that is predicted, and ``tokens``.
    """
    width, hidden = next(iter(translator.outer.values())).shape
    fitted, held = (_Sums(width, hidden, translator.layers) for _ in range(2))
    for number, states in enumerate(sequences):
        features = translator.features(states[translator.source][1:]).cpu()
        targets = {layer: unit_scale(states[layer][1:]).cpu() for layer in translator.layers}
        (held if number % _HELD_OUT == _HELD_OUT - 1 else fitted).add(features, targets)
    measured: dict[str, float] = {"tokens": float(fitted.tokens)}
    scale = float(fitted.gram.diagonal().mean())
    identity = torch.eye(width, dtype=torch.float64)
    factors = [torch.linalg.cholesky(fitted.gram + p * scale * identity) for p in _PENALTIES]
    for layer in translator.layers:
        weights = [torch.cholesky_solve(fitted.cross[layer], factor) for factor in factors]
        errors = [held.error(layer, weight) for weight in weights]
        best = errors.index(min(errors))
        translator.outer[str(layer)].copy_(weights[best])
        measured[f"explained_{layer}"] = 1.0 - errors[best] / max(held.power[layer], 1e-12)
    return measured
