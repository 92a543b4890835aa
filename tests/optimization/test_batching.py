"""Batches by length: every request once, in order, alone in its result, with less padding."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as some

from families import make, tokens
from reweaving.optimization.batching import (
    BatchConfig,
    BatchProcessingOptimizer,
    padding_share,
)

lengths = some.lists(some.integers(1, 90), min_size=1, max_size=40)


@given(lengths, some.integers(1, 7), some.integers(1, 200))
def test_a_plan_holds_every_request_once_and_its_limits(
    of_each: list[int], max_rows: int, max_tokens: int
) -> None:
    planner = BatchProcessingOptimizer(BatchConfig(max_rows=max_rows, max_tokens=max_tokens))
    plan = planner.plan(of_each)
    assert sorted(at for batch in plan for at in batch) == list(range(len(of_each)))
    for batch in plan:
        assert len(batch) <= max_rows
        assert len(batch) == 1 or len(batch) * max(of_each[at] for at in batch) <= max_tokens


@given(lengths, some.integers(1, 7))
def test_no_more_padding_than_in_the_order_of_arrival(of_each: list[int], max_rows: int) -> None:
    plan = BatchProcessingOptimizer(BatchConfig(max_rows=max_rows)).plan(of_each)
    order = range(len(of_each))
    arrival = [list(order[at : at + max_rows]) for at in range(0, len(of_each), max_rows)]
    assert padding_share(of_each, plan) <= padding_share(of_each, arrival) + 1e-12


@torch.no_grad()
def test_results_are_those_of_each_request_alone() -> None:
    model = make("llama", "sdpa")
    rows = [tokens(length, seed=length)[0] for length in (3, 17, 5, 16, 4)]
    runner = BatchProcessingOptimizer(BatchConfig(max_rows=2))
    got = runner.run(lambda ids, mask: model(ids, attention_mask=mask).logits, rows)
    for row, logits in zip(rows, got, strict=True):
        assert (logits - model(row[None]).logits[0]).abs().max() <= 1e-4
    stats = runner.stats()
    assert stats["padding_share"] < 0.1 < stats["padding_share_before"]
