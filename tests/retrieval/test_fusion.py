"""Fusion against its formulas."""

from __future__ import annotations

import numpy as np
import torch

from reweaving.retrieval.fusion import Fused, reciprocal_rank_fusion, z_scores
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from tests.retrieval.world import STORIES, catalogue_of, context_of


def test_z_scores_equal_numpy() -> None:
    a = torch.tensor([1.0, 4.0, 2.0, 9.0])
    x = a.double().numpy()
    np.testing.assert_allclose(z_scores(a).numpy(), (x - x.mean()) / x.std(), rtol=1e-5)


def test_equal_scores_say_nothing() -> None:
    assert z_scores(torch.full((4,), 7.0)).tolist() == [0.0] * 4
    assert z_scores(torch.tensor([3.0])).tolist() == [0.0]


def test_reciprocal_ranks_equal_numpy() -> None:
    a, b = torch.tensor([1.0, 4.0, 2.0, 4.0]), torch.tensor([0.3, 0.1, 0.2, 0.0])
    ranks = np.array([[4, 1, 3, 1], [1, 3, 2, 4]])
    expected = (1 / (60 + ranks)).sum(axis=0)
    np.testing.assert_allclose(reciprocal_rank_fusion([a, b]).numpy(), expected, rtol=1e-5)


def test_fused_adds_its_parts_and_keeps_the_first_evidence() -> None:
    context, catalogue = context_of("The code of Clara's locker?"), catalogue_of(list(STORIES))
    states, words = SemanticSimilarity(), Lexical()
    fused = Fused(((states, 1.0), (words, 0.2))).score(context, catalogue)
    first, second = states.score(context, catalogue), words.score(context, catalogue)
    expected = z_scores(first.rank) + 0.2 * z_scores(second.rank)
    torch.testing.assert_close(fused.rank, expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(fused.evidence, first.evidence)
    assert int(fused.rank.argmax()) == 4


def test_without_a_text_the_states_decide() -> None:
    context = context_of("Clara locker", words=False)
    nameless = type(context)(None, 0, context.current_hidden_states)
    catalogue = catalogue_of(list(STORIES))
    assert int(Fused().score(nameless, catalogue).rank.argmax()) == 4


def test_an_explanation_adds_up_to_the_score() -> None:
    context, catalogue = context_of("The code of Clara's locker?"), catalogue_of(list(STORIES))
    scores = Fused().score(context, catalogue)
    assert set(scores.parts) == {"similarity", "words"}
    for span in range(len(STORIES)):
        total = sum(scores.explanation(span).values())
        assert abs(total - float(scores.rank[span])) < 1e-5
