"""Best matches, centring and appending, against a brute force in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reweaving.errors import InputError
from reweaving.retrieval import keys as keys_module
from reweaving.retrieval.keys import KeyMatrix
from tests.retrieval.world import brute_force


def drawn(lengths: list[int], seed: int, dtype: torch.dtype = torch.float32) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [(torch.randn(n, 12, generator=generator) + 2).to(dtype) for n in lengths]


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    tokens=st.integers(1, 5),
    seed=st.integers(0, 999),
)
def test_equals_brute_force(lengths: list[int], tokens: int, seed: int) -> None:
    spans = drawn(lengths, seed)
    assume(sum(lengths) > 1)  # a single key has no direction: see below
    queries = drawn([tokens], seed + 1)[0]
    best = KeyMatrix(spans).best_matches(queries)
    assert best.shape == (tokens, len(lengths))
    np.testing.assert_allclose(best.numpy(), brute_force(queries, spans), atol=2e-5)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_stored_halves_are_compared_in_fp32(dtype: torch.dtype) -> None:
    spans = drawn([4, 7, 1, 20], 3, dtype)
    queries = drawn([3], 4)[0]
    np.testing.assert_allclose(
        KeyMatrix(spans).best_matches(queries).numpy(), brute_force(queries, spans), atol=2e-5
    )


def test_blocks_and_half_storage_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spans = drawn([5, 3, 8, 2, 13, 1], 5, torch.bfloat16)
    queries = drawn([4], 6)[0]
    whole = KeyMatrix(spans).best_matches(queries)
    monkeypatch.setattr(keys_module, "_BLOCK_TOKENS", 7)
    monkeypatch.setattr(keys_module, "_FP32_BYTES", 0)
    torch.testing.assert_close(KeyMatrix(spans).best_matches(queries), whole, atol=1e-5, rtol=0)


def test_appending_equals_building_anew() -> None:
    spans = drawn([5, 3, 8, 2], 7)
    queries = drawn([4], 8)[0]
    appended = KeyMatrix(spans[2:], KeyMatrix(spans[:2]))
    assert appended.lengths == [5, 3, 8, 2]
    torch.testing.assert_close(
        appended.best_matches(queries), KeyMatrix(spans).best_matches(queries), atol=1e-5, rtol=0
    )


def test_appending_moves_no_key_while_there_is_room() -> None:
    spans = drawn([5, 3, 8, 2, 4], 7)
    matrix = KeyMatrix(spans[1:2], KeyMatrix(spans[:1]))  # makes room
    before = matrix.states.clone()
    longer = KeyMatrix(spans[2:3], matrix)
    assert longer.states.data_ptr() == matrix.states.data_ptr()
    other = KeyMatrix(spans[3:], matrix)
    assert other.states.data_ptr() != matrix.states.data_ptr(), "that room is taken"
    assert torch.equal(matrix.states, before)
    assert torch.equal(longer.states, torch.cat(spans[:3]))
    assert torch.equal(other.states, torch.cat([*spans[:2], *spans[3:]]))


def test_growing_copies_each_key_a_few_times_only() -> None:
    spans = drawn([3] * 200, 4)
    matrix, moves = KeyMatrix(spans[:1]), 0
    for span in spans[1:]:
        longer = KeyMatrix([span], matrix)
        moves += longer.states.data_ptr() != matrix.states.data_ptr()
        matrix = longer
    assert moves <= 8, "twice as much room each time"
    assert torch.equal(matrix.states, torch.cat(spans))


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 99),  # which of the matrices made so far
            st.booleans(),  # whether some of its spans go, or others come
            st.lists(st.integers(1, 9), min_size=1, max_size=3),
            st.booleans(),  # in inference mode or not
        ),
        max_size=12,
    ),
    most=st.sampled_from([0, 40 * 12 * 4, 10**9]),
    seed=st.integers(0, 999),
)
def test_whatever_comes_and_goes_equals_building_anew(
    steps: list[tuple[int, bool, list[int], bool]], most: int, seed: int
) -> None:
    """Several may come from the same one, and go on side by side."""
    queries = drawn([4], seed)[0]
    first = drawn([5, 3], seed + 1, torch.bfloat16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys_module, "_FP32_BYTES", most)
        made = [(first, KeyMatrix(first))]
        for at, (which, goes, lengths, inference) in enumerate(steps):
            spans, before = made[which % len(made)]
            new = drawn(lengths, seed + 2 + at, torch.bfloat16)
            with torch.inference_mode(inference):
                if goes and len(spans) > 1:
                    made.append((spans[1:], KeyMatrix(spans[1:])))
                else:
                    made.append(([*spans, *new], KeyMatrix(new, before)))
        for spans, matrix in made:
            fresh = KeyMatrix(spans)
            assert matrix.lengths == fresh.lengths
            assert torch.equal(matrix.states.float(), fresh.states.float())
            torch.testing.assert_close(
                matrix.best_matches(queries), fresh.best_matches(queries), atol=1e-5, rtol=0
            )


def test_order_of_spans_does_not_matter() -> None:
    spans = drawn([5, 3, 8, 2, 4], 9)
    queries = drawn([4], 10)[0]
    order = [3, 0, 4, 2, 1]
    best = KeyMatrix(spans).best_matches(queries)
    shuffled = KeyMatrix([spans[at] for at in order]).best_matches(queries)
    torch.testing.assert_close(shuffled, best[:, order], atol=1e-5, rtol=0)


def test_large_common_offset_does_not_drown_the_difference() -> None:
    spans = [span + 200.0 for span in drawn([6, 5, 9], 11)]
    queries = drawn([3], 12)[0] + 200.0
    np.testing.assert_allclose(
        KeyMatrix(spans).best_matches(queries).numpy(), brute_force(queries, spans), atol=5e-3
    )


def test_keys_on_the_mean_match_nothing() -> None:
    same = torch.full((3, 12), 5.0)
    assert KeyMatrix([same[:1]]).best_matches(torch.randn(2, 12)).tolist() == [[0.0], [0.0]]
    assert KeyMatrix([same, same]).best_matches(torch.randn(2, 12)).abs().max() == 0


def test_states_of_another_width_are_refused() -> None:
    matrix = KeyMatrix(drawn([5, 3], 1))
    with pytest.raises(InputError, match="13 numbers, the stored keys 12"):
        matrix.best_matches(torch.randn(2, 13))
    with pytest.raises(InputError, match="one hidden size"):
        KeyMatrix([torch.randn(2, 12), torch.randn(2, 13)])
    with pytest.raises(InputError, match="one hidden size"):
        KeyMatrix([torch.randn(2, 12), torch.randn(0, 12)])
