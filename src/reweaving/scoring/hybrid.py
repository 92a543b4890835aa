"""Hybrid: several scorers, each with its weight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

import torch
from pydantic import Field, model_validator

from reweaving.config import Settings
from reweaving.errors import ConfigurationError
from reweaving.scoring.base import SCORERS, Scorer, ScoringContext

if TYPE_CHECKING:
    from reweaving.scoring.relevance import ScoringConfig

_ROUNDING = 1e-6


class HybridConfig(Settings):
    """What a hybrid score is made of.

    Parameters
    ----------
    weights
        Name of a scorer to its weight, none negative, 1 in sum, used exactly as given. Scorers that are not
        named or weigh 0 are not run. Gradients cost a backward pass and are left out unless asked for.

    Raises
    ------
    ConfigurationError
        For unknown names, ``hybrid`` itself, weights that are negative or no numbers, and sums other than 1.
    """

    weights: Mapping[str, float] = Field(
        default_factory=lambda: {"variance": 0.5, "surprise": 0.3, "attention": 0.2}
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for name, weight in self.weights.items():
            if name == "hybrid":
                raise ConfigurationError(
                    "a hybrid cannot be part of itself: name the other scorers"
                )
            SCORERS.get(name)
            if not (math.isfinite(weight) and weight >= 0):
                raise ConfigurationError(f"the weight of {name!r} is {weight}: give 0 or more")
        total = math.fsum(self.weights.values())
        if abs(total - 1.0) > _ROUNDING:
            raise ConfigurationError(
                f"the weights {dict(self.weights)} add up to {total:g}: scores stay in [0, 1] when they add up to 1"
            )
        return self


class HybridScorer(Scorer):
    """The weighted sum of other scorers' scores."""

    def __init__(self, parts: Mapping[str, tuple[float, Scorer]]) -> None:
        self.parts = dict(parts)

    @classmethod
    def configured(cls, config: ScoringConfig) -> Self:
        """Make every scorer that has a weight."""
        weights = config.hybrid.weights
        return cls(
            {
                name: (weight, SCORERS.get(name).configured(config))
                for name, weight in weights.items()
                if weight > 0
            }
        )

    def score(self, context: ScoringContext) -> torch.Tensor:
        """Scores in [0, 1], shape ``(batch, seq)``."""
        scores = torch.zeros_like(context.states[..., 0])
        for weight, scorer in self.parts.values():
            scores += weight * scorer.score(context).to(scores)
        return scores.clamp(0.0, 1.0)  # weights may add up to 1 and a rounding

    def source(self, context: ScoringContext) -> str:
        """Each part's source, by name."""
        return ", ".join(
            f"{name}: {scorer.source(context)}" for name, (_, scorer) in self.parts.items()
        )
