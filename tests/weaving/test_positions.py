"""Positions against a plain-Python reference, and what happens past the trained length."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import reweaving
from families import make, tokens
from reweaving.weaving.positions import in_reading_order, memory_positions


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 50)), min_size=1, max_size=4),
    st.integers(0, 80),
    st.integers(1, 100),
)
def test_contiguous_before_the_request_and_clamped(
    rows: list[tuple[int, int]], request: int, trained: int
) -> None:
    counts = torch.tensor([count for count, _ in rows])
    starts = torch.tensor([start for _, start in rows])
    slots = int(counts.max())
    found = memory_positions(counts, slots, starts, request, trained)
    for row, (count, start) in enumerate(rows):
        reach = min(count, max(trained - request, 0))
        for slot in range(slots - count, slots):
            assert int(found[row, slot]) == start - min(slots - slot, reach)


def test_sessions_in_the_order_they_began() -> None:
    made = [
        reweaving.MemoryEntry(None, 0, session, position, timestamp=time)
        for session, position, time in [("b", 4, 9.0), ("a", 0, 5.0), ("b", 0, 2.0), ("a", 7, 6.0)]
    ]
    order = [(e.sequence_id, e.position_idx) for e in in_reading_order(made)]
    assert order == [("b", 0), ("b", 4), ("a", 0), ("a", 7)]


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_more_than_the_trained_length_is_clamped_not_broken(name: str) -> None:
    model = make(name, "sdpa")
    with reweaving.attach(model) as woven:
        entries = woven.capture(tokens(480, seed=1))
        with woven.weaving(entries):
            out = model.generate(tokens(60, seed=2), max_new_tokens=20, do_sample=False)
            assert out.shape[1] == 80
            assert torch.isfinite(model(tokens(60, seed=2)).logits).all()
