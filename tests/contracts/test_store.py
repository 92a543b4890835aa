"""What every store does, on each of them: files, RAM and PostgreSQL."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reweaving.errors import InputError
from reweaving.stores.base import MemoryStore
from reweaving.types import MemoryEntry
from tests.stores.conftest import MakeEntry
from tests.stores.same import differences
from tests.stores.test_contract import *  # noqa: F403
from tests.stores.test_round_trip import entries

pytest_plugins = ["tests.stores.postgres_server"]

# One store for all examples: each begins by emptying it.
many = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def empty(store: MemoryStore, *namespaces: str) -> None:
    for namespace in namespaces:
        store.delete_many(namespace, [entry.id for entry in store.scan(namespace)])


@many
@given(stored=st.lists(entries(), max_size=4))
def test_what_is_stored_is_what_is_loaded(store: MemoryStore, stored: list[MemoryEntry]) -> None:
    empty(store, "ann")
    store.put_many("ann", stored)
    loaded = store.get_many("ann", [entry.id for entry in stored])
    assert [differences(a, b) for a, b in zip(stored, loaded, strict=True)] == [[]] * len(stored)
    scanned = {entry.id: entry for entry in store.scan("ann", payload=True)}
    assert all(differences(scanned[entry.id], entry) == [] for entry in stored)
    keys = {key.id: key.state for key in store.keys("ann")}
    assert keys.keys() == {entry.id for entry in stored if entry.key_state is not None}


@settings(many, max_examples=15)
@given(placed=st.lists(st.tuples(st.sampled_from(["ann", "bob", "carl"]), entries()), max_size=6))
def test_namespaces_never_leak(store: MemoryStore, placed: list[tuple[str, MemoryEntry]]) -> None:
    empty(store, "ann", "bob", "carl")
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


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1a", "\x1a0", "\x1a\x001", "ünï \U0001f600"])
def test_any_character_comes_back(store: MemoryStore, make_entry: MakeEntry, text: str) -> None:
    entry = make_entry(text, role=text, metadata={"note": text}, sequence_id=text, namespace="ann")
    store.put_many("ann", [entry])
    store.update_many("ann", {entry.id: {"source": text}})
    (found,) = store.get_many("ann", [entry.id])
    assert differences(found, entry) == ["source"]
    assert found.source == text
    store.ledger.set_note("ann", "a\x00key", {"value": text})
    assert store.ledger.note("ann", "a\x00key") == {"value": text}


def test_what_is_no_text_is_refused_by_name(store: MemoryStore, make_entry: MakeEntry) -> None:
    store.put_many("ann", [make_entry(id="a")])
    half = "\ud800"
    for call in (
        lambda: store.get_many("ann", [half]),
        lambda: store.matching_ids("ann", half),
        lambda: store.delete_many("ann", ["a", half]),
        lambda: store.ledger.set_note("ann", half, {}),
    ):
        with pytest.raises(InputError, match="surrogate"):
            call()
    assert store.matching_ids("ann", "") == ["a"]


def test_notes_can_be_spared_when_a_ledger_is_cleared(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    store.put_many("ann", [entry])
    for name in ("a\x00wish", "layer", "other"):
        store.ledger.set_note("ann", name, name)
        store.ledger.set_note("bob", name, name)
    generation = store.ledger.generation("ann")
    store.ledger.clear("ann", keep=("a\x00wish", "layer", "never set"))
    kept = {name: store.ledger.note("ann", name) for name in ("a\x00wish", "layer", "other")}
    assert kept == {"a\x00wish": "a\x00wish", "layer": "layer", "other": None}
    assert store.ledger.history("ann", entry.id) == []
    store.ledger.clear("ann")
    assert store.ledger.note("ann", "layer") is None
    assert store.ledger.note("bob", "other") == "other"
    assert store.ledger.generation("ann") == generation


def test_words_are_stemmed(store: MemoryStore, make_entry: MakeEntry) -> None:
    store.put_many("ann", [make_entry("He was calling about two boats, CAFÉS and e-mails.")])
    for query in ("call", "boat", "cafe", "Café", "mail", "zebra boats"):
        assert len(store.search("ann", query, 5)) == 1, query
    for query in ("calamity", "zebra", "goat"):
        assert store.search("ann", query, 5) == [], query


def test_an_id_twice_in_one_call_is_refused(store: MemoryStore, make_entry: MakeEntry) -> None:
    entry = make_entry()
    with pytest.raises(InputError, match="already"):
        store.put_many("ann", [entry, make_entry("other", id=entry.id)])
    assert list(store.scan("ann")) == []
    store.put_many("ann", [entry])
    with pytest.raises(InputError, match="already"):
        store.put_many("ann", [entry])


def test_entries_of_one_place_keep_their_order(store: MemoryStore, make_entry: MakeEntry) -> None:
    for number in range(4):
        store.put_many("ann", [make_entry(f"{number} {i}", timestamp=5.0) for i in range(3)])
    expected = [f"{number} {i}" for number in range(4) for i in range(3)]
    assert [entry.text for entry in store.scan("ann")] == expected


def test_namespaces_are_listed(store: MemoryStore, make_entry: MakeEntry) -> None:
    assert store.namespaces() == []
    store.put_many("bob", [make_entry()])
    store.ledger.set_note("ann", "calibration", 1)
    entry = make_entry()
    store.put_many("carl", [entry])
    store.delete_many("carl", [entry.id])
    store.delete_many("dora", ["nobody"])
    assert store.namespaces() == ["ann", "bob", "carl"]  # what was forgotten has a history
    store.ledger.clear("carl")
    store.ledger.set_note("ann", "calibration", None)
    assert store.namespaces() == ["bob"]


def test_states_are_exchanged_in_place(store: MemoryStore, make_entry: MakeEntry) -> None:
    old = make_entry("The sky is green.", tags=("sky",), namespace="ann")
    other = make_entry("Grass is red.", namespace="ann")
    store.put_many("ann", [old, other])
    new = make_entry(
        "ignored", id=old.id, namespace="ann", codec="kv", hidden_state=None,
        keys=(torch.ones(1, 3, 4),) * 2, values=(torch.zeros(1, 3, 4),) * 2, fingerprint="a" * 64,
    )  # fmt: skip
    stranger = make_entry("stranger")
    left = store.replace_many("ann", [new, stranger], what="reencoded", whole=True)
    assert left == (other.id,)
    assert differences(store.get_many("ann", [old.id])[0], old) == []
    notes = {"model": {"fingerprint": "a" * 64}}
    assert store.replace_many("ann", iter([new, stranger]), what="reencoded", notes=notes) == ()
    (found,) = store.get_many("ann", [old.id])
    assert found.text == "The sky is green."
    assert found.tags == ("sky",)
    new.text, new.tags, new.timestamp = old.text, old.tags, old.timestamp
    assert differences(found, new) == []
    assert store.ledger.note("ann", "model") == notes["model"]
    assert [event.what for event in store.ledger.history("ann", old.id)] == ["added", "reencoded"]
    (key,) = [key.state for key in store.keys("ann") if key.id == old.id]
    assert torch.equal(key, new.key_state)
    store.delete_many("ann", [old.id, other.id])
    assert store.ledger.counts("ann").payload_bytes == 0


def test_ids_are_found_by_their_beginning(store: MemoryStore, make_entry: MakeEntry) -> None:
    ids = ["ab1", "ab2", "ac", "b%", "b_"]
    store.put_many("ann", [make_entry(id=name) for name in ids])
    store.put_many("bob", [make_entry(id="ab3")])
    assert store.matching_ids("ann", "ab") == ["ab1", "ab2"]
    assert store.matching_ids("ann", "b%") == ["b%"]
    assert store.matching_ids("ann", "c") == []


def test_expired_entries_are_named(store: MemoryStore, make_entry: MakeEntry) -> None:
    early, late = make_entry(expires_at=10.0), make_entry(expires_at=20.0)
    store.put_many("ann", [early, late, make_entry()])
    store.put_many("bob", [make_entry(expires_at=1.0)])
    assert store.expired("ann", 9.9) == []
    assert store.expired("ann", 10.0) == [early.id]
    assert store.expired("ann", 30.0) == [early.id, late.id]
