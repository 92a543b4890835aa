"""The strategy: what each criterion is, and that the weights decide."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reweaving.memory.memory import Memory
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.multi_criteria import MultiCriteria
from reweaving.retrieval.multi_criteria_ranker import MultiCriteriaRanker
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from tests.retrieval.world import STORIES, context_of, entry, word_states, words_of


def world() -> Catalogue:
    spans = [
        SpanNote(str(at), "s", at, 9, text, timestamp=float(at % 4), relevance=at / 20)
        for at, text in enumerate(STORIES)
    ]
    return Catalogue(0, spans, KeyMatrix([word_states(text) for text in STORIES]))


def test_each_criterion_adds_its_weight_times_its_value() -> None:
    weights = {"relevance": 0.7, "similarity": 0.5, "recency": 0.3, "diversity": 0.2}
    context, catalogue = context_of("Where does Clara drive?"), world()
    scores = MultiCriteria(weights).score(context, catalogue)
    alike = SemanticSimilarity().score(context, catalogue).rank.double().numpy()
    expected = {
        "relevance": 0.7 * np.arange(len(STORIES)) / 20,
        "similarity": 0.5 * (alike - alike.min()) / (alike.max() - alike.min()),
        "recency": 0.3 * (np.arange(len(STORIES)) % 4) / 3,
        "diversity": np.full(len(STORIES), 0.2),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(scores.parts[name].numpy(), values, atol=1e-5)
    np.testing.assert_allclose(scores.rank.numpy(), sum(expected.values()), atol=1e-5)


def test_arranging_is_maximal_marginal_relevance_among_what_has_passed() -> None:
    context, catalogue = context_of("Clara?"), world()
    strategy = MultiCriteria({"similarity": 1.0, "diversity": 1.0})
    scores = strategy.score(context, catalogue)
    passed = torch.tensor([5, 4, 1, 9])
    arranged, order = strategy.arrange(context, catalogue, scores, passed)
    criteria = {
        "relevance": catalogue.relevance[passed],
        "similarity": scores.parts["similarity"][passed],
        "recency": catalogue.recency[passed],
    }
    expected = MultiCriteriaRanker(48, {"similarity": 1.0, "diversity": 1.0}).rank(
        criteria, catalogue.pooled[passed]
    )
    assert order.tolist() == passed[expected.order].tolist()
    torch.testing.assert_close(arranged.rank[passed], expected.scores())
    nothing, none = strategy.arrange(context, catalogue, scores, passed[:0])
    assert len(none) == 0
    assert nothing is scores


def test_one_state_for_a_span_is_the_mean_of_its_centred_states() -> None:
    catalogue = world()
    spans = [word_states(text).double().numpy() for text in STORIES]
    centre = np.concatenate(spans).mean(axis=0)
    means = np.stack([(span - centre).mean(axis=0) for span in spans])
    expected = means / np.linalg.norm(means, axis=1, keepdims=True)
    np.testing.assert_allclose(catalogue.pooled.numpy(), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [({"relevance": 1.0}, "a"), ({"recency": 1.0}, "b"), ({"similarity": 1.0}, "c")],
)
def test_the_weights_decide(memory: Memory, weights: dict[str, float], expected: str) -> None:
    memory.add(
        [
            entry("The tea of Ann.", "a", relevance_score=0.9, timestamp=1.0),
            entry("The bus of Bo.", "b", relevance_score=0.1, timestamp=3.0),
            entry("The locker of Clara.", "c", relevance_score=0.2, timestamp=2.0),
        ]
    )
    config = RecallConfig(threshold=0.0, share=0.0)
    recall = Recall(memory, config, strategies={"multi_criteria": MultiCriteria(weights)})
    question = "Whose locker, Clara?"
    found = recall.search(
        word_states(question), question, query_words=words_of(question),
        budget_tokens=99, strategy="multi_criteria",
    )  # fmt: skip
    assert found[0].entry.sequence_id == expected
