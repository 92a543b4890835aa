"""Law 8 on disk: capacity is never exceeded, pinned entries are never evicted."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reweaving import Memory, MemoryConfig
from reweaving.errors import CapacityError, ConfigurationError, ConflictError, InputError
from reweaving.memory.capacity import Limit, Limits
from reweaving.memory.eviction.base import EVICTION_POLICIES
from reweaving.memory.limits import LimitedStore
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.base import MemoryStore, Room
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import TIERS
from tests.memory.kept import note


def texts(memory: Memory) -> list[str]:
    return sorted(entry.text for entry in memory.entries())


def test_a_wrapper_hands_on_everything_that_a_store_can() -> None:
    public = {name for name in vars(MemoryStore) if not name.startswith("_")}
    assert public - vars(WrappedStore).keys() == set()
    with pytest.raises(TypeError, match="LimitedStore wraps a store"):
        LimitedStore.open("somewhere")


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"max_entries": 3}, 3),
        ({"max_tokens": 7}, 3),
        ({"max_bytes": 1500}, 2),
        ({"layer_limit": Limit(entries=2)}, 2),
        (
            {
                "tier_limits": {"long_term": Limit(entries=1), "working": Limit(entries=1)}
                | {"recent": Limit(entries=2)}
            },
            4,
        ),
    ],
)
def test_what_comes_makes_room_for_itself(
    tmp_path: Path, limits: dict[str, object], left: int
) -> None:
    config = MemoryConfig(eviction="age", **limits)
    with Memory.open(tmp_path / "m", config=config) as memory:
        entries = [note(str(n), timestamp=float(n)) for n in range(6)]
        for number, entry in enumerate(entries):
            memory.add([entry])
            assert len(memory.entries()) == min(number + 1, left)
        assert texts(memory) == [str(n) for n in range(6 - left, 6)]
        assert [event.what for event in memory.history(entries[0].id)] == ["added", "evicted"]
        assert memory.get_many([entries[0].id]) == []
        payloads = list((tmp_path / "m").rglob("*.safetensors"))
        assert len(payloads) == 1, "equal payloads are one file, and it is still needed"


def test_files_of_what_was_evicted_are_gone(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", config=MemoryConfig(max_entries=2)) as memory:
        for n in range(5):
            memory.add([note(str(n), hidden_state=torch.full((1, 2, 4), float(n)))])
        assert len(list((tmp_path / "m").rglob("*.safetensors"))) == 2


def test_bytes_are_counted_as_they_are_stored(tmp_path: Path) -> None:
    config = MemoryConfig(max_bytes=200_000)
    with Memory.open(tmp_path / "m", config=config) as memory:
        generator = torch.Generator().manual_seed(0)
        for n in range(40):
            heads = tuple(torch.randn(2, 8 + n % 5, 16, generator=generator) for _ in range(n % 7))
            memory.add([note(str(n), keys=heads, values=heads, hidden_state=None, codec="kv")])
            stats = memory.stats()
            assert stats.payload_bytes + stats.key_bytes <= 200_000
        assert stats.payload_bytes > 100_000
    with Memory.open(tmp_path / "m", config=MemoryConfig(max_bytes=50_000)) as memory:
        memory.add([note("last")])
        stats = memory.stats()
        assert 10_000 < stats.payload_bytes + stats.key_bytes <= 50_000


def test_pinned_entries_stay_and_too_many_of_them_are_an_error() -> None:
    with Memory.open(":memory:", config=MemoryConfig(max_entries=3)) as memory:
        pinned = [note(str(n), pinned=True) for n in range(2)]
        memory.add(pinned)
        for n in range(4):
            memory.add([note(f"loose {n}")])
        assert texts(memory) == ["0", "1", "loose 3"]
        memory.pin(memory.search("loose 3")[0].entry.id)
        generation = memory.generation
        with pytest.raises(CapacityError, match=r"4 entries of 3.*nothing was stored"):
            memory.add([note("too much")])
        with pytest.raises(CapacityError):
            memory.add([note("a"), note("b", pinned=True)])
        assert (len(memory.entries()), memory.generation) == (3, generation)
        memory.pin(pinned[0].id, pinned=False)
        memory.add([note("fits now")])
        assert texts(memory) == ["1", "fits now", "loose 3"]


def test_a_batch_that_does_not_fit_is_refused_as_a_whole() -> None:
    with Memory.open(":memory:", config=MemoryConfig(max_entries=3)) as memory:
        memory.add([note("old")])
        with pytest.raises(CapacityError):
            memory.add([note(str(n)) for n in range(4)])
        assert texts(memory) == ["old"]
        memory.add([note(str(n)) for n in range(3)])
        assert texts(memory) == ["0", "1", "2"]


def test_a_refused_batch_evicts_nobody() -> None:
    with Memory.open(":memory:", config=MemoryConfig(max_entries=2)) as memory:
        kept = [note("a"), note("b")]
        memory.add(kept)
        bad = note("bad", hidden_state=torch.full((1, 2, 4), float("nan")))
        for batch in ([bad], [note("c", id=kept[0].id)]):
            with pytest.raises(InputError):
                memory.add(batch)
            assert texts(memory) == ["a", "b"]
        memory.add([note("c")])
        assert len(memory.entries()) == 2


@pytest.mark.parametrize("name", EVICTION_POLICIES.names())
def test_the_policy_of_the_settings_decides(name: str) -> None:
    survivors = {
        "age": {"b", "c"}, "lru": {"a", "c"}, "lfu": {"a", "b"}, "relevance": {"a", "c"},
        "lru_relevance": {"a", "c"},
    }[name]  # fmt: skip
    with Memory.open(":memory:", config=MemoryConfig(max_entries=3, eviction=name)) as memory:
        now = time.time()
        a = note("a", timestamp=now - 300, relevance_score=0.9)
        b = note(
            "b", timestamp=now - 200, relevance_score=0.1, access_count=5, last_access=now - 190
        )
        c = note("c", timestamp=now - 100, relevance_score=0.5)
        memory.add([a, b, c])
        for _ in range(7):
            memory.touch([a.id])
        memory.add([note("d")])
        assert set(texts(memory)) == survivors | {"d"}


def test_an_unknown_policy_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'relevance'"):
        MemoryConfig(eviction="relevanc")
    for bad in ({"max_entries": 0}, {"tier_limits": {"lukewarm": Limit(entries=1)}}):
        with pytest.raises(ConfigurationError):
            MemoryConfig(**bad)


def test_another_process_is_seen(tmp_path: Path) -> None:
    config = MemoryConfig(max_entries=3, eviction="age")
    with (
        Memory.open(tmp_path / "m", config=config) as one,
        Memory.open(tmp_path / "m", config=config) as two,
    ):
        first, second = note("1", timestamp=1.0), note("2", timestamp=2.0)
        one.add([first, second])
        two.add([note("3", timestamp=3.0)])
        two.pin(first.id)
        one.add([note("4", timestamp=4.0)])
        assert texts(two) == ["1", "3", "4"], "the pin of the other one counts"
        two.forget(text="3")
        one.add([note("5", timestamp=5.0)])
        assert texts(one) == ["1", "4", "5"]


class Interfering(WrappedStore):
    """Another writer comes between planning and storing."""

    def __init__(self, inner: MemoryStore, times: int) -> None:
        super().__init__(inner)
        self.times = times

    def put_many(self, namespace: str, entries: object, *, room: Room | None = None) -> None:
        if self.times:
            self.times -= 1
            self._inner.put_many(namespace, [note(f"other {self.times}", timestamp=0.5)])
        self._inner.put_many(namespace, entries, room=room)  # type: ignore[arg-type]


def test_a_plan_that_was_overtaken_is_made_anew() -> None:
    inner = SqliteStore.open(":memory:")
    policy = EVICTION_POLICIES.get("age")()
    store = LimitedStore(Interfering(inner, 3), Limits(total=Limit(entries=2)), policy)
    store.put_many("ann", [note("mine", timestamp=1.0)])
    assert len(list(store.scan("ann"))) == 2
    endless = LimitedStore(Interfering(inner, 10**6), Limits(total=Limit(entries=2)), policy)
    with pytest.raises(ConflictError, match="try again"):
        endless.put_many("ann", [note("never", timestamp=9.0)])
    assert "never" not in {entry.text for entry in store.scan("ann")}


def test_entries_are_counted_once_and_not_with_each_insert(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    real = SqliteStore.holdings

    def count(self: SqliteStore, namespace: str) -> object:
        counted.append(namespace)
        return real(self, namespace)

    monkeypatch.setattr(SqliteStore, "holdings", count)
    with Memory.open(":memory:", config=MemoryConfig(max_entries=5)) as memory:
        for n in range(20):
            entry = note(str(n))
            memory.add([entry])
            memory.touch([entry.id])
            memory.pin(entry.id)
            memory.pin(entry.id, pinned=False)
        assert counted == ["default"]
    with Memory.open(":memory:") as memory:
        memory.add([note()])
        assert counted == ["default"], "without limits nothing is counted at all"


def test_tiers_overflow_downwards_and_promotion_finds_room(tmp_path: Path) -> None:
    limits = {
        "recent": Limit(entries=2),
        "working": Limit(entries=2),
        "long_term": Limit(entries=1),
    }
    config = MemoryConfig(tier_limits=limits, eviction="age")
    with Memory.open(tmp_path / "m", config=config) as memory:
        entries = [note(str(n), timestamp=float(n)) for n in range(5)]
        for entry in entries:
            memory.add([entry])

        def tiers() -> dict[str, str]:
            return {entry.text: entry.tier for entry in memory.entries()}

        assert tiers() == {
            "0": "long_term", "1": "working", "2": "working", "3": "recent", "4": "recent",
        }  # fmt: skip
        memory.touch([entries[0].id])
        assert tiers() == {
            "0": "recent", "1": "long_term", "2": "working", "3": "working", "4": "recent",
        }  # fmt: skip
        assert memory.get(entries[0].id).access_count == 1
        memory.pin(entries[1].id)
        with pytest.raises(CapacityError, match="long_term"):
            memory.add([note(str(n), pinned=n > 5) for n in range(5, 10)])
        assert len(memory.entries()) == 5


def test_a_promotion_that_would_push_something_out_is_not_made() -> None:
    limits = {"recent": Limit(tokens=4), "working": Limit(tokens=2), "long_term": Limit(tokens=3)}
    with Memory.open(":memory:", config=MemoryConfig(tier_limits=limits)) as memory:
        long = note("long", token_ids=(1, 2, 3), tier="long_term", timestamp=0.0)
        two = [note(str(n), tier="recent", timestamp=float(n)) for n in (1, 2)]
        memory.add([long, *two, note("3", tier="working")])
        memory.touch([long.id])
        found = {entry.text: (entry.tier, entry.access_count) for entry in memory.entries()}
        assert found["long"] == ("long_term", 1)
        assert len(found) == 4


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "add", "add", "touch", "pin", "unpin", "forget", "maintain", "other"]
        ),
        st.integers(0, 30),
        st.integers(1, 4),
    ),
    max_size=25,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operations=OPERATIONS,
    entries=st.none() | st.integers(1, 6),
    tokens=st.none() | st.integers(2, 12),
    size=st.none() | st.integers(800, 4_000),
    layer=st.none() | st.integers(1, 5),
    tiers=st.dictionaries(st.sampled_from(TIERS), st.integers(1, 4)),
    policy=st.sampled_from(EVICTION_POLICIES.names()),
)
def test_law_8_over_sqlite(
    operations: list[tuple[str, int, int]],
    entries: int | None,
    tokens: int | None,
    size: int | None,
    layer: int | None,
    tiers: dict[str, int],
    policy: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Random calls under random limits; another opened memory looks on after each of them."""
    config = MemoryConfig(
        max_entries=entries,
        max_tokens=tokens,
        max_bytes=size,
        layer_limit=Limit(entries=layer),
        tier_limits={tier: Limit(entries=most) for tier, most in tiers.items()},
        eviction=policy,
    )
    folder = tmp_path_factory.mktemp("law8") / "m"
    with Memory.open(folder, config=config) as memory, Memory.open(folder) as onlooker:
        pinned: set[str] = set()
        for what, which, count in operations:
            there = [entry.id for entry in onlooker.entries()]
            chosen = there[which % len(there)] if there else None
            before = {entry.id for entry in onlooker.entries()}
            if what in ("add", "other"):
                new = [
                    note(
                        token_ids=tuple(range(1 + (which + n) % 3)),
                        layer_idx=((which + n) % 2, 2),
                        hidden_state=torch.full((2, 3, 4), float(which)),
                        pinned=(which + n) % 7 == 0,
                        relevance_score=which / 30,
                    )
                    for n in range(count)
                ]
                try:
                    memory.add(new)
                    pinned |= {entry.id for entry in new if entry.pinned}
                except CapacityError:
                    assert {entry.id for entry in onlooker.entries()} == before
            elif what == "touch" and chosen:
                memory.touch([chosen])
            elif what in ("pin", "unpin") and chosen:
                writer = memory if which % 2 else onlooker
                writer.pin(chosen, pinned=what == "pin")
                pinned = pinned | {chosen} if what == "pin" else pinned - {chosen}
            elif what == "forget" and chosen:
                memory.forget(id=chosen)
                pinned.discard(chosen)
            elif what == "maintain":
                memory.maintain()
            seen = onlooker.entries()
            stats = onlooker.stats()
            assert entries is None or stats.entries <= entries
            assert tokens is None or stats.tokens <= tokens
            assert size is None or stats.key_bytes + stats.payload_bytes <= size
            for number in (0, 1, 2):
                assert layer is None or sum(number in entry.layers for entry in seen) <= layer
            for tier, most in tiers.items():
                assert sum(entry.tier == tier for entry in seen) <= most
            assert pinned <= {entry.id for entry in seen}


def test_nobody_ever_sees_too_much(tmp_path: Path) -> None:
    config = MemoryConfig(max_entries=4)
    too_many: list[int] = []
    done = threading.Event()

    def look_on() -> None:
        with Memory.open(tmp_path / "m") as onlooker:
            while not done.is_set():
                held = onlooker.stats().entries
                if held > 4:
                    too_many.append(held)

    with (
        Memory.open(tmp_path / "m", config=config) as one,
        Memory.open(tmp_path / "m", config=config) as two,
    ):
        watcher = threading.Thread(target=look_on)
        watcher.start()
        writers = [
            threading.Thread(target=lambda m=m: [m.add([note(str(n))]) for n in range(15)])  # type: ignore[misc]
            for m in (one, two, two)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        done.set()
        watcher.join()
        assert one.stats().entries == 4
    assert too_many == []


def test_ephemeral_entries_count_and_reach_no_disk(tmp_path: Path) -> None:
    config = MemoryConfig(max_entries=3, eviction="age")
    with Memory.open(tmp_path / "m", config=config) as memory, Memory.open(tmp_path / "m") as disk:
        memory.make_ephemeral("secret")
        for n in range(12):
            session = "secret" if n % 2 else "monday"
            memory.add([note(str(n), sequence_id=session, timestamp=float(n))])
            memory.touch([entry.id for entry in memory.entries()])
            memory.maintain()
            assert len(memory.entries()) == min(n + 1, 3)
            assert {entry.sequence_id for entry in disk.entries()} <= {"monday"}
        assert texts(memory) == ["10", "11", "9"]
        assert texts(disk) == ["10"]
