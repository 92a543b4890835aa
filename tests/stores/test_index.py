"""The derived index: what it proposes, what it keeps, and what it no longer knows."""

from __future__ import annotations

import numpy as np
import pytest

from reweaving.errors import InputError
from reweaving.stores import index_search
from reweaving.stores.index import SpanIndex
from reweaving.stores.index_cells import Cells, fitting_count
from reweaving.stores.index_search import IndexQuery, chance_of_all, nearest_spans
from reweaving.stores.index_segment import Integers
from reweaving.stores.index_sketch import DIMENSIONS, Floats, Sketcher
from reweaving.stores.key_mark import key_mark
from tests.stores.indexed import HIDDEN, OFFSET, WORDS, index_of, said, spans


def normalised(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_sketches_are_directions_in_the_leading_principal_components() -> None:
    states = np.concatenate([span.states for span in spans(300)])
    sketcher = Sketcher.fit(states)
    # The reference: a singular value decomposition of the unit vectors, in double precision.
    units = normalised(states.astype(np.float64) - states.astype(np.float64).mean(axis=0))
    _, _, right = np.linalg.svd(units, full_matrices=False)
    basis = right[:DIMENSIONS].T
    assert sketcher.basis.shape == (HIDDEN, DIMENSIONS)
    np.testing.assert_allclose(
        sketcher.basis @ sketcher.basis.T, basis @ basis.T, atol=1e-4, rtol=0
    )
    expected = normalised(units[:50] @ basis)
    decoded = Sketcher.decode(sketcher.encode(states[:50]))
    np.testing.assert_allclose(decoded @ decoded.T, expected @ expected.T, atol=0.02, rtol=0)


def test_states_of_another_width_are_refused() -> None:
    with pytest.raises(InputError, match="another model"):
        index_of(spans(30)).sketcher.encode(np.ones((2, HIDDEN + 1), np.float32))


def heaps_of_rows() -> tuple[Floats, Floats]:
    """Five directions, and unit vectors near them."""
    rng = np.random.default_rng(1)
    heaps = normalised(rng.standard_normal((5, 20)))
    rows = normalised(heaps[rng.integers(0, 5, 400)] + 0.05 * rng.standard_normal((400, 20)))
    return heaps, rows.astype(np.float32)


def test_a_token_is_in_the_nearest_cell_of_the_nearest_district() -> None:
    heaps, rows = heaps_of_rows()
    cells = Cells.fit(rows, 32, seed=3)
    assert (len(cells.districts), len(cells)) == (4, 32)
    found = cells.nearest(rows)
    for row, cell in zip(rows, found, strict=True):
        district = int(np.argmax([row @ centre for centre in cells.districts]))
        inside = [row @ centre for centre in cells.centres[8 * district : 8 * district + 8]]
        assert cell // 8 == district
        assert row @ cells.centres[cell] >= max(inside) - 1e-6
    # Every heap has its cells: no cell mixes two of them.
    heap = (rows @ heaps.T).argmax(axis=1)
    assert all(len(set(heap[found == cell])) == 1 for cell in set(found.tolist()))
    again = Cells.fit(rows, 32, seed=3)
    np.testing.assert_array_equal(cells.centres, again.centres)
    np.testing.assert_array_equal(cells.districts, again.districts)


def test_districts_are_the_means_of_their_cells() -> None:
    _, rows = heaps_of_rows()
    cells = Cells.fit(rows, 32, seed=3)
    # Where every centre is the mean of what it holds, a district is the mean of all its tokens.
    held = np.bincount(cells.nearest(rows), minlength=32)
    sums = np.stack([rows[cells.nearest(rows) == cell].sum(axis=0) for cell in range(32)])
    made = cells.remade(np.ones(32, np.bool_), sums, held)
    for district in range(4):
        mine = [made.centres[at] * held[at] for at in range(8 * district, 8 * district + 8)]
        expected = np.sum(mine, axis=0)
        np.testing.assert_allclose(
            made.districts[district], expected / np.linalg.norm(expected), atol=1e-5
        )


@pytest.mark.parametrize(
    ("tokens", "cells"), [(1, 16), (10_000, 512), (10**6, 4096), (10**7, 16_384), (10**9, 16_384)]
)
def test_cells_grow_with_the_root_of_the_tokens(tokens: int, cells: int) -> None:
    assert fitting_count(tokens) == cells


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so small that a store of a thousand spans feels them."""
    monkeypatch.setattr(index_search, "_RANKED", 3)
    monkeypatch.setattr(index_search, "_CONTROLLED", 300)


def best_matches(asked: Floats, states: list[Floats]) -> np.ndarray:
    """By definition: the largest cosine in each span, in double precision."""
    mean = np.concatenate(states).astype(np.float64).mean(axis=0)
    queries = normalised(asked.astype(np.float64) - mean)
    return np.stack([(queries @ normalised(s - mean).T).max(axis=1) for s in states], axis=1)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("batches", [1, 23])
def test_candidates_hold_what_exact_late_interaction_puts_first(batches: int) -> None:
    made = spans(1200)
    index = SpanIndex.fitted([span.states for span in made[:400]], 6_500)
    for start in range(0, 1200, 1200 // batches):
        index = index.with_spans(made[start : start + 1200 // batches])
    assert len(index) == 1200
    assert len(index.segments) == min(batches, 8)
    rng = np.random.default_rng(5)
    held, plain, steadied = [], [], []
    for _ in range(40):
        words = rng.integers(0, len(WORDS), 4).tolist()
        asked, shares = said(words, 10**6), np.array([1, 1, 1, 0.05], np.float32)
        best = best_matches(asked, [span.states for span in made])
        chance = (best.sum(axis=1) - best.max(axis=1)) / 1199
        weights = shares * (best.max(axis=1) - chance) ** 2
        wanted = {made[at].id for at in np.argsort(-(weights @ best))[:16]}

        def exact(chosen: Integers, best: np.ndarray = best) -> Floats:
            at = [int(name.rsplit("-", 1)[1]) for name in index.names(chosen)]
            return best[:, at].astype(np.float32)

        sample = index.sample(64)
        query = IndexQuery(asked, shares, chance_of_all(index, asked, sample, exact(sample)))
        plain.append(np.abs(exact(sample).mean(axis=1) - best.mean(axis=1)).mean())
        steadied.append(np.abs(query.chance - best.mean(axis=1)).mean())
        found = nearest_spans(index, query, 64, exact)
        assert len(set(found.tolist())) == 64
        held.append(len(wanted & set(index.names(found))) / 16)
    assert np.mean(held) >= 0.98
    # The larger sample of sketches takes out what the small one of keys has by accident.
    assert np.mean(steadied) < 0.75 * np.mean(plain)


def test_adding_step_by_step_gives_what_adding_at_once_gives() -> None:
    made = spans(200)
    at_once = index_of(made)
    steps = SpanIndex(at_once.sketcher, at_once.cells, ())
    for start in range(0, 200, 10):
        steps = steps.with_spans(made[start : start + 10])
    (a,), (b,) = at_once.segments, steps.joined().segments
    for name in ("starts", "bounds", "owners", "cells"):
        order = np.argsort(b.ids)[np.argsort(np.argsort(a.ids))]  # joining may change the order
        if np.array_equal(order, np.arange(200)):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert at_once.marked() == steps.marked()
    tokens, _ = b.tokens_of(np.arange(200))
    at = {name: number for number, name in enumerate(a.ids.tolist())}
    for number, name in enumerate(b.ids.tolist()):
        mine = slice(b.starts[number], b.starts[number + 1])
        same = slice(a.starts[at[name]], a.starts[at[name] + 1])
        np.testing.assert_array_equal(b.sketches[mine], a.sketches[same])
        np.testing.assert_array_equal(b.cells[mine], a.cells[same])
        for cell in b.cells[mine].tolist():
            assert number in b.owners[b.bounds[cell] : b.bounds[cell + 1]]
    assert len(tokens) == b.tokens


def test_what_is_taken_out_leaves_nothing() -> None:
    made = spans(60)
    index = index_of(made)
    (segment,) = index.segments
    # A token that has a cell for itself, which is the worst case: the centre is its copy.
    lonely = int(np.flatnonzero(np.diff(segment.bounds) == 1)[0])
    number = int(segment.owners[segment.bounds[lonely]])
    inside = slice(segment.starts[number], segment.starts[number + 1])
    token = inside.start + int(np.flatnonzero(segment.cells[inside] == lonely)[0])
    copied = Sketcher.decode(segment.sketches[token])
    assert np.abs(index.cells.centres[lonely] - copied).max() < 0.02
    left = index.without([made[number].id])
    assert set(left.marked()) == {span.id for span in made} - {made[number].id}
    assert np.abs(left.cells.centres - copied).max(axis=1).min() > 0.05
    (after,) = left.segments
    sketch = segment.sketches[token].tobytes()
    assert sketch not in after.sketches.tobytes()
    assert sketch in segment.sketches.tobytes()
    # The districts that lost something are made of what their cells hold now.
    each = len(index.cells) // len(index.cells.districts)
    held = np.diff(after.bounds)
    for district in {cell // each for cell in segment.cells[inside].tolist()}:
        mine = slice(district * each, (district + 1) * each)
        total = (left.cells.centres[mine] * held[mine][:, None]).sum(axis=0)
        expected = normalised(total[None])[0] if total.any() else total
        np.testing.assert_allclose(left.cells.districts[district], expected, atol=1e-5)


def test_neighbours_are_those_of_the_session() -> None:
    made = spans(40)
    rng = np.random.default_rng(2)
    shuffled = [made[at] for at in rng.permutation(40)]
    index = SpanIndex(index_of(made).sketcher, index_of(made).cells, ())
    index = index.with_spans(shuffled[:15]).with_spans(shuffled[15:])
    names = index.names(np.arange(40))
    before, after = index.neighbours
    for number, name in enumerate(names):
        at = int(name.rsplit("-", 1)[1])
        expected = f"entry-0-{at - 1}" if at % 7 else None
        assert (names[before[number]] if before[number] >= 0 else None) == expected
        expected = f"entry-0-{at + 1}" if at % 7 != 6 and at != 39 else None
        assert (names[after[number]] if after[number] >= 0 else None) == expected


def test_the_sample_stays_while_others_come_and_go() -> None:
    made = spans(300)
    index = index_of(made[:250])
    sample = set(index.names(index.sample(50)))
    grown = index.with_spans(made[250:])
    assert len(sample & set(grown.names(grown.sample(50)))) >= 30
    assert len(index.sample(10**6)) == 250


def test_marks_tell_keys_apart() -> None:
    assert key_mark("a" * 64) == key_mark("a" * 64) != key_mark("b" * 64)
    assert 0 <= key_mark("") < 2**64


def test_an_empty_index_finds_nothing() -> None:
    made = spans(20)
    empty = SpanIndex(index_of(made).sketcher, index_of(made).cells, ())
    query = IndexQuery(said([1, 2], 0) - OFFSET, np.ones(2, np.float32), np.zeros(2, np.float32))
    assert not len(nearest_spans(empty, query, 5, lambda chosen: np.empty((2, len(chosen)))))
