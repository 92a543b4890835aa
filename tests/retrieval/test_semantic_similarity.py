"""The whole score against numpy, and what follows from its definition."""

from __future__ import annotations

import numpy as np
import torch

from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from tests.retrieval.world import STORIES, brute_force, catalogue_of, context_of, word_states


def test_rank_and_evidence_equal_numpy() -> None:
    question = "Where does Clara park the car?"
    content = np.array([0.05, 0.05, 1, 1, 0.05, 1, 0.05])
    best = brute_force(word_states(question), [word_states(text) for text in STORIES])
    spans = best.shape[1]
    chance = (best.sum(axis=1) - best.max(axis=1) + 0.2 * 4) / (spans - 1 + 4)
    weights = content * np.maximum(best.max(axis=1) - chance, 0) ** 2
    rank = (weights[:, None] * best).sum(axis=0) / weights.sum()
    excess = np.maximum(best - chance[:, None], 0)
    evidence = (content[:, None] * excess**2).sum(axis=0) / content.sum() ** 0.6
    scores = SemanticSimilarity(context_share=0.0).score(
        context_of(question), catalogue_of(list(STORIES))
    )
    np.testing.assert_allclose(scores.rank.numpy(), rank, atol=1e-4)
    np.testing.assert_allclose(scores.evidence.numpy(), evidence, atol=1e-4)
    assert int(scores.rank.argmax()) == STORIES.index("Clara drives a teal car to work.")


def test_order_of_spans_changes_no_score() -> None:
    order = [5, 2, 8, 0, 11, 7, 1, 10, 3, 9, 4, 6]
    straight = SemanticSimilarity().score(context_of("Anna's dog?"), catalogue_of(list(STORIES)))
    shuffled = SemanticSimilarity().score(
        context_of("Anna's dog?"), catalogue_of([STORIES[at] for at in order])
    )
    torch.testing.assert_close(shuffled.rank, straight.rank[order], atol=1e-5, rtol=0)
    torch.testing.assert_close(shuffled.evidence, straight.evidence[order], atol=1e-5, rtol=0)


def test_a_word_said_earlier_in_the_session_helps() -> None:
    texts = ["About my boat.", "Fine weather today.", "It is painted crimson.", "It is sunny."]
    alone = SemanticSimilarity(context_share=0.0).score(
        context_of("Is the boat painted?"), catalogue_of(texts, one_session=True)
    )
    helped = SemanticSimilarity().score(
        context_of("Is the boat painted?"), catalogue_of(texts, one_session=True)
    )
    assert helped.evidence[2] > alone.evidence[2]
    assert int(helped.rank.argmax()) == 2


def test_one_query_token_and_one_span() -> None:
    single = catalogue_of(["Rex barks."])
    scores = SemanticSimilarity().score(context_of("Rex"), single)
    assert scores.rank.shape == scores.evidence.shape == (1,)
    assert bool(torch.isfinite(scores.rank).all())
    assert float(scores.evidence[0]) > float(
        SemanticSimilarity().score(context_of("umbrella"), single).evidence[0]
    )


def test_padding_does_not_count_and_a_leading_row_is_accepted() -> None:
    plain = context_of("Clara's car?", words=False)
    states = plain.current_hidden_states
    padded = RetrievalContext(
        None,
        0,
        torch.cat([torch.full((2, states.shape[1]), 9.0), states])[None],
        attention_mask=torch.tensor([[0, 0] + [1] * len(states)]),
    )
    catalogue = catalogue_of(list(STORIES))
    torch.testing.assert_close(
        SemanticSimilarity().score(padded, catalogue).rank,
        SemanticSimilarity().score(plain, catalogue).rank,
    )
