"""Clusters and groups against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.hierarchy import MemoryHierarchy


def blobs(per: int, centres: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    middle = torch.eye(8)[:centres] * 10
    labels = torch.arange(centres).repeat_interleave(per)
    return middle[labels] + 0.3 * torch.randn(len(labels), 8, generator=generator), labels


def test_finds_what_lies_apart() -> None:
    states, labels = blobs(9, 4, 0)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))
    built = MemoryHierarchy(8, 4).build(states[order], torch.zeros(len(labels), dtype=torch.long))
    for cluster in range(4):
        assert len(set(labels[order][built.clusters == cluster].tolist())) == 1


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 60), most=st.integers(1, 9), seed=st.integers(0, 99))
def test_clusters_are_bounded_nearest_and_the_same_every_time(
    count: int, most: int, seed: int
) -> None:
    states = torch.randn(count, 5, generator=torch.Generator().manual_seed(seed))
    episodes = torch.arange(count)
    built = MemoryHierarchy(5, most).build(states, episodes)
    assert len(built.centres) <= min(most, max(int(count**0.5), 1))
    unit = states.double().numpy()
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    likeness = unit @ built.centres.double().numpy().T
    own = likeness[np.arange(count), built.clusters.numpy()]
    assert (own >= likeness.max(axis=1) - 1e-5).all()
    again = MemoryHierarchy(5, most).build(states, episodes)
    assert torch.equal(again.clusters, built.clusters)


def test_a_group_meets_a_word_as_well_as_the_best_of_its_members() -> None:
    best = torch.rand(3, 7)
    groups = torch.tensor([0, 2, 0, 2, 3, 3, 3])
    met = MemoryHierarchy.best_of_groups(best, groups)
    for group in range(4):
        members = [at for at in range(7) if groups[at] == group]
        for token in range(3):
            expected = max((float(best[token, at]) for at in members), default=-1.0)
            assert float(met[token, group]) == pytest.approx(expected)


def test_states_that_are_all_alike_or_none_at_all() -> None:
    same = MemoryHierarchy(3).build(torch.ones(9, 3), torch.zeros(9, dtype=torch.long))
    assert len(same.centres) == 1
    nothing = MemoryHierarchy(3).build(torch.empty(0, 3), torch.empty(0, dtype=torch.long))
    assert len(nothing.clusters) == 0


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigurationError, match="max_clusters = 0"):
        MemoryHierarchy(3, 0)
    with pytest.raises(InputError, match=r"\(2, 4\)"):
        MemoryHierarchy(4).build(torch.ones(2, 3), torch.zeros(2, dtype=torch.long))
