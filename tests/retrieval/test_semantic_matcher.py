"""The matching service by itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.semantic_matcher import SemanticMemoryMatcher
from tests.retrieval.world import HIDDEN, STORIES, brute_force, word_states


def test_similarity_is_the_weighted_mean_of_best_cosines() -> None:
    memories = [word_states(text) for text in STORIES]
    query = word_states("Clara drives where")
    best = brute_force(query, memories)
    chance = (best.sum(1) - best.max(1) + 0.2 * 4) / (best.shape[1] + 3)
    weights = np.maximum(best.max(1) - chance, 0) ** 2
    expected = weights @ best / weights.sum()
    matcher = SemanticMemoryMatcher(HIDDEN)
    found = matcher.compare(matcher.matches(query, KeyMatrix(memories)))
    np.testing.assert_allclose(found.rank.numpy(), expected, atol=1e-4)
    torch.testing.assert_close(found.parts["similarity"], found.rank)


def test_only_what_reaches_the_threshold_is_matched_best_first() -> None:
    memories = [word_states(text) for text in STORIES]
    query = word_states("The locker of Clara")
    every = SemanticMemoryMatcher(HIDDEN, -1.0).match(query, memories)
    assert len(every) == len(STORIES)
    scores = [score for _, score in every]
    assert scores == sorted(scores, reverse=True)
    some = SemanticMemoryMatcher(HIDDEN, scores[1]).match(query, memories)
    assert some == every[:2]
    assert SemanticMemoryMatcher(HIDDEN, -1.0).match(query, memories, k=3) == every[:3]
    assert every[0][0] == STORIES.index("The locker of Clara opens with 4711.")


def test_single_states_and_no_memories() -> None:
    matcher = SemanticMemoryMatcher(3)
    states = [torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0]), torch.tensor([0, 0, 1.0])]
    assert [at for at, _ in matcher.match(states[1], states)] == [1]
    assert matcher.match(states[1], []) == []


def test_wrong_widths_and_thresholds_are_refused() -> None:
    with pytest.raises(InputError, match="hidden_size is 4"):
        SemanticMemoryMatcher(4).match(torch.zeros(3), [torch.zeros(3), torch.ones(3)])
    with pytest.raises(ConfigurationError, match=r"1\.5"):
        SemanticMemoryMatcher(4, 1.5)
