"""Figures about what was scored."""

from __future__ import annotations

import math
import threading
from typing import Any

import torch

# Not an attribute: a module with a lock cannot be copied.
_counting = threading.Lock()


class Tally:
    """Running sums over scores; may be added to from several threads."""

    def __init__(self) -> None:
        self._source = ""
        self._calls = self._tokens = 0
        self._sum = self._squares = 0.0
        self._least, self._most = math.inf, -math.inf

    def add(self, scores: torch.Tensor, source: str) -> None:
        """Count one call's scores, shape ``(tokens,)``."""
        scores = scores.cpu().double()
        with _counting:
            self._calls += 1
            self._source = source
            if scores.numel():
                self._tokens += scores.numel()
                self._sum += float(scores.sum())
                self._squares += float(scores.square().sum())
                self._least = min(self._least, float(scores.min()))
                self._most = max(self._most, float(scores.max()))

    def summary(self) -> dict[str, Any]:
        """The figures by name."""
        count = max(self._tokens, 1)
        mean = self._sum / count
        return {
            "source": self._source,
            "calls": self._calls,
            "total_positions": self._tokens,
            "mean_score": mean,
            "std_score": math.sqrt(max(self._squares / count - mean * mean, 0.0)),
            "min_score": self._least if self._tokens else 0.0,
            "max_score": self._most if self._tokens else 0.0,
        }
