"""`MemoryHierarchy`: memories grouped by episode, and by what they are about."""

from __future__ import annotations

import math
from typing import Self

import torch

from reweaving.errors import ConfigurationError, InputError

_SAMPLE = 8_192  # clusters are found on so many memories, and all are then assigned
_ROUNDS = 25


class MemoryHierarchy:
    """Clusters of states by spherical k-means, beside the episodes that memories belong to.

    Parameters
    ----------
    hidden_size
        Width of the states.
    max_clusters
        Most clusters; there are no more than the square root of the number of memories.

    Attributes
    ----------
    clusters, episodes
        Number of each memory's cluster, and of its episode, each ``(memories,)``.
    centres
        One state of length 1 for each cluster, ``(clusters, hidden)``.

    Raises
    ------
    ConfigurationError
        For fewer than one cluster.
    """

    clusters: torch.Tensor
    episodes: torch.Tensor
    centres: torch.Tensor

    def __init__(self, hidden_size: int, max_clusters: int = 32) -> None:
        if max_clusters < 1:
            raise ConfigurationError(f"max_clusters = {max_clusters}: at least one is needed")
        self.hidden_size, self.max_clusters = hidden_size, max_clusters
        self.centres = torch.empty(0, hidden_size)
        self.clusters = self.episodes = torch.empty(0, dtype=torch.long)

    def build(self, states: torch.Tensor, episodes: torch.Tensor) -> Self:
        """Group memories; the same states always give the same groups.

        Parameters
        ----------
        states
            One state for each memory, ``(memories, hidden)``.
        episodes
            Number of each memory's episode, ``(memories,)``, counted from 0.

        Raises
        ------
        InputError
            For states of another width, or another number of them than of episodes.
        """
        if states.shape != (len(episodes), self.hidden_size):
            raise InputError(
                f"{len(episodes)} memories need states ({len(episodes)}, {self.hidden_size}), "
                f"got {tuple(states.shape)}"
            )
        unit = torch.nn.functional.normalize(states.float(), dim=1)
        sample = unit
        if len(unit) > _SAMPLE:
            drawn = torch.randperm(len(unit), generator=torch.Generator().manual_seed(0))
            sample = unit[drawn[:_SAMPLE].sort().values]
        wanted = min(self.max_clusters, max(math.isqrt(len(unit)), 1))
        self.centres = _spherical_means(sample, wanted) if len(unit) else self.centres
        self.clusters = (unit @ self.centres.T).argmax(dim=1) if len(unit) else episodes
        self.episodes = episodes
        return self

    @staticmethod
    def best_of_groups(best: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        """Each query state's best match in a whole group: ``(tokens, memories)`` to ``(tokens, groups)``.

        Matches are cosines; a group without members has -1.
        """
        start = best.new_full((len(best), int(groups.max()) + 1), -1.0)
        return start.scatter_reduce(1, groups.expand(len(best), -1), best, "amax")


def _spherical_means(unit: torch.Tensor, wanted: int) -> torch.Tensor:
    """Centres ``(clusters, hidden)``, begun with states that are farthest from those before them."""
    chosen = [0]
    nearest = unit @ unit[0]
    while len(chosen) < wanted and float(nearest.min()) < 1 - 1e-6:
        chosen.append(int(nearest.argmin()))
        nearest = torch.maximum(nearest, unit @ unit[chosen[-1]])
    centres = unit[chosen]
    labels = torch.full((len(unit),), -1)
    for _ in range(_ROUNDS):
        now = (unit @ centres.T).argmax(dim=1)
        if torch.equal(now, labels):
            break
        labels = now
        sums = torch.zeros_like(centres).index_add_(0, labels, unit)
        filled = torch.linalg.vector_norm(sums, dim=1) > 1e-6  # an empty cluster stays where it was
        centres = torch.where(filled[:, None], torch.nn.functional.normalize(sums, dim=1), centres)
    return centres
