"""`MultiCriteriaRanker`: several criteria with given weights, diversity by maximal marginal relevance."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch

from reweaving.errors import ConfigurationError, InputError

CRITERIA = ("relevance", "similarity", "recency", "diversity")
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "relevance": 0.4,
    "similarity": 0.3,
    "recency": 0.2,
    "diversity": 0.1,
}


@dataclass(frozen=True, eq=False)
class Ranked:
    """Memories in a new order.

    Attributes
    ----------
    order
        Indices, best first, ``(memories,)``.
    parts
        What each criterion added to a memory's score when it was chosen, each ``(memories,)``, by index.
    """

    order: torch.Tensor
    parts: Mapping[str, torch.Tensor]

    def scores(self) -> torch.Tensor:
        """Sum of the parts, by index; it never rises along the order."""
        return torch.stack(list(self.parts.values())).sum(dim=0)


def check_weights(criteria_weights: Mapping[str, float]) -> None:
    """Refuse weights of unknown criteria, and such that are negative or not finite.

    Raises
    ------
    ConfigurationError
        Naming the criterion and the nearest known one, or the weight.
    """
    for name, weight in criteria_weights.items():
        if name not in CRITERIA:
            near = difflib.get_close_matches(name, CRITERIA, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(CRITERIA)}"
            raise ConfigurationError(f"there is no criterion called {name!r}: {hint}")
        if not math.isfinite(weight) or weight < 0:
            raise ConfigurationError(f"criteria_weights[{name!r}] = {weight}: give 0 or more")


class MultiCriteriaRanker:
    """Ranks memories by a weighted sum of criteria in [0, 1].

    Relevance, similarity and recency are given; diversity is worked out: the next memory is always the
    one whose sum, with ``1 - (largest likeness to any memory before it)`` for diversity, is largest
    (maximal marginal relevance; Carbonell and Goldstein, 1998).

    Parameters
    ----------
    hidden_size
        Width of the states that diversity compares.
    criteria_weights
        Weights by name, used exactly as they are; criteria that are left out weigh nothing. None for
        relevance .4, similarity .3, recency .2, diversity .1.

    Raises
    ------
    ConfigurationError
        For an unknown criterion, or a weight that is negative or not finite.
    """

    def __init__(
        self, hidden_size: int, criteria_weights: Mapping[str, float] | None = None
    ) -> None:
        given = DEFAULT_WEIGHTS if criteria_weights is None else criteria_weights
        check_weights(given)
        self.hidden_size = hidden_size
        self.criteria_weights = {name: float(given.get(name, 0.0)) for name in CRITERIA}

    def weigh(self, criteria: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """What each given criterion adds, before anything is chosen: all are still diverse.

        Parameters
        ----------
        criteria
            Relevance, similarity and recency, each ``(memories,)`` in [0, 1].
        """
        weights = self.criteria_weights
        parts = {name: weights[name] * criteria[name] for name in CRITERIA[:-1]}
        parts["diversity"] = torch.full_like(parts["relevance"], weights["diversity"])
        return parts

    def rank(
        self, criteria: Mapping[str, torch.Tensor], states: torch.Tensor, first: int | None = None
    ) -> Ranked:
        """Put memories in order.

        Parameters
        ----------
        criteria
            As for `weigh`.
        states
            One state for each memory, ``(memories, hidden)``; their cosine is how alike two memories are.
        first
            How many are chosen one by one; the others follow by what they are worth beside those. None
            for all.

        Raises
        ------
        InputError
            For states of another width or number.
        """
        parts = self.weigh(criteria)
        if states.shape != (len(parts["relevance"]), self.hidden_size):
            raise InputError(
                f"diversity compares {len(parts['relevance'])} states of {self.hidden_size} numbers, "
                f"got {tuple(states.shape)}"
            )
        unit = torch.nn.functional.normalize(states.float(), dim=1)
        weight = self.criteria_weights["diversity"]
        fixed = torch.stack([parts[name] for name in CRITERIA[:-1]]).sum(dim=0)  # (memories,)
        likeness = torch.zeros_like(fixed)  # to the most alike of those chosen
        waiting = torch.ones_like(fixed, dtype=torch.bool)
        chosen: list[int] = []
        diversity = parts["diversity"]
        while len(chosen) < (len(fixed) if first is None else min(first, len(fixed))):
            value = (fixed + weight * (1 - likeness)).masked_fill(~waiting, -torch.inf)
            at = int(value.argmax())
            chosen.append(at)
            waiting[at] = False
            diversity[at] = weight * (1 - likeness[at])
            likeness = torch.maximum(likeness, (unit @ unit[at]).clamp_max(1.0))
        diversity[waiting] = weight * (1 - likeness[waiting])
        value = (fixed + diversity).masked_fill(~waiting, -torch.inf)
        rest = torch.argsort(value, descending=True, stable=True)[: len(fixed) - len(chosen)]
        return Ranked(torch.cat([rest.new_tensor(chosen), rest]), parts)
