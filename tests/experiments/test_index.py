"""What `cmr bench index` measures with: resampled states, stored keys, MUVERA's encoding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reweaving.experiments import index as bench
from reweaving.experiments.index_muvera import BITS, PROJECTED, REPETITIONS, FixedEncoding
from reweaving.experiments.index_rivals import Faiss, Rival, Usearch
from reweaving.experiments.index_states import (
    SPAN_TOKENS,
    Captured,
    Question,
    Resampler,
    StoredStates,
)
from reweaving.stores.index_sketch import Floats, unit

HIDDEN = 24


def sessions(seed: int = 0, count: int = 12) -> list[Floats]:
    """Sessions of words out of forty, each with its own direction of variation."""
    rng = np.random.default_rng(seed)
    words = 3 * rng.standard_normal((40, HIDDEN))
    return [
        (words[rng.integers(0, 40, 60)] + 0.3 * rng.standard_normal((60, HIDDEN)) + 1).astype("f4")
        for _ in range(count)
    ]


def test_resampled_states_have_the_statistics_of_the_captured_ones() -> None:
    captured = np.concatenate(sessions())
    made = Resampler(sessions(), seed=1).spans(0, 3000)
    assert made.shape == (3000 * SPAN_TOKENS, HIDDEN)
    assert len(np.unique(made, axis=0)) == len(made)  # no two states are the same
    np.testing.assert_allclose(made.mean(axis=0), captured.mean(axis=0), atol=0.25)
    spread, expected = np.cov(made.T), np.cov(captured.T)
    assert np.linalg.norm(spread - expected) < 0.2 * np.linalg.norm(expected)
    noise = np.random.default_rng(0).standard_normal(made.shape)
    nearest = (unit(made[:300] - made.mean(axis=0)) @ unit(captured - captured.mean(axis=0)).T).max(
        1
    )
    far = (unit(noise[:300].astype("f4")) @ unit(captured - captured.mean(axis=0)).T).max(1)
    assert nearest.mean() > 0.95 > far.mean() + 0.2


def test_resampling_repeats_itself() -> None:
    resampler = Resampler(sessions(), seed=1)
    np.testing.assert_array_equal(resampler.spans(3, 5), Resampler(sessions(), 1).spans(3, 5))
    assert not np.array_equal(resampler.spans(3, 5), resampler.spans(4, 5))


def test_stored_states_keep_directions(tmp_path: Path) -> None:
    resampler = Resampler(sessions(), seed=1)
    made = resampler.spans(0, 40)
    stored = StoredStates(tmp_path / "states", resampler.mean)
    stored.append(made[: 25 * SPAN_TOKENS])
    stored.append(made[25 * SPAN_TOKENS :])
    expected = unit(made - resampler.mean)
    np.testing.assert_allclose(stored.directions(0, 40), expected, atol=0.02)
    some = np.array([33, 2])
    part = np.concatenate([expected.reshape(40, SPAN_TOKENS, -1)[at] for at in some])
    np.testing.assert_allclose(stored.directions_of(some), part, atol=0.02)
    stored.close()


def by_the_book(encoding: FixedEncoding, tokens: Floats, document: bool) -> np.ndarray:
    """MUVERA's encoding of one set of tokens, part by part."""
    blocks = []
    for planes, signs in zip(encoding._planes, encoding._signs, strict=True):
        bits = [tuple(token @ planes > 0) for token in tokens]
        for part in range(2**BITS):
            wanted = tuple(bool(part >> bit & 1) for bit in range(BITS))
            inside = [token for token, own in zip(tokens, bits, strict=True) if own == wanted]
            if not document:
                blocks.append(sum((token @ signs for token in inside), np.zeros(PROJECTED)))
                continue
            apart = [sum(a != b for a, b in zip(own, wanted, strict=True)) for own in bits]
            chosen = inside or [tokens[int(np.argmin(apart))]]
            blocks.append(np.mean([token @ signs for token in chosen], axis=0))
    return np.concatenate(blocks)


def test_muvera_is_as_the_paper_says() -> None:
    rng = np.random.default_rng(4)
    tokens = unit(rng.standard_normal((3 * 6, 16)).astype("f4"))
    encoding = FixedEncoding(16, seed=2)
    assert encoding.size == REPETITIONS * 2**BITS * PROJECTED
    made = encoding.spans(tokens, 6)
    for at in range(3):
        expected = by_the_book(encoding, tokens[6 * at : 6 * at + 6], document=True)
        np.testing.assert_allclose(made[at], expected, atol=1e-5)
    asked = encoding.query(tokens[:6], np.ones(6, "f4"))
    np.testing.assert_allclose(asked, by_the_book(encoding, tokens[:6], document=False), atol=1e-5)


@pytest.mark.parametrize("kind", [Usearch, Faiss])
def test_rivals_find_the_nearest(kind: type[Rival]) -> None:
    pytest.importorskip("faiss")
    rng = np.random.default_rng(0)
    vectors = unit(rng.standard_normal((40_000, 16)).astype("f4"))
    rival = kind(16)
    rival.add(vectors)
    found = rival.nearest(vectors[77], 10)
    assert found[0] == 77
    exact = set(np.argsort(-(vectors @ vectors[77]))[:10].tolist())
    assert len(exact & set(found.tolist())) >= 8


def test_the_bench_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("faiss")
    rng = np.random.default_rng(1)
    asked = tuple(
        Question(states[at : at + 5], rng.choice([0.05, 1.0], 5).astype("f4"))
        for states, at in zip(sessions(3), rng.integers(0, 50, 12), strict=True)
    )
    captured = Captured(tuple(sessions()), asked)
    monkeypatch.setattr(bench, "capture", lambda *_: captured)
    for name, value in (("_QUICK_SIZES", (4000,)), ("_FEWEST_FITTED", 500), ("_SAMPLED", 256)):
        monkeypatch.setattr(bench, name, value)
    result = bench.run(True, 0, lambda done, total, what="": None)
    summary = result.summary["4000"]
    assert summary["recall_at_16"] >= 0.9
    assert summary["p50_ms"] > 0
    assert summary["insert_per_second"] > 0
    methods = [row["method"] for row in result.rows]
    assert methods[:2] == ["cmr", "exact scan"]
    assert len(methods) == 6
    assert len({tuple(row) for row in result.rows}) == 1
