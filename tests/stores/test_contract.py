"""What every store does, here for SQLite and all that wraps it; `tests/contracts` asks the same of PostgreSQL."""

from __future__ import annotations

import threading

import pytest
import torch

from reweaving.errors import ConflictError, InputError, StoreClosedError
from reweaving.stores.base import MemoryStore, Room, Selection
from tests.stores.conftest import MakeEntry
from tests.stores.same import differences


def test_entries_come_back_in_the_order_asked_for(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    entries = [make_entry(f"text {i}", position_idx=i, namespace="ann") for i in range(5)]
    store.put_many("ann", entries)
    wanted = [entries[3].id, "nobody", entries[0].id]
    found = store.get_many("ann", wanted)
    assert [entry.id for entry in found] == [entries[3].id, entries[0].id]
    assert differences(found[0], entries[3]) == []


def test_without_payload_only_the_states_are_missing(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    entry = make_entry(namespace="ann")
    store.put_many("ann", [entry])
    (found,) = store.get_many("ann", [entry.id], payload=False)
    assert differences(found, entry) == ["hidden_state", "key_state"]


def test_scan_selects_and_orders(store: MemoryStore, make_entry: MakeEntry) -> None:
    places = [("b", 9), ("a", 40), ("a", 5), ("b", 1), (1, 3), ("1", 3)]
    store.put_many(
        "ann",
        [
            make_entry(f"Note {i}", sequence_id=session, position_idx=position, timestamp=100.0 + i)
            for i, (session, position) in enumerate(places)
        ],
    )
    everything = [(entry.sequence_id, entry.position_idx) for entry in store.scan("ann")]
    assert everything.index(("a", 5)) + 1 == everything.index(("a", 40))
    assert everything.index(("b", 1)) + 1 == everything.index(("b", 9))
    assert sorted(map(str, everything)) == sorted(map(str, places))

    def texts(**conditions: object) -> list[str]:
        return [entry.text for entry in store.scan("ann", Selection(**conditions))]  # type: ignore[arg-type]

    assert texts(session="a") == ["Note 2", "Note 1"]
    assert texts(session=1) == ["Note 4"]
    assert texts(session="1") == ["Note 5"]
    assert texts(text="NOTE 3") == ["Note 3"]
    assert texts(newest_first=True, limit=2) == ["Note 5", "Note 4"]
    assert sorted(texts(before=102.0)) == ["Note 0", "Note 1"]
    assert texts(limit=0) == []


def test_scan_survives_deletions_in_between(store: MemoryStore, make_entry: MakeEntry) -> None:
    entries = [make_entry(str(i), position_idx=i) for i in range(600)]
    store.put_many("ann", entries)
    scan = store.scan("ann")
    first = next(scan)
    store.delete_many("ann", [entry.id for entry in entries[1:500]])
    rest = [entry.position_idx for entry in scan]
    assert first.position_idx == 0
    assert rest[-100:] == list(range(500, 600))


def test_keys_come_in_session_order_without_payloads(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    late, early = make_entry(position_idx=40), make_entry(position_idx=4)
    without = make_entry(position_idx=50, key_state=None)
    store.put_many("ann", [late, early, without])
    keys = list(store.keys("ann"))
    assert [(key.id, key.session, key.position) for key in keys] == [
        (early.id, "monday", 4),
        (late.id, "monday", 40),
    ]
    assert early.key_state is not None
    assert torch.equal(keys[0].state, early.key_state)


def test_search_ranks_by_words(store: MemoryStore, make_entry: MakeEntry) -> None:
    texts = [
        "My project is called Aurora.",
        "The project meeting is on Monday.",
        "I like tea.",
        "He calls his boats 'Aurora', and aurora they are.",
    ]
    store.put_many("ann", [make_entry(text) for text in texts])
    hits = store.search("ann", "aurora project", 10)
    found = [entry.text for entry in store.get_many("ann", [hit[0] for hit in hits])]
    assert found[0] == texts[0]
    assert set(found) == {texts[0], texts[1], texts[3]}
    assert [hit[1] for hit in hits] == sorted((hit[1] for hit in hits), reverse=True)
    assert store.search("ann", "zebra", 10) == []
    assert len(store.search("ann", "aurora project", 1)) == 1


@pytest.mark.parametrize("query", ['"', "AND", 'NEAR("a b")', "a*", "text:a", "", "-", "(", "^x"])
def test_search_takes_any_text(store: MemoryStore, make_entry: MakeEntry, query: str) -> None:
    store.put_many("ann", [make_entry("a near and text")])
    assert len(store.search("ann", query, 5)) <= 1


def test_namespaces_see_nothing_of_each_other(store: MemoryStore, make_entry: MakeEntry) -> None:
    shared = make_entry("The secret is Aurora.")
    store.put_many("ann", [shared])
    before = store.search("ann", "secret Aurora", 5), store.ledger.counts("ann")
    other = make_entry("The secret is Aurora.", id=shared.id, hidden_state=shared.hidden_state)
    store.put_many("bob", [other, *(make_entry("secret Aurora again") for _ in range(20))])
    assert (store.search("ann", "secret Aurora", 5), store.ledger.counts("ann")) == before
    assert store.ledger.generation("ann") == 1
    store.delete_many("bob", [shared.id])
    store.update_many("bob", {shared.id: {"pinned": True}})
    (kept,) = store.get_many("ann", [shared.id])
    assert differences(kept, shared) == ["namespace"]
    assert store.get_many("carl", [shared.id]) == []
    assert list(store.scan("carl")) == []
    assert list(store.keys("carl")) == []
    assert store.search("carl", "secret", 5) == []
    assert store.ledger.history("carl", shared.id) == []


def test_put_is_all_or_nothing(store: MemoryStore, make_entry: MakeEntry) -> None:
    first = make_entry()
    store.put_many("ann", [first])
    with pytest.raises(InputError, match="already"):
        store.put_many("ann", [make_entry("new"), make_entry("again", id=first.id)])
    bad = make_entry("bad", hidden_state=torch.full((2, 3, 8), float("nan")))
    with pytest.raises(InputError, match="NaN"):
        store.put_many("ann", [make_entry("new"), bad])
    assert [entry.id for entry in store.scan("ann")] == [first.id]
    assert store.ledger.generation("ann") == 1
    (kept,) = store.get_many("ann", [first.id])
    assert kept.text == first.text


def test_update_changes_what_it_names(store: MemoryStore, make_entry: MakeEntry) -> None:
    entry = make_entry("The old wording.", namespace="ann")
    store.put_many("ann", [entry])
    change = {"text": "A new wording.", "metadata": {"by": "me"}, "relevance_score": 0.25}
    assert store.update_many("ann", {entry.id: change, "nobody": {"pinned": True}}) == 1
    (found,) = store.get_many("ann", [entry.id])
    assert differences(found, entry) == ["relevance_score", "metadata", "text"]
    assert store.search("ann", "old", 5) == []
    assert len(store.search("ann", "new", 5)) == 1
    assert [event.what for event in store.ledger.history("ann", entry.id)] == ["added", "updated"]
    assert store.ledger.generation("ann") == 2
    with pytest.raises(InputError, match="cannot be changed"):
        store.update_many("ann", {entry.id: {"token_ids": (1,)}})


def test_accesses_add_up_and_leave_the_generation(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    store.put_many("ann", [entry])
    for at in (10.0, 20.0):
        store.update_many("ann", {entry.id: {"accesses": 1, "last_access": at}})
    (found,) = store.get_many("ann", [entry.id])
    assert (found.access_count, found.last_access) == (2, 20.0)
    assert store.ledger.generation("ann") == 1


def test_payload_lives_as_long_as_one_entry_needs_it(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    first = make_entry()
    second = make_entry("twin", hidden_state=first.hidden_state)
    store.put_many("ann", [first])
    store.put_many("ann", [second])
    assert store.delete_many("ann", [first.id, "nobody"]).ids == (first.id,)
    (kept,) = store.get_many("ann", [second.id])
    assert differences(kept, second) == ["namespace"]
    store.delete_many("ann", [second.id])
    assert list(store.scan("ann")) == []
    assert store.ledger.counts("ann").payload_bytes == 0


def test_room_is_made_in_the_same_transaction(store: MemoryStore, make_entry: MakeEntry) -> None:
    old, stays = make_entry("old"), make_entry("stays")
    store.put_many("ann", [old, stays])
    at = store.ledger.generation("ann")
    new = make_entry("new")
    for bad in ([make_entry("new", id=stays.id)], [make_entry(relevance_score=float("nan"))]):
        with pytest.raises(InputError):
            store.put_many("ann", bad, room=Room(at, (old.id,), {stays.id: "working"}))
    assert [entry.tier for entry in store.scan("ann")] == ["recent", "recent"]
    with pytest.raises(ConflictError):
        store.put_many("ann", [new], room=Room(at - 1, (old.id,)))
    assert {entry.id for entry in store.scan("ann")} == {old.id, stays.id}
    store.put_many("ann", [new], room=Room(at, (old.id,), {stays.id: "working"}))
    assert {e.id: e.tier for e in store.scan("ann")} == {stays.id: "working", new.id: "recent"}
    assert [event.what for event in store.ledger.history("ann", old.id)] == ["added", "evicted"]
    assert [event.what for event in store.ledger.history("ann", stays.id)] == ["added"]
    assert store.ledger.generation("ann") > at
    size = store.ledger.counts("ann").payload_bytes
    store.put_many("ann", [], room=Room(store.ledger.generation("ann"), (new.id,)))
    assert [entry.id for entry in store.scan("ann")] == [stays.id]
    assert store.ledger.counts("ann").payload_bytes == size / 2


def test_a_payload_can_be_dropped_and_the_key_stays(
    store: MemoryStore, make_entry: MakeEntry
) -> None:
    entry, twin = make_entry(namespace="ann"), make_entry("twin", namespace="ann")
    twin.hidden_state = entry.hidden_state
    store.put_many("ann", [entry, twin])
    generation = store.ledger.generation("ann")
    assert store.update_many("ann", {entry.id: {"codec": "replay"}}) == 1
    (shrunk,) = store.get_many("ann", [entry.id])
    assert differences(shrunk, entry) == ["hidden_state", "codec"]
    assert (shrunk.hidden_state, shrunk.codec) == (None, "replay")
    assert store.ledger.generation("ann") > generation
    (kept,) = store.get_many("ann", [twin.id])
    assert differences(kept, twin) == []
    store.update_many("ann", {twin.id: {"codec": "replay"}})
    assert store.ledger.counts("ann").payload_bytes == 0
    with pytest.raises(InputError, match="replay"):
        store.update_many("ann", {entry.id: {"codec": "kv"}})


def test_holdings_tell_size_and_use(store: MemoryStore, make_entry: MakeEntry) -> None:
    young = make_entry("young", timestamp=20.0, relevance_score=0.5, pinned=True, layer_idx=3)
    old = make_entry("old", timestamp=10.0, tier="working", access_count=2, last_access=15.0)
    store.put_many("ann", [young, old])
    store.put_many("bob", [make_entry()])
    first, second = store.holdings("ann")
    assert (first.id, first.layers, first.tier, first.pinned) == (old.id, (0, 1), "working", False)
    assert (first.tokens, first.relevance, first.created) == (3, 1.0, 10.0)
    assert (first.access_count, first.last_access) == (2, 15.0)
    assert (second.id, second.layers, second.pinned, second.relevance) == (
        young.id,
        (3,),
        True,
        0.5,
    )
    counts = store.ledger.counts("ann")
    states = sum(state.nbytes for entry in (young, old) for state in entry.states())
    assert states <= first.bytes + second.bytes <= counts.key_bytes + counts.payload_bytes


@pytest.mark.parametrize("change", [{"tier": "long_term"}, {"expires_at": 9.0}, {"accesses": 1}])
def test_use_alone_makes_no_new_generation(
    store: MemoryStore, make_entry: MakeEntry, change: dict[str, object]
) -> None:
    entry = make_entry()
    store.put_many("ann", [entry])
    assert store.update_many("ann", {entry.id: change}) == 1
    assert store.ledger.generation("ann") == 1


def test_ledger_keeps_notes_and_history(store: MemoryStore, make_entry: MakeEntry) -> None:
    ledger = store.ledger
    assert ledger.note("ann", "calibration") is None
    ledger.set_note("ann", "calibration", {"threshold": 0.5})
    ledger.set_note("ann", "calibration", {"threshold": 0.75})
    assert ledger.note("ann", "calibration") == {"threshold": 0.75}
    assert ledger.note("bob", "calibration") is None
    entry = make_entry()
    store.put_many("ann", [entry])
    store.delete_many("ann", [entry.id])
    assert [event.what for event in ledger.history("ann", entry.id)] == ["added", "forgotten"]
    ledger.clear("ann")
    assert ledger.note("ann", "calibration") is None
    assert ledger.history("ann", entry.id) == []
    assert ledger.generation("ann") == 2
    with pytest.raises(InputError, match="not JSON"):
        ledger.set_note("ann", "bad", {1, 2})


def test_counts(store: MemoryStore, make_entry: MakeEntry) -> None:
    store.put_many("ann", [make_entry(), make_entry(sequence_id=2, pinned=True)])
    counts = store.ledger.counts("ann")
    assert (counts.entries, counts.tokens, counts.sessions, counts.pinned) == (2, 6, 2, 1)
    assert 0 <= counts.key_bytes - 2 * 3 * 8 * 2 <= 2 * 33, "encrypted, each is 33 bytes longer"
    assert counts.payload_bytes > 2 * 2 * 3 * 8 * 4


def test_threads_lose_nothing(store: MemoryStore, make_entry: MakeEntry) -> None:
    batches = [[make_entry(f"{i} {j}") for j in range(5)] for i in range(8)]

    def write(batch: list[object]) -> None:
        for entry in batch:
            store.put_many("ann", [entry])  # type: ignore[list-item]
            list(store.scan("ann"))

    threads = [threading.Thread(target=write, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {entry.id for batch in batches for entry in batch}
    assert {entry.id for entry in store.scan("ann", payload=True)} == expected
    assert store.ledger.generation("ann") == len(expected)


def test_closed_store_says_so(store: MemoryStore, make_entry: MakeEntry) -> None:
    store.put_many("ann", [make_entry()])
    store.close()
    store.close()
    calls = [
        lambda: store.put_many("ann", [make_entry()]),
        lambda: store.get_many("ann", ["x"]),
        lambda: list(store.scan("ann")),
        lambda: list(store.keys("ann")),
        lambda: store.search("ann", "x", 1),
        lambda: store.delete_many("ann", ["x"]),
        lambda: store.update_many("ann", {"x": {"pinned": True}}),
        lambda: store.erase("ann"),
        lambda: store.ledger.generation("ann"),
    ]
    for call in calls:
        with pytest.raises(StoreClosedError, match="closed"):
            call()
