"""What is foreseen is there when it is wanted; what is in use stays; what is forgotten is gone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reweaving.optimization.prefetch import MemoryPrefetcher, PrefetchConfig
from reweaving.types import MemoryEntry


class Shelf:
    """Spans s0 … s39 of one session; counts what is read from it."""

    def __init__(self) -> None:
        self.spans = {f"s{at}": MemoryEntry(None, 0, "a", at, id=f"s{at}") for at in range(40)}
        self.loads: list[str] = []

    def load(self, ids: Sequence[str]) -> list[MemoryEntry]:
        self.loads += ids
        return [self.spans[key] for key in ids if key in self.spans]

    def around(self, key: str) -> list[str]:
        at = int(key[1:])
        return [f"s{near}" for near in (at + 1, at - 1) if 0 <= near < 40]


def test_a_walk_through_a_session_finds_its_spans_loaded() -> None:
    shelf = Shelf()
    ahead = MemoryPrefetcher(shelf.load, shelf.around, PrefetchConfig(ahead=4))
    ahead.start()
    for at in range(30):
        (got,) = ahead.get([f"s{at}"])
        assert got is shelf.spans[f"s{at}"]
        ahead.observe([f"s{at}"])
        ahead.flush()
    ahead.close()
    assert ahead.stats()["hit_rate"] >= 0.95
    assert ahead.stats()["misses"] == 1  # the first span


def test_what_followed_before_is_foreseen_again() -> None:
    shelf = Shelf()
    ahead = MemoryPrefetcher(shelf.load, shelf.around, PrefetchConfig(ahead=2))
    for used in (["s3"], ["s30"], ["s3"]):
        foreseen = ahead.observe(used)
    assert foreseen[0] == "s30"


def test_what_is_in_use_is_never_given_up() -> None:
    shelf = Shelf()
    ahead = MemoryPrefetcher(shelf.load, shelf.around, PrefetchConfig(capacity=3))
    ahead.get(["s1", "s2"])
    with ahead.using(["s1", "s2"]):
        ahead.get([f"s{at}" for at in range(10, 30)])
        shelf.loads.clear()
        ahead.get(["s1", "s2"])
        assert shelf.loads == []
    assert ahead.stats()["held"] == 3


def test_forgotten_spans_are_read_anew() -> None:
    shelf = Shelf()
    ahead = MemoryPrefetcher(shelf.load, shelf.around)
    ahead.get(["s1"])
    ahead.forget(["s1"])
    del shelf.spans["s1"]
    assert ahead.get(["s1"]) == []


def test_a_failure_beside_the_turn_is_counted_and_the_turn_loads_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shelf, broken = Shelf(), [True]

    def load(ids: Sequence[str]) -> list[MemoryEntry]:
        if broken[0]:
            raise OSError("the disk is away")
        return shelf.load(ids)

    ahead = MemoryPrefetcher(load, shelf.around)
    ahead.start()
    ahead.observe(["s1"])
    ahead.flush()
    broken[0] = False
    assert [entry.id for entry in ahead.get(["s2"])] == ["s2"]
    assert ahead.stats()["failures"] == 1
    assert "could not prefetch" in caplog.text
    ahead.close()
