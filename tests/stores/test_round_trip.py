"""Law 10 as a property: what is stored is what is loaded."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from reweaving.errors import InputError
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import MemoryEntry
from tests.stores.same import differences

DTYPES = (torch.float32, torch.float16, torch.bfloat16)
json_values: SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def states(draw: DrawFn, *shape: int) -> torch.Tensor:
    """Any finite bit patterns, subnormal numbers and minus zero among them."""
    dtype = draw(st.sampled_from(DTYPES))
    seed = draw(st.integers(0, 2**32 - 1))
    generator = torch.Generator().manual_seed(seed)
    bits = torch.randint(0, 256, (math.prod(shape) * dtype.itemsize,), generator=generator)
    state = bits.to(torch.uint8).view(dtype).view(shape)
    return torch.where(state.isfinite(), state, torch.zeros_like(state))


@st.composite
def entries(draw: DrawFn) -> MemoryEntry:
    tokens = draw(st.integers(1, 6))
    layers = draw(st.lists(st.integers(0, 40), min_size=1, max_size=3, unique=True))
    codec = draw(st.sampled_from(["hidden", "kv", "replay"]))
    kv = codec == "kv"
    return MemoryEntry(
        hidden_state=draw(states(len(layers), tokens, 4)) if codec == "hidden" else None,
        layer_idx=draw(st.sampled_from([tuple(sorted(layers)), layers[0]])),
        sequence_id=draw(st.text(max_size=10) | st.integers(-(2**70), 2**70)),
        position_idx=draw(st.integers(0, 10**6)),
        relevance_score=draw(st.floats(0, 1)),
        timestamp=draw(st.floats(0, 4e9)),
        access_count=draw(st.integers(0, 10**6)),
        last_access=draw(st.floats(0, 4e9)),
        metadata=draw(st.dictionaries(st.text(), json_values, max_size=3)),
        namespace="ann",
        codec=codec,
        keys=tuple(draw(states(2, tokens, 4)) for _ in layers) if kv else None,
        values=tuple(draw(states(2, tokens, 4)) for _ in layers) if kv else None,
        key_state=draw(st.none() | states(tokens, 4)),
        token_ids=tuple(
            draw(st.lists(st.integers(0, 2**31 - 1), min_size=tokens, max_size=tokens))
        ),
        text=draw(texts),
        role=draw(st.sampled_from(["", "user", "assistant"])),
        fingerprint=draw(st.sampled_from(["", "f" * 64])),
        pinned=draw(st.booleans()),
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(entries(), max_size=4))
def test_what_is_stored_is_what_is_loaded(stored: list[MemoryEntry]) -> None:
    store = SqliteStore.open(":memory:")
    store.put_many("ann", stored)
    loaded = store.get_many("ann", [entry.id for entry in stored])
    assert [differences(a, b) for a, b in zip(stored, loaded, strict=True)] == [[]] * len(stored)
    keyed = {key.id for key in store.keys("ann")}
    assert keyed == {entry.id for entry in stored if entry.key_state is not None}
    store.close()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["ann", "bob", "carl"]), entries()), max_size=8))
def test_namespaces_never_leak(placed: list[tuple[str, MemoryEntry]]) -> None:
    store = SqliteStore.open(":memory:")
    for namespace, entry in placed:
        store.put_many(namespace, [entry])
    for namespace in ("ann", "bob", "carl"):
        own = {entry.id for where, entry in placed if where == namespace}
        others = [entry for where, entry in placed if where != namespace]
        assert {entry.id for entry in store.scan(namespace)} == own
        assert {key.id for key in store.keys(namespace)} <= own
        assert store.get_many(namespace, [entry.id for entry in others]) == []
        for entry in others:
            assert {hit[0] for hit in store.search(namespace, entry.text, 100)} <= own
    store.close()


def entry(**fields: object) -> MemoryEntry:
    values: dict[str, object] = {
        "hidden_state": None,
        "layer_idx": 0,
        "sequence_id": "s",
        "position_idx": 0,
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hidden_state": torch.tensor([1.0, math.nan])}, "NaN"),
        ({"key_state": torch.tensor([[math.inf]])}, "infinite"),
        ({"hidden_state": torch.ones(2, dtype=torch.float64)}, "float64"),
        ({"keys": (torch.ones(1, 1, 2),), "values": ()}, "keys of 1 layers and values of 0"),
        ({"metadata": {1: 2}}, "come back"),
        ({"metadata": {"a": (1, 2)}}, "come back"),
        ({"metadata": {"a": math.nan}}, "not JSON"),
        ({"metadata": {"a": object()}}, "not JSON"),
        ({"text": "\ud800"}, "not Unicode"),
        ({"token_ids": (2**40,)}, "not token ids"),
        ({"timestamp": math.inf}, "finite"),
        ({"sequence_id": 1.5}, "string or an integer"),
        ({"id": ""}, "128 printable"),
        ({"id": "a\nb"}, "128 printable"),
        ({"pinned": "yes"}, "neither True nor False"),
    ],
)
def test_what_would_not_come_back_is_refused(fields: dict[str, object], message: str) -> None:
    store = SqliteStore.open(":memory:")
    with pytest.raises(InputError, match=message):
        store.put_many("ann", [entry(), entry(**fields)])
    assert list(store.scan("ann")) == []
    store.close()


def test_a_view_is_stored_without_its_base() -> None:
    big = torch.randn(1000, 4, 8)
    store = SqliteStore.open(":memory:")
    first = entry(hidden_state=big[3])
    store.put_many("ann", [first])
    assert store.ledger.counts("ann").payload_bytes < 400
    (found,) = store.get_many("ann", [first.id])
    assert found.hidden_state is not None
    assert torch.equal(found.hidden_state, big[3])
    store.close()
