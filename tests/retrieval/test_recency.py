"""The place in the order of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.recency import Recency
from tests.retrieval.world import context_of, word_states


@given(times=st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_equals_the_place_among_the_moments(times: list[int]) -> None:
    spans = [SpanNote(str(at), 1, at, 1, "x", timestamp=float(t)) for at, t in enumerate(times)]
    catalogue = Catalogue(0, spans, KeyMatrix([word_states("x y")] * len(spans)))
    moments = sorted(set(times))
    expected = [moments.index(t) / max(len(moments) - 1, 1) for t in times]
    scores = Recency().score(context_of("x"), catalogue)
    assert [round(float(r), 5) for r in scores.rank] == [round(r, 5) for r in expected]
    assert not bool(scores.evidence.any())
