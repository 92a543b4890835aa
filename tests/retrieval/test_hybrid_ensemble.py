"""Reciprocal-rank fusion of every voter, against numpy."""

from __future__ import annotations

import numpy as np
import torch

from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.hybrid_ensemble import HybridEnsemble
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from reweaving.retrieval.text_keys import TextKeys
from tests.retrieval.test_text_embedder import WordEmbedder
from tests.retrieval.world import STORIES, context_of, word_states

SPANS = [
    SpanNote(str(at), str(at), 1, 9, text, timestamp=float(at)) for at, text in enumerate(STORIES)
]
KEYS = KeyMatrix([word_states(text) for text in STORIES])


def ranks(scores: torch.Tensor) -> np.ndarray:
    x = scores.double().numpy()
    return np.array([1 + (x > value).sum() for value in x])


def test_equals_the_sum_of_reciprocal_ranks() -> None:
    context, catalogue = context_of("The code of Clara's locker?"), Catalogue(0, SPANS, KEYS)
    states = SemanticSimilarity("states").score(context, catalogue)
    words = Lexical().score(context, catalogue)
    expected = 1 / (60 + ranks(states.rank)) + 1 / (60 + ranks(words.rank))
    expected += 0.1 / (60 + ranks(torch.arange(len(STORIES))))
    found = HybridEnsemble().score(context, catalogue)
    np.testing.assert_allclose(found.rank.numpy(), expected, rtol=1e-5)
    torch.testing.assert_close(found.evidence, states.evidence)
    assert list(found.parts) == ["similarity", "words", "recency"]


def test_an_embedder_has_a_vote_where_there_is_one() -> None:
    context = context_of("The code of Clara's locker?")
    with_texts = Catalogue(0, SPANS, KEYS, TextKeys(WordEmbedder()))
    found = HybridEnsemble().score(context, with_texts)
    without = HybridEnsemble().score(context, Catalogue(0, SPANS, KEYS))
    texts = SemanticSimilarity("text").score(context, with_texts)
    np.testing.assert_allclose(
        (found.rank - without.rank).numpy(), 1 / (60 + ranks(texts.rank)), atol=1e-6
    )
