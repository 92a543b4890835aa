"""BM25 against Robertson's formula, written out."""

from __future__ import annotations

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving.retrieval.bm25 import WordIndex

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=12)


def robertson(documents: list[list[str]], query: list[str]) -> list[float]:
    k1, b, count = 1.2, 0.75, len(documents)
    mean = max(sum(map(len, documents)) / count, 1.0)
    scores = []
    for document in documents:
        score = 0.0
        for word in set(query):
            having = sum(word in other for other in documents)
            idf = math.log(1 + (count - having + 0.5) / (having + 0.5))
            f = document.count(word)
            score += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * len(document) / mean))
        scores.append(score)
    return scores


@settings(max_examples=60, deadline=None)
@given(documents=st.lists(WORDS, min_size=1, max_size=8), query=WORDS)
def test_equals_the_formula(documents: list[list[str]], query: list[str]) -> None:
    scores = WordIndex(documents).scores(query)
    torch.testing.assert_close(
        scores, torch.tensor(robertson(documents, query)), atol=1e-5, rtol=1e-5
    )


@settings(max_examples=30, deadline=None)
@given(documents=st.lists(WORDS, min_size=1, max_size=8), query=WORDS)
def test_terms_add_up_and_shares_are_parts(documents: list[list[str]], query: list[str]) -> None:
    index = WordIndex(documents)
    torch.testing.assert_close(index.terms(query).sum(dim=0), index.scores(query))
    shares = index.shares(query)
    assert bool(((shares >= 0) & (shares <= 1 + 1e-6)).all())
    for at, document in enumerate(documents):
        if query and set(query) <= set(document):
            assert abs(float(shares[at]) - 1) < 1e-6


def test_nothing_to_search() -> None:
    assert WordIndex([]).scores(["a"]).shape == (0,)
    assert WordIndex([[], []]).scores(["a"]).tolist() == [0.0, 0.0]
    assert WordIndex([["a"]]).shares([]).tolist() == [0.0]
