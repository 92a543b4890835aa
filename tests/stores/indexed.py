"""Indexes for tests: of made-up spans, whose words are fixed vectors, and of what a store holds."""

from __future__ import annotations

import numpy as np

from reweaving.stores.base import MemoryStore
from reweaving.stores.index import IndexedSpan, SpanIndex
from reweaving.stores.index_sketch import Floats

HIDDEN = 160
_rng = np.random.default_rng(7)
WORDS = _rng.standard_normal((150, HIDDEN)).astype(np.float32)
OFFSET = 3.0


def said(words: list[int], seed: int) -> Floats:
    noise = np.random.default_rng(seed).standard_normal((len(words), HIDDEN))
    return (WORDS[words] + 0.2 * noise + OFFSET).astype(np.float32)


def spans(count: int, seed: int = 0) -> list[IndexedSpan]:
    rng = np.random.default_rng(seed)
    return [
        IndexedSpan(
            id=f"entry-{seed}-{at}",
            mark=int(rng.integers(0, 2**63)),
            session=f"session {at // 7}",
            position=10 * (at % 7),
            states=said(rng.integers(0, len(WORDS), rng.integers(2, 9)).tolist(), at),
        )
        for at in range(count)
    ]


def index_of(made: list[IndexedSpan]) -> SpanIndex:
    tokens = sum(len(span.states) for span in made)
    return SpanIndex.fitted([span.states for span in made], tokens).grown([made])


def keep_index(store: MemoryStore, namespace: str) -> SpanIndex:
    """Make the index of what a store holds of a namespace, and let the store keep it."""
    index = index_of(spans_of(store, namespace))
    assert store.save_index(namespace, index, store.ledger.generation(namespace))
    return index


def spans_of(store: MemoryStore, namespace: str) -> list[IndexedSpan]:
    marks = {mark.id: mark.mark for mark in store.key_marks(namespace)}
    return [
        IndexedSpan(key.id, marks[key.id], key.session, key.position, key.state.float().numpy())
        for key in store.keys(namespace)
    ]
