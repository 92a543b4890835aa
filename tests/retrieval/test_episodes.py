"""Inheriting matches from earlier spans of a session, against loops."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.episodes import inherit


def slowly(best: torch.Tensor, previous: list[int], share: float, reach: int) -> torch.Tensor:
    met = best.clone()
    for span in range(best.shape[1]):
        at, steps = previous[span], 0
        while at >= 0 and steps < reach:
            inherited = share * best[:, at]
            met[:, span] = torch.where(
                inherited > 0, torch.maximum(met[:, span], inherited), met[:, span]
            )
            at, steps = previous[at], steps + 1
    return met


@settings(max_examples=40, deadline=None)
@given(
    sessions=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    reach=st.integers(0, 5),
    share=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_equals_walking_back(sessions: list[int], reach: int, share: float) -> None:
    spans = [SpanNote(str(at), session, at, 4, "") for at, session in enumerate(sessions)]
    previous = Catalogue(0, spans, None).previous
    best = torch.randn(3, len(sessions), generator=torch.Generator().manual_seed(reach))
    torch.testing.assert_close(
        inherit(best, previous, share=share, reach=reach),
        slowly(best, previous.tolist(), share, reach),
    )


def test_previous_follows_position_not_order_of_arrival() -> None:
    spans = [
        SpanNote("c", "x", 90, 4, ""),
        SpanNote("a", "x", 10, 4, ""),
        SpanNote("other", "y", 50, 4, ""),
        SpanNote("b", "x", 40, 4, ""),
    ]
    assert Catalogue(0, spans, None).previous.tolist() == [3, -1, -1, 1]


def test_sessions_of_different_type_are_different() -> None:
    spans = [SpanNote("a", 1, 10, 4, ""), SpanNote("b", "1", 40, 4, "")]
    assert Catalogue(0, spans, None).previous.tolist() == [-1, -1]
