"""A store moves into another one, of whatever kind: whole, compared, and resumable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reweaving.errors import DamagedEntryError, InputError, StoreError
from reweaving.memory.privacy.ephemeral import EphemeralStore
from reweaving.stores import transfer
from reweaving.stores.base import MemoryStore
from reweaving.stores.transfer import migrate
from reweaving.types import MemoryEntry
from tests.contracts.conftest import open_store
from tests.stores.conftest import MakeEntry
from tests.stores.same import differences

pytest_plugins = ["tests.stores.postgres_server"]


@pytest.fixture(params=["sqlite folder", "postgresql", "postgresql encrypted"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryStore]:
    """An empty store of each kind, beside the store of the other fixture."""
    if request.param.startswith("postgresql"):
        server = request.getfixturevalue("postgres_server")
        name = server.create_database(request.getfixturevalue("postgres_template"))
        opened = open_store(server.url(name), request.param)
        yield opened
        opened.close()
        server.drop_database(name)
    else:
        opened = open_store(str(tmp_path / "target"), request.param)
        yield opened
        opened.close()


@pytest.fixture
def entries(make_entry: MakeEntry) -> list[MemoryEntry]:
    """Entries of many kinds; two share a place and a time, two a payload."""
    made = [
        make_entry(f"Note {i}.", position_idx=i % 7, timestamp=float(i // 3)) for i in range(30)
    ]
    made[3].hidden_state = made[4].hidden_state
    made[5].metadata, made[5].tags = {"a": [1, None]}, ("x", "y")
    made[6].codec, made[6].hidden_state, made[6].key_state = "replay", None, None
    made[7].text, made[7].pinned, made[7].expires_at = "NUL \x00 and \U0001f600", True, 5.0
    made[8].access_count, made[8].last_access, made[8].tier = 9, 12.5, "working"
    return made


@pytest.fixture
def filled(store: MemoryStore, entries: list[MemoryEntry]) -> MemoryStore:
    """The source: entries, edits, deletions, notes in two namespaces."""
    store.put_many("ann", entries[:20])
    store.put_many("bob", entries[20:])
    store.update_many("ann", {entries[0].id: {"text": "Edited."}})
    entries[0].text = "Edited."
    store.delete_many("ann", [entries[19].id])
    store.ledger.set_note("ann", "model", {"fingerprint": "f" * 64})
    store.ledger.set_note("carl", "only", [1, 2])
    return store


def contents(store: MemoryStore, namespace: str) -> list[MemoryEntry]:
    return list(store.scan(namespace, payload=True))


def assert_same(left: MemoryStore, right: MemoryStore, namespace: str) -> None:
    found, expected = contents(right, namespace), contents(left, namespace)
    assert [differences(a, b) for a, b in zip(found, expected, strict=True)] == [[]] * len(expected)
    # A seal makes retrieval keys longer.
    counts = [replace(store.ledger.counts(namespace), key_bytes=0) for store in (left, right)]
    assert counts[0] == counts[1]
    for entry in expected:
        assert left.ledger.history(namespace, entry.id) == right.ledger.history(namespace, entry.id)


def test_everything_comes_over(
    filled: MemoryStore, target: MemoryStore, entries: list[MemoryEntry]
) -> None:
    told: list[tuple[int, int, str]] = []
    receipt = migrate(filled, target, progress=lambda *step: told.append(step))
    assert receipt.keys() == {"ann", "bob", "carl"}
    assert (receipt["ann"].copied, receipt["ann"].there, receipt["ann"].notes) == (19, 0, 1)
    assert (receipt["bob"].copied, receipt["carl"].copied, receipt["carl"].notes) == (10, 0, 1)
    assert receipt["ann"].events == 20 + 1 + 1
    assert target.namespaces() == filled.namespaces() == ["ann", "bob", "carl"]
    for namespace in ("ann", "bob", "carl"):
        assert_same(filled, target, namespace)
    gone = entries[19].id
    assert [event.what for event in target.ledger.history("ann", gone)] == ["added", "forgotten"]
    assert target.ledger.history("ann", gone) == filled.ledger.history("ann", gone)
    assert target.ledger.note("ann", "model") == {"fingerprint": "f" * 64}
    assert target.ledger.note("carl", "only") == [1, 2]
    assert (16, 19, "copying ann") in told
    assert (19, 19, "copying ann") in told
    assert [hit[0] for hit in target.search("ann", "edited", 3)] == [entries[0].id]


def test_one_namespace_comes_alone(filled: MemoryStore, target: MemoryStore) -> None:
    assert migrate(filled, target, ["bob"]).keys() == {"bob"}
    assert target.namespaces() == ["bob"]
    assert_same(filled, target, "bob")
    assert migrate(filled, target, ["nobody"])["nobody"].copied == 0


def test_what_is_kept_in_ram_alone_stays_there(
    store: MemoryStore, target: MemoryStore, make_entry: MakeEntry
) -> None:
    around = EphemeralStore(store)
    around.keep_in_ram("ann", "monday")
    around.put_many("ann", [make_entry("secret"), make_entry("open", sequence_id="tuesday")])
    assert len(list(around.scan("ann"))) == 2, "the premise of this test"
    migrate(around, target)
    assert [entry.text for entry in contents(target, "ann")] == ["open"]


def test_an_interrupted_transfer_goes_on(
    filled: MemoryStore, target: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_PAGE", 4)
    real, calls = target.put_many, []

    def fail(*arguments: Any, **named: Any) -> None:
        calls.append(arguments)
        if len(calls) == 3:
            raise StoreError("the disk is full")
        real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(target, "put_many", fail)
        with pytest.raises(StoreError, match="disk is full"):
            migrate(filled, target)
    assert len(contents(target, "ann")) == 8
    receipt = migrate(filled, target)
    assert (receipt["ann"].copied, receipt["ann"].there) == (11, 8)
    for namespace in ("ann", "bob", "carl"):
        assert_same(filled, target, namespace)
    again = migrate(filled, target)
    assert (again["ann"].copied, again["ann"].there) == (0, 19)
    assert_same(filled, target, "ann")


def test_what_changed_in_between_is_kept(
    filled: MemoryStore, target: MemoryStore, entries: list[MemoryEntry], make_entry: MakeEntry
) -> None:
    migrate(filled, target)
    ids = [entry.id for entry in entries]
    target.delete_many("ann", [ids[1]])
    target.update_many("ann", {ids[2]: {"pinned": True, "accesses": 3}})
    added, own = make_entry("of the source"), make_entry("of the target")
    filled.put_many("ann", [added])
    target.put_many("ann", [own])
    filled.update_many("ann", {ids[2]: {"relevance_score": 0.5}})
    receipt = migrate(filled, target)["ann"]
    assert (receipt.copied, receipt.there, receipt.gone) == (1, 18, (ids[1],))
    assert target.get_many("ann", [ids[1]]) == [], "what was forgotten stays forgotten"
    (kept,) = target.get_many("ann", [ids[2]])
    assert (kept.pinned, kept.access_count) == (True, 3)
    whats = [event.what for event in target.ledger.history("ann", ids[2])]
    assert whats == ["added", "updated", "updated"]
    assert [e.what for e in target.ledger.history("ann", ids[1])] == ["added", "forgotten"]
    assert target.ledger.history("ann", added.id) == filled.ledger.history("ann", added.id)
    assert {entry.id for entry in contents(target, "ann")} >= {added.id, own.id}


def test_what_is_something_else_there_is_refused(
    filled: MemoryStore, target: MemoryStore, entries: list[MemoryEntry], make_entry: MakeEntry
) -> None:
    target.put_many("ann", [make_entry("Something else.", id=entries[11].id)])
    with pytest.raises(InputError, match=entries[11].id):
        migrate(filled, target)
    assert [entry.text for entry in contents(target, "ann")] == ["Something else."]
    assert target.ledger.note("ann", "model") is None
    target.delete_many("ann", [entries[11].id])
    target.ledger.clear("ann")
    target.ledger.set_note("ann", "model", {"fingerprint": "a" * 64})
    with pytest.raises(InputError, match="'model'"):
        migrate(filled, target)
    assert contents(target, "ann") == []
    target.ledger.set_note("ann", "model", None)
    migrate(filled, target)
    assert_same(filled, target, "ann")


def test_what_does_not_arrive_as_it_was_sent_is_an_error(
    filled: MemoryStore, target: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = target.put_many

    def change(namespace: str, entries: list[MemoryEntry], **named: Any) -> None:
        kept = entries[2].key_state
        entries[2].key_state = None
        real(namespace, entries, **named)
        entries[2].key_state = kept

    monkeypatch.setattr(target, "put_many", change)
    with pytest.raises(StoreError, match="did not read back"):
        migrate(filled, target, ["ann"])


def test_damage_in_the_source_is_not_copied(
    filled: MemoryStore, target: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*arguments: Any, **named: Any) -> list[MemoryEntry]:
        raise DamagedEntryError("entry x is damaged")

    monkeypatch.setattr(filled, "get_many", damaged)
    with pytest.raises(DamagedEntryError):
        migrate(filled, target)
    assert contents(target, "ann") == []


def test_a_ledger_that_cannot_be_listed_is_refused(
    filled: MemoryStore, target: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(filled), "ledger", property(lambda self: object()))
    with pytest.raises(StoreError, match="OpenBook"):
        migrate(filled, target, ["ann"])
