"""`LayeredMemoryBuffer` alone: what it finds, what it lets go of, where it puts things."""

from __future__ import annotations

import json
import statistics
import threading
import time
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving import Memory, MemoryEntry
from reweaving.errors import (
    CapacityError,
    DamagedEntryError,
    InputError,
    RegistryError,
    StoreFormatError,
)
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.memory.eviction.base import EVICTION_POLICIES
from tests.stores.same import differences

HIDDEN = 8


def state(number: int, tokens: int = 2) -> torch.Tensor:
    return torch.randn(tokens, HIDDEN, generator=torch.Generator().manual_seed(number))


def entry(number: int, layer: int | tuple[int, ...] = 0, **fields: object) -> MemoryEntry:
    values: dict[str, object] = {
        "relevance_score": 0.5,
        "timestamp": float(number),
        "id": f"{number}",
        "token_ids": (number, number),
    }
    session = fields.pop("sequence_id", "monday")
    return MemoryEntry(state(number), layer, session, number, **{**values, **fields})  # type: ignore[arg-type]


def ids(entries: list[MemoryEntry]) -> list[str]:
    return [found.id for found in entries]


def test_documented_defaults() -> None:
    buffer = LayeredMemoryBuffer()
    assert buffer.limits.layer.entries == 1000
    assert buffer.limits.total.entries == 5000
    positional = LayeredMemoryBuffer(3, 7, "age")
    assert (positional.limits.layer.entries, positional.limits.total.entries) == (3, 7)
    with pytest.raises(RegistryError, match="did you mean 'lru'"):
        LayeredMemoryBuffer(eviction_strategy="lr")


def test_recent_means_read_last() -> None:
    buffer = LayeredMemoryBuffer()
    for number in (3, 9, 5):
        buffer.add_entry(entry(number))
    buffer.add_entry(entry(10, layer=1))
    buffer.add_entry(entry(4, timestamp=5.0))
    assert ids(buffer.retrieve_recent(0)) == ["9", "4", "5", "3"]
    assert ids(buffer.retrieve_recent(0, k=2)) == ["9", "4"]
    assert buffer.retrieve_recent(7) == []


def test_relevant_means_like_the_query() -> None:
    buffer = LayeredMemoryBuffer()
    for number in range(20):
        buffer.add_entry(entry(number, layer=number % 2))
    assert ids(buffer.retrieve_relevant(state(6), 0, k=1)) == ["6"]
    assert ids(buffer.retrieve_relevant(state(6)[:1][None], 0))[0] == "6"
    assert ids(buffer.retrieve_relevant(state(6)[0], 0, k=3))[0] == "6"
    assert "6" not in ids(buffer.retrieve_relevant(state(6), 1, k=20))
    assert len(buffer.retrieve_relevant(state(6), 0)) == 5
    buffer.discard(["6"])
    assert "6" not in ids(buffer.retrieve_relevant(state(6), 0, k=20))
    buffer.add_entry(entry(6))
    assert ids(buffer.retrieve_relevant(state(6), 0, k=1)) == ["6"]
    with pytest.raises(InputError, match="8 numbers"):
        buffer.retrieve_relevant(torch.ones(5), 0)


@given(counts=st.lists(st.integers(1, 4), min_size=1, max_size=6), asked=st.integers(1, 3))
def test_similarity_is_its_formula(counts: list[int], asked: int) -> None:
    """The mean over query states of the best cosine inside each entry, all centred: in plain loops."""
    buffer = LayeredMemoryBuffer()
    held = [state(number, tokens) for number, tokens in enumerate(counts)]
    for number, states in enumerate(held):
        buffer.add_entry(MemoryEntry(states, 3, "s", number, id=str(number)))
    query = state(99, asked)
    mean = torch.cat(held).double().mean(0)
    expected = {}
    for number, states in enumerate(held):
        best = []
        for row in query.double() - mean:
            best.append(
                max(
                    float(torch.cosine_similarity(row, own - mean, dim=0))
                    for own in states.double()
                )
            )
        expected[str(number)] = sum(best) / len(best)
    for hit in buffer.similar(query, 3):
        if sum(counts) > 1:
            assert hit.score == pytest.approx(expected[hit.entry.id], abs=1e-5)


def test_entries_of_several_layers_and_codecs() -> None:
    buffer = LayeredMemoryBuffer()
    both = MemoryEntry(torch.stack([state(1), state(2)]), (4, 7), "s", 0, id="both")
    keyed = MemoryEntry(None, (4, 7), "s", 2, id="keyed", codec="replay", key_state=state(3))
    buffer.add_entries([both, keyed, entry(5, layer=7)])
    assert ids(buffer.retrieve_relevant(state(2), 7, k=1)) == ["both"]
    assert ids(buffer.retrieve_relevant(state(1), 4, k=1)) == ["both"]
    assert ids(buffer.retrieve_relevant(state(3), 4, k=1)) == ["keyed"]
    assert {layer: ids(row) for layer, row in buffer.retrieve_by_sequence("s").items()} == {
        4: ["both", "keyed"],
        7: ["both", "keyed"],
    }
    assert buffer.get_buffer_stats()["entries_per_layer"] == {4: 2, 7: 3}
    assert buffer.clear_layer(4) == 2
    assert ids(buffer.get_all_entries()) == ["5"]


def test_by_layer_by_sequence_and_by_score() -> None:
    buffer = LayeredMemoryBuffer()
    for number in range(6):
        session = "tuesday" if number > 3 else "monday"
        buffer.add_entry(
            entry(number, layer=number % 2, relevance_score=number / 10, sequence_id=session)
        )
    assert ids(buffer.retrieve_by_layer(0)) == ["4", "2", "0"]
    assert ids(buffer.retrieve_by_layer(0, k=1)) == ["4"]
    assert ids(buffer.retrieve_by_layer(0, min_relevance=0.2)) == ["4", "2"]
    assert {k: ids(v) for k, v in buffer.retrieve_by_sequence("monday", [1]).items()} == {
        1: ["1", "3"]
    }
    assert ids(buffer.retrieve_top_k_relevant(2)) == ["5", "4"]
    assert ids(buffer.retrieve_top_k_relevant(9, [1, 0, 1], exclude_sequence="tuesday")) == [
        "3", "2", "1", "0",
    ]  # fmt: skip
    assert buffer.clear_sequence("monday") == 4
    assert buffer.clear_all() == 2
    assert len(buffer) == 0
    assert buffer.get_buffer_stats()["total_bytes"] == 0


def test_store_state_copies_and_counts() -> None:
    buffer = LayeredMemoryBuffer(max_entries_per_layer=2)
    given_state = torch.ones(1, HIDDEN)
    assert buffer.store_state(given_state, layer_idx=3, position_idx=10, relevance_score=0.8)
    given_state.zero_()
    (held,) = buffer.get_all_entries()
    assert held.hidden_state is not None
    assert held.hidden_state.sum() == HIDDEN
    assert (held.layer_idx, held.position_idx, held.sequence_id) == (3, 10, 0)
    buffer.pin(held.id)
    assert buffer.store_state(given_state, 3, 11, 0.9, sequence_id="s", metadata={"a": 1})
    assert buffer.store_state(given_state, 3, 12, 0.1)
    assert held.id in buffer
    buffer.pin(next(e.id for e in buffer.get_all_entries() if e.position_idx == 12))
    assert not buffer.store_state(given_state, 3, 13, 1.0), "everything is pinned"
    assert buffer.store_state(given_state, 4, 13, 1.0)


def test_what_is_used_stays() -> None:
    buffer = LayeredMemoryBuffer(max_entries_per_layer=3, eviction_strategy="lru")
    for number in range(3):
        buffer.add_entry(entry(number))
    assert buffer.get("0") is not None
    assert ids(buffer.add_entry(entry(3, timestamp=time.time()))) == ["1"]
    stats = buffer.get_buffer_stats()
    assert (stats["evictions"], stats["hits"], stats["misses"]) == (1, 1, 0)
    assert buffer.get("1") is None
    assert buffer.get_buffer_stats()["hit_rate"] == 0.5


def test_a_taken_id_is_refused_and_changes_nothing() -> None:
    buffer = LayeredMemoryBuffer(max_total_entries=2)
    buffer.add_entries([entry(1), entry(2)])
    for batch in ([entry(3), entry(1)], [entry(4), entry(4)]):
        with pytest.raises(InputError, match="already"):
            buffer.add_entries(batch)
        assert ids(buffer.get_all_entries()) == ["1", "2"]
    with pytest.raises(InputError, match="no entry"):
        buffer.pin("9")


def test_recent_entries_lie_on_the_device_and_the_others_in_ram(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places: dict[int, str] = {}  # no second device is needed: where each tensor is sent is noted

    def send(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
        places[id(tensor)] = device.type
        return tensor

    monkeypatch.setattr(torch.Tensor, "to", send)
    buffer = LayeredMemoryBuffer(recent_entries=2, eviction_strategy="lru", device="cuda")
    for number in range(4):
        heads = (state(number)[None],)
        buffer.add_entry(
            entry(number, keys=heads, values=heads, codec="kv", key_state=state(number))
        )

    def on_device() -> set[str]:
        held = buffer.get_all_entries()
        assert all(places[id(e.keys[0])] == places[id(e.hidden_state)] for e in held if e.keys)
        assert all(id(e.key_state) not in places for e in held)
        assert {e.id for e in held if e.tier == "recent"} == {
            e.id for e in held if places[id(e.hidden_state)] == "cuda"
        }
        return {e.id for e in held if e.tier == "recent"}

    assert on_device() == {"2", "3"}
    assert buffer.get_buffer_stats()["entries_per_tier"] == {"recent": 2, "working": 2}
    buffer.get("0")
    assert on_device() == {"0", "3"}
    buffer.move("0", "working")
    assert on_device() == {"3"}
    with pytest.raises(InputError, match="recent and working"):
        buffer.move("2", "long_term")


def test_to_another_device() -> None:
    buffer = LayeredMemoryBuffer(recent_entries=1, eviction_strategy="lru")
    buffer.add_entries([entry(1), entry(2)])
    buffer.to("meta")
    recent, working = (
        [e for e in buffer.get_all_entries() if e.tier == tier] for tier in ("recent", "working")
    )
    assert recent[0].hidden_state.device.type == "meta"
    assert working[0].hidden_state.device.type == "cpu"


def test_long_term_memory_takes_over_and_gives_back(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        buffer = LayeredMemoryBuffer(max_total_entries=2, eviction_strategy="age", long_term=memory)
        kept = [state(number) for number in range(4)]
        for number in range(4):
            buffer.add_entry(entry(number))
        assert {e.text or e.id for e in memory.entries()} == {"0", "1"}
        assert {e.tier for e in memory.entries()} == {"long_term"}
        found = buffer.get("0")
        assert found is not None
        assert found.hidden_state is not None
        assert torch.equal(found.hidden_state, kept[0])
        assert {e.id for e in memory.entries()} == {"0", "1", "2"}, "2 made room for 0"
        buffer.add_entry(entry(5))
        buffer.add_entry(entry(6))
        assert {e.id for e in memory.entries()} == {"0", "1", "2", "3", "5"} - (
            {"5"} if "5" in buffer else set()
        )
        assert buffer.get("nobody") is None


def test_a_long_term_memory_that_refuses_leaves_the_buffer_as_it_was() -> None:
    class Full:
        def add(self, entries: object) -> None:
            raise CapacityError("full")

        def get_many(self, ids: object) -> list[MemoryEntry]:
            return []

    buffer = LayeredMemoryBuffer(max_total_entries=2, long_term=Full())
    buffer.add_entries([entry(1), entry(2)])
    with pytest.raises(CapacityError, match="full"):
        buffer.add_entry(entry(3))
    assert ids(buffer.get_all_entries()) == ["1", "2"]
    assert {e.tier for e in buffer.get_all_entries()} == {"recent"}


def test_optimize_sees_what_was_changed_from_outside() -> None:
    buffer = LayeredMemoryBuffer(max_total_entries=3, eviction_strategy="relevance")
    entries = [entry(number, relevance_score=0.1 * (number + 1)) for number in range(3)]
    buffer.add_entries(entries)
    entries[0].pinned, entries[1].relevance_score = True, 0.9
    assert buffer.optimize() == {"recounted": 2, "evicted": 0}
    assert ids(buffer.add_entry(entry(5))) == ["2"]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_saved_and_loaded(tmp_path: Path, dtype: torch.dtype) -> None:
    buffer = LayeredMemoryBuffer()
    shared = state(1).to(dtype)
    heads = (shared[None], state(2).to(dtype)[None])
    entries = [
        MemoryEntry(shared, 3, 7, 0, tags=("b", "a"), metadata={"x": [1, {"y": None}]}),
        MemoryEntry(shared, (1, 2), "s", 4, pinned=True, key_state=shared, token_ids=(5, 6)),
        MemoryEntry(None, (1, 2), "s", 9, codec="kv", keys=heads, values=heads, text="grün\n"),
        MemoryEntry(None, (), "s", 9, codec="replay", expires_at=4.5, superseded_by="x"),
    ]
    buffer.add_entries(entries)
    buffer.save_state(tmp_path / "buffer")
    other = LayeredMemoryBuffer(max_total_entries=4)
    other.add_entry(entry(1))
    other.load_state(tmp_path / "buffer")
    loaded = other.get_all_entries()
    assert [differences(a, b) for a, b in zip(loaded, entries, strict=True)] == [[]] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["buffer"]
    small = LayeredMemoryBuffer(max_total_entries=3)
    small.add_entry(entry(1))
    with pytest.raises(CapacityError):
        small.load_state(tmp_path / "buffer")
    assert ids(small.get_all_entries()) == ["1"]


def test_what_is_no_saved_buffer_is_refused(tmp_path: Path) -> None:
    buffer = LayeredMemoryBuffer()
    buffer.add_entry(entry(1))
    (tmp_path / "text").write_text("no buffer")
    for name in ("nothing", "text"):
        with pytest.raises(StoreFormatError, match=name):
            buffer.load_state(tmp_path / name)
    buffer.add_entry(entry(2, metadata={"bad": {1, 2}}))
    with pytest.raises(InputError, match="not JSON"):
        buffer.save_state(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_every_flipped_byte_is_found(tmp_path: Path) -> None:
    buffer = LayeredMemoryBuffer()
    buffer.add_entries([entry(1, text="The locker opens with 4711."), entry(2)])
    path = tmp_path / "b"
    buffer.save_state(path)
    whole = path.read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    json.loads(whole[8:header])
    for at in range(header, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 4
        path.write_bytes(damaged)
        with pytest.raises((DamagedEntryError, StoreFormatError)):
            LayeredMemoryBuffer().load_state(path)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "add", "use", "pin", "unpin", "discard", "clear", "move"]),
        st.integers(0, 50),
        st.integers(1, 3),
    ),
    min_size=5,
    max_size=40,
)


@settings(max_examples=300)
@given(
    operations=OPERATIONS,
    per_layer=st.none() | st.integers(1, 4),
    total=st.none() | st.integers(1, 6),
    tokens=st.none() | st.integers(1, 10),
    size=st.none() | st.integers(60, 500),
    recent=st.none() | st.integers(1, 3),
    policy=st.sampled_from(EVICTION_POLICIES.names()),
)
def test_law_8_in_memory(
    operations: list[tuple[str, int, int]],
    per_layer: int | None,
    total: int | None,
    tokens: int | None,
    size: int | None,
    recent: int | None,
    policy: str,
) -> None:
    buffer = LayeredMemoryBuffer(
        per_layer, total, policy, max_tokens=tokens, max_bytes=size, recent_entries=recent
    )
    pinned: set[str] = set()
    for number, (what, which, count) in enumerate(operations):
        held = buffer.get_all_entries()
        chosen = held[which % len(held)].id if held else None
        if what == "add":
            new = [
                MemoryEntry(
                    torch.ones(2, 1 + n, 2) if which % 3 else torch.ones(1 + n, 2),
                    (which % 2, 2) if which % 3 else which % 2,
                    "s",
                    number,
                    which / 50,
                    pinned=(which + n) % 4 == 0,
                    token_ids=(1,) * (1 + which % 3),
                )
                for n in range(count)
            ]
            before = {e.id for e in held}
            try:
                gone = {e.id for e in buffer.add_entries(new)}
                assert {e.id for e in buffer.get_all_entries()} == before - gone | {
                    e.id for e in new
                }
                pinned |= {e.id for e in new if e.pinned}
            except CapacityError:
                assert {e.id for e in buffer.get_all_entries()} == before
        elif what == "use" and chosen:
            buffer.get(chosen)
        elif what in ("pin", "unpin") and chosen:
            buffer.pin(chosen, pinned=what == "pin")
            pinned = pinned | {chosen} if what == "pin" else pinned - {chosen}
        elif what == "discard" and chosen:
            buffer.discard([chosen])
            pinned.discard(chosen)
        elif what == "clear":
            buffer.clear_layer(which % 2)
            pinned &= {e.id for e in buffer.get_all_entries()}
        elif what == "move" and chosen:
            buffer.move(chosen, ("recent", "working")[which % 2])
        seen = buffer.get_all_entries()
        assert total is None or len(seen) <= total
        assert tokens is None or sum(e.tokens for e in seen) <= tokens
        assert size is None or sum(s.nbytes for e in seen for s in e.states()) <= size
        for layer in range(3):
            assert per_layer is None or sum(layer in e.layers for e in seen) <= per_layer
        assert recent is None or sum(e.tier == "recent" for e in seen) <= recent
        assert pinned <= {e.id for e in seen}
        stats = buffer.get_buffer_stats()
        assert stats["total_entries"] == len(seen)
        assert stats["total_bytes"] == sum(s.nbytes for e in seen for s in e.states())


def test_threads_share_a_buffer() -> None:
    buffer = LayeredMemoryBuffer(max_total_entries=50, recent_entries=5)
    errors: list[Exception] = []

    def work(base: int) -> None:
        try:
            for number in range(100):
                buffer.add_entry(entry(base + number, layer=number % 3))
                buffer.retrieve_relevant(state(number), number % 3, k=2)
                buffer.retrieve_recent(number % 3)
                if number % 10 == 0:
                    buffer.clear_layer(2)
                assert len(buffer.get_all_entries()) <= 50
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(1000 * i,)) for i in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(buffer) <= 50


def test_an_insert_costs_the_same_among_100_000_entries_as_among_1_000() -> None:
    shared = torch.ones(1, 2)

    def filled(size: int) -> LayeredMemoryBuffer:
        buffer = LayeredMemoryBuffer(size, size)
        made = [
            MemoryEntry(shared, 0, n % 100, n, timestamp=float(n), id=str(n)) for n in range(size)
        ]
        for new in made:
            buffer.add_entry(new)
        return buffer

    def seconds_per_insert(buffer: LayeredMemoryBuffer, round_: int) -> float:
        new = [MemoryEntry(shared, 0, n % 100, n, timestamp=1e9 + n) for n in range(1_000)]
        begin = time.perf_counter()
        for one in new:
            assert len(buffer.add_entry(one)) == 1
        return (time.perf_counter() - begin) / len(new)

    large, small = filled(100_000), filled(1_000)
    ratios = [seconds_per_insert(large, r) / seconds_per_insert(small, r) for r in range(7)]
    assert statistics.median(ratios) < 3.0, ratios
