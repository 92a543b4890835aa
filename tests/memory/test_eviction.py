"""Policies do what their names say, and cost the same in a large memory as in a small one."""

from __future__ import annotations

import math
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reweaving.errors import RegistryError
from reweaving.memory.capacity import Capacity, Limit, Limits
from reweaving.memory.eviction.base import EVICTION_POLICIES, EvictionPolicy
from reweaving.memory.eviction.lru_relevance import LruRelevance
from reweaving.memory.eviction.queue import EvictionQueue
from reweaving.stores.base import Holding


def held(id: str, **fields: object) -> Holding:
    values: dict[str, object] = {
        "layers": (0,),
        "tier": "recent",
        "pinned": False,
        "tokens": 1,
        "bytes": 1,
        "relevance": 0.5,
        "created": 0.0,
        "access_count": 0,
        "last_access": 0.0,
    }
    return Holding(id=id, **{**values, **fields})  # type: ignore[arg-type]


def policy(name: str) -> EvictionPolicy:
    return EVICTION_POLICIES.get(name)()


DAY = 86_400.0
# One trace: five entries, each of which exactly one policy would let go first.
TRACE = {
    "read first": held("read first", created=0, access_count=9, last_access=9 * DAY, relevance=0.9),
    "unused longest": held(
        "unused longest", created=1 * DAY, access_count=9, last_access=1.5 * DAY, relevance=1.0
    ),
    "used least": held(
        "used least", created=5 * DAY, access_count=1, last_access=7 * DAY, relevance=0.8
    ),
    "least relevant": held(
        "least relevant", created=8 * DAY, access_count=8, last_access=9 * DAY, relevance=0.002
    ),
    # Neither the least relevant nor the one unused for longest, but the least of both together.
    "faded": held(
        "faded", created=1.2 * DAY, access_count=5, last_access=1.6 * DAY, relevance=0.004
    ),
}
FIRST = {
    "age": "read first",
    "lru": "unused longest",
    "lfu": "used least",
    "relevance": "least relevant",
    "lru_relevance": "faded",
}


@pytest.mark.parametrize("name", EVICTION_POLICIES.names())
def test_a_policy_lets_go_of_what_its_name_says(name: str) -> None:
    worst = min(TRACE.values(), key=policy(name).priority)
    assert worst.id == FIRST[name]


def test_five_policies_leave_five_different_memories() -> None:
    left = {}
    for name in EVICTION_POLICIES.names():
        capacity = Capacity(Limits(total=Limit(entries=3)), policy(name))
        for entry in TRACE.values():
            if len(capacity) == 3:
                break
            capacity.hold(entry)
        gone = [
            entry_id
            for entry in list(TRACE.values())[3:]
            for entry_id in capacity.make_room([entry]).evicted
        ]
        left[name] = frozenset(TRACE) - frozenset(gone)
        assert len(gone) == 2
    assert len(set(left.values())) >= 4, left


@given(
    relevance=st.lists(st.floats(0.01, 1), min_size=2, max_size=2),
    used=st.lists(st.floats(0, 60 * DAY), min_size=2, max_size=2),
    now=st.floats(60 * DAY, 90 * DAY),
)
def test_lru_relevance_is_its_formula(
    relevance: list[float], used: list[float], now: float
) -> None:
    worths = [
        math.log2(score) - (now - last) / (2 * DAY)
        for score, last in zip(relevance, used, strict=True)
    ]
    keys = [
        LruRelevance(2 * DAY).priority(held("x", relevance=score, last_access=last))[0]
        for score, last in zip(relevance, used, strict=True)
    ]
    assert worths[0] - worths[1] == pytest.approx(keys[0] - keys[1], abs=1e-6)


def test_half_a_life_of_disuse_weighs_as_much_as_half_the_relevance() -> None:
    def lowest(*entries: Holding) -> str:
        return min(entries, key=LruRelevance(DAY).priority).id

    fresh, old = held("fresh", relevance=0.5, created=DAY), held("old", relevance=1.0)
    assert LruRelevance(DAY).priority(fresh)[0] == LruRelevance(DAY).priority(old)[0]
    assert lowest(held("a", relevance=0.45, created=DAY), old) == "a"
    assert lowest(held("a", relevance=0.55, created=DAY), old) == "old"
    assert lowest(held("nothing", relevance=0.0, created=11 * DAY), old) == "old"


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(RegistryError, match="did you mean 'lru_relevance'"):
        EVICTION_POLICIES.get("lru_relevence")


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 5))), max_size=300
    )
)
def test_the_queue_agrees_with_a_sorted_list(steps: list[tuple[int, int | None]]) -> None:
    queue = EvictionQueue()
    plain: dict[str, tuple[float, int]] = {}
    for number, (entry, key) in enumerate(steps):
        if key is None:
            queue.discard(str(entry))
            plain.pop(str(entry), None)
        else:
            queue.put(str(entry), (float(key),))
            plain[str(entry)] = (float(key), number)
        lowest = queue.lowest()
        assert (lowest and lowest[0]) == (min(plain, key=plain.__getitem__) if plain else None)
        assert len(queue) == len(plain)


def test_stale_places_do_not_pile_up() -> None:
    queue = EvictionQueue()
    for number in range(10_000):
        queue.put(str(number % 10), (float(number),))
    assert len(queue._heap) < 200


def test_an_insert_with_eviction_costs_the_same_among_100_000_as_among_1_000() -> None:
    def filled(size: int) -> Capacity:
        capacity = Capacity(Limits(total=Limit(entries=size)), policy("lru_relevance"))
        for n in range(size):
            capacity.hold(held(f"{n}", created=float(n * 7919 % size), relevance=n * 31 % 97 / 97))
        return capacity

    def seconds_per_insert(capacity: Capacity, round_: int) -> float:
        new = [held(f"{round_} {n}", created=n, relevance=n * 31 % 97 / 97) for n in range(1_000)]
        begin = time.perf_counter()
        for entry in new:
            assert len(capacity.make_room([entry]).evicted) == 1
        return (time.perf_counter() - begin) / len(new)

    large, small = filled(100_000), filled(1_000)
    ratios = [seconds_per_insert(large, r) / seconds_per_insert(small, r) for r in range(7)]
    assert statistics.median(ratios) < 3.0, ratios
