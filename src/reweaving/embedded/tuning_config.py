"""How long, how wide and at which rate an adapter is trained, and what each step tells."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from reweaving.errors import ConfigurationError


@dataclass(frozen=True)
class TuningConfig:
    """How long, how wide and from which seed to train.

    Attributes
    ----------
    steps : int
        Optimiser steps; the learning rate rises, stays, and falls over the last third of them, so that
        up to there a run does not depend on how long it is going to be.
    scenes, questions : int
        Scenes per step and requests per scene.
    rank : int
        Of the low-rank matrices.
    untouched : float
        Share of the layers, from the bottom, that the adapter leaves alone.
    ordinary, texts : int
        How many ordinary requests and texts of the plain model's own are held on to.
    start : str
        Folder of an adapter to begin with; empty for a fresh one.
    """

    steps: int = 480
    seed: int = 0
    scenes: int = 1
    questions: int = 24
    rank: int = 28
    untouched: float = 1 / 3
    learning_rate: float = 1e-3
    warmup: int = 20
    ordinary: int = 400
    texts: int = 160
    text_rows: int = 6
    text_every: int = 4
    save_every: int = 20
    start: str = ""

    def __post_init__(self) -> None:
        for name in ("steps", "scenes", "questions", "rank", "save_every", "text_every"):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"{name} is {getattr(self, name)}; it must be at least 1.")

    def rate(self, step: int) -> float:
        """Return the learning rate of a step: a short rise, a plateau, a straight fall."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        falls = _falls_from(self.steps)
        left = 1.0 if step < falls else (self.steps - step) / (self.steps - falls)
        return self.learning_rate * max(0.02, left)

    def continues(self, begun: dict[str, Any], step: int) -> bool:
        """Whether a run with these settings would have come where one begun with others is.

        So it is if all is the same, or only the length differs and the rate falls in neither yet.
        """
        mine, its = asdict(self), dict(begun)
        shorter = min(mine.pop("steps"), its.pop("steps"))
        same = bool(begun["steps"] == self.steps)
        return mine == its and (same or step <= _falls_from(shorter))


@dataclass(frozen=True)
class StepReport:
    """What one step measured."""

    step: int
    steps: int
    loss: float
    ordinary: float
    texts: float
    looking: float
    seconds: float


def _falls_from(steps: int) -> int:
    return steps * 2 // 3
