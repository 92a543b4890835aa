"""What is on its way is stored before `flush` returns, in order, and failures are told there."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from reweaving.errors import StoreError
from reweaving.memory.write_behind import WriteBehind
from reweaving.types import MemoryEntry


def turn(name: str) -> list[MemoryEntry]:
    return [MemoryEntry(None, 0, name, 0, id=name)]


def test_turns_are_stored_in_order_before_flush_returns() -> None:
    stored: list[str] = []
    gate = threading.Event()

    def store(entries: Sequence[MemoryEntry]) -> None:
        gate.wait(5)
        stored.extend(entry.id for entry in entries)

    behind = WriteBehind(store)
    for name in "abc":
        behind.put(turn(name), lambda: None)
    assert stored == []  # the caller has not waited
    gate.set()
    behind.flush()
    assert stored == ["a", "b", "c"]
    behind.close()
    behind.put(turn("d"), lambda: None)  # it can be used again
    behind.close()
    assert stored[-1] == "d"


def test_the_queue_is_bounded() -> None:
    gate, behind = threading.Event(), None
    behind = WriteBehind(lambda _: gate.wait(5) and None, most=2)
    behind.put(turn("a"), lambda: None)
    filler = threading.Thread(
        target=lambda: [behind.put(turn(str(at)), lambda: None) for at in range(5)], daemon=True
    )
    filler.start()
    filler.join(0.2)
    assert filler.is_alive()  # it waits for room
    gate.set()
    filler.join(5)
    assert not filler.is_alive()
    behind.close()


def test_a_failure_is_raised_once_by_flush_and_its_turn_hears_of_it() -> None:
    told: list[str] = []

    def store(entries: Sequence[MemoryEntry]) -> None:
        if entries[0].id == "bad":
            raise StoreError("the disk is full")

    behind = WriteBehind(store)
    behind.put(turn("bad"), lambda: told.append("bad"))
    behind.put(turn("good"), lambda: told.append("good"))
    with pytest.raises(StoreError, match="full"):
        behind.flush()
    assert told == ["bad"]
    behind.flush()
    behind.close()


def test_remembering_without_waiting_is_stored_by_the_next_flush_or_recall() -> None:
    import reweaving
    from families import make, tokenizer
    from reweaving import Memory

    text = "my cat is called Tom and lives in Rome"
    memory = Memory.open(":memory:")
    with reweaving.attach(make("llama", "sdpa"), tokenizer(), memory) as woven:
        kept = woven.remember(text, session="one", wait=False)
        woven.flush()
        assert {entry.id for entry in memory.entries()} == {entry.id for entry in kept}
        more = woven.remember("the dog is called Rex", session="two", wait=False)
        woven.recall("Who is Rex?")
        assert {entry.id for entry in more} <= {entry.id for entry in memory.entries()}
        last = woven.remember("the cat is blue", session="one", wait=False)
    assert {entry.id for entry in last} <= {entry.id for entry in memory.entries()}
    memory.close()


def test_a_turn_that_the_store_refuses_is_told_and_is_no_context() -> None:
    import reweaving
    from families import make, tokenizer
    from reweaving import Memory

    memory = Memory.open(":memory:")
    with reweaving.attach(make("llama", "sdpa"), tokenizer(), memory) as woven:
        (first, *_) = woven.remember("my cat is called Tom", session="one")
        adding = memory.add
        memory.add = lambda _: (_ for _ in ()).throw(StoreError("full"))  # type: ignore[method-assign]
        woven.remember("the dog is called Rex", session="one", wait=False)
        with pytest.raises(StoreError, match="full"):
            woven.flush()
        memory.add = adding  # type: ignore[method-assign]
        (again, *_) = woven.remember("the dog is blue", session="one")
        assert again.position_idx == first.position_idx + first.tokens
    memory.close()


def test_a_turn_that_comes_while_it_closes_is_stored() -> None:
    stored: list[str] = []
    behind = WriteBehind(lambda entries: stored.extend(entry.id for entry in entries))
    put = behind._waiting.put
    closing = threading.Thread(target=behind.close)

    def close_first(item: object) -> None:
        if item is not None:
            closing.start()
            closing.join(0.3)
        put(item)  # type: ignore[arg-type]

    behind._waiting.put = close_first  # type: ignore[assignment, method-assign]
    behind.put(turn("a"), lambda: None)
    closing.join(5)
    assert stored == ["a"]
