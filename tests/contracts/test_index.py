"""The derived index beside the entries, on each store: kept while it is true, and no longer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reweaving.stores.base import MemoryStore
from reweaving.stores.master_key import StoreKey
from reweaving.types import MemoryEntry
from tests.contracts.conftest import open_store
from tests.stores.conftest import MakeEntry
from tests.stores.indexed import index_of, keep_index, spans_of
from tests.stores.sealed import OTHER

pytest_plugins = ["tests.stores.postgres_server"]

KEEPING = (
    "sqlite folder",
    "postgresql",
)  # not in RAM, where it would outlive nobody, nor encrypted


def filled(store: MemoryStore, make: MakeEntry, namespace: str = "ann") -> list[MemoryEntry]:
    generator = torch.Generator().manual_seed(len(namespace))
    entries = [
        make(
            f"{namespace} {at}",
            key_state=torch.randn(4, 80, generator=generator),
            sequence_id=f"{namespace} {at // 7}",
            position_idx=10 * (at % 7),
        )
        for at in range(40)
    ]
    store.put_many(namespace, entries)
    return entries


class TestKept:
    """On the stores that keep it."""

    @pytest.fixture(params=KEEPING)
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_another_process_reads_what_was_kept(
        self, store: MemoryStore, kind: str, place: str, make_entry: MakeEntry
    ) -> None:
        filled(store, make_entry)
        index = keep_index(store, "ann")
        other = open_store(place, kind)
        found = other.load_index("ann")
        assert found is not None
        assert found.marked() == index.marked()
        np.testing.assert_array_equal(found.sketcher.basis, index.sketcher.basis)
        for name, array in vars(index.segments[0]).items():
            np.testing.assert_array_equal(getattr(found.segments[0], name), array)
        other.close()

    def test_an_index_of_any_size_comes_back(
        self, store: MemoryStore, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from reweaving.stores import postgres_index

        filled(store, make_entry)
        for part_bytes in (1000, 10**9):  # many parts after one, and one after many
            monkeypatch.setattr(postgres_index, "_PART_BYTES", part_bytes)
            index = keep_index(store, "ann")
            found = store.load_index("ann")
            assert found is not None
            assert found.marked() == index.marked()

    def test_an_index_of_an_earlier_generation_is_not_kept(
        self, store: MemoryStore, make_entry: MakeEntry
    ) -> None:
        entries = filled(store, make_entry)
        generation, index = store.ledger.generation("ann"), index_of(spans_of(store, "ann"))
        store.delete_many("ann", [entries[3].id])
        assert not store.save_index("ann", index, generation)
        assert store.load_index("ann") is None

    def test_forgetting_leaves_nothing_of_an_entry_in_it(
        self, store: MemoryStore, make_entry: MakeEntry
    ) -> None:
        entries = filled(store, make_entry)
        keep_index(store, "ann")
        store.delete_many("ann", [entry.id for entry in entries[:5]])
        store.erase("ann")
        found = store.load_index("ann")
        assert found is not None
        assert found.marked().keys() == {entry.id for entry in entries[5:]}
        assert len(found) == 35
        store.delete_many("ann", [entry.id for entry in entries[5:]])
        store.erase("ann")
        assert store.load_index("ann") is None

    def test_namespaces_have_indexes_of_their_own(
        self, store: MemoryStore, make_entry: MakeEntry
    ) -> None:
        filled(store, make_entry)
        keep_index(store, "ann")
        assert store.load_index("bob") is None
        theirs = {entry.id for entry in filled(store, make_entry, "bob")}
        keep_index(store, "bob")
        for namespace, own in (("bob", True), ("ann", False)):
            found = store.load_index(namespace)
            assert found is not None
            assert (found.marked().keys() == theirs) is own
        store.delete_many("bob", sorted(theirs))
        store.erase("bob")
        assert store.load_index("bob") is None
        assert store.load_index("ann") is not None

    def test_another_key_takes_it_away(self, store: MemoryStore, make_entry: MakeEntry) -> None:
        filled(store, make_entry)
        keep_index(store, "ann")
        store.rotate_key(StoreKey(OTHER))
        assert store.load_index("ann") is None
        store.rotate_key(None)
        assert store.load_index("ann") is None


class TestNotKept:
    """On the stores that keep none."""

    @pytest.fixture(params=["sqlite in RAM", "sqlite encrypted", "postgresql encrypted"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_nothing_is_kept(self, store: MemoryStore, make_entry: MakeEntry) -> None:
        filled(store, make_entry)
        index = index_of(spans_of(store, "ann"))
        assert not store.save_index("ann", index, store.ledger.generation("ann"))
        assert store.load_index("ann") is None
