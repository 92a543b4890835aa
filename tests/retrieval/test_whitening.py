"""Whitening against its definition in numpy."""

from __future__ import annotations

import numpy as np
import torch

from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from reweaving.retrieval.whitening import Whitener
from tests.retrieval.world import STORIES, brute_force, catalogue_of, context_of, word_states


def test_equals_numpy_and_evens_out_the_directions() -> None:
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(6, 6, generator=generator) * torch.tensor([9.0, 3, 1, 1, 0.5, 0.1])
    states = torch.randn(400, 6, generator=generator) @ mixing.T + 5
    x = states.double().numpy()
    values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
    floor = 0.1 * values.mean()
    expected = (x - x.mean(0)) @ (vectors / np.sqrt(values + floor)) @ vectors.T
    white = Whitener(states).whiten(states)
    np.testing.assert_allclose(white.numpy(), expected, atol=1e-3)
    before, after = (np.linalg.eigvalsh(np.cov(t.double().numpy().T)) for t in (states, white))
    assert after.max() <= 1.01
    assert before.max() / before.min() > 20 * after.max() / after.min()


def test_states_that_do_not_vary_are_no_trouble() -> None:
    same = torch.full((4, 3), 2.0)
    assert Whitener(same).whiten(same).abs().max() == 0


def test_whitened_similarity_is_late_interaction_in_the_whitened_space() -> None:
    catalogue, question = catalogue_of(list(STORIES)), "Clara's locker?"
    whitener = catalogue.whitener
    spans = [whitener.whiten(word_states(text)) for text in STORIES]
    asked = whitener.whiten(word_states(question))
    np.testing.assert_allclose(
        catalogue.whitened_keys.best_matches(asked).numpy(), brute_force(asked, spans), atol=1e-4
    )
    scores = SemanticSimilarity("whitened").score(context_of(question), catalogue)
    assert int(scores.rank.argmax()) == STORIES.index("The locker of Clara opens with 4711.")
    assert isinstance(catalogue.whitened_keys, KeyMatrix)
