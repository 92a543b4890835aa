"""Tiers of a memory: what is at hand is not read from the disk, what is cold is read again when it is woven."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving import Memory, MemoryConfig, MemoryEntry, ReweavingConfig
from reweaving.errors import InputError, StoreClosedError
from reweaving.memory.tiered import TieredStore
from reweaving.memory.tiers import Maintenance, TierConfig, idle_seconds, tier_of
from reweaving.stores.payloads import FilePayloads
from reweaving.stores.sqlite import SqliteStore
from tests.memory import kept
from tests.stores.same import differences

DAY = 86_400.0


def note(text: str = "x", **fields: object) -> MemoryEntry:
    """With states of its own, and so with a payload of its own."""
    return kept.note(text, **{"hidden_state": torch.randn(1, 2, 4), **fields})


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Digests of the payloads that were read from files."""
    seen: list[str] = []
    real = FilePayloads.read

    def read(self: FilePayloads, namespace: str, digest: str) -> bytes | None:
        seen.append(digest)
        return real(self, namespace, digest)

    monkeypatch.setattr(FilePayloads, "read", read)
    return seen


def test_states_at_hand_are_not_read_from_the_disk(tmp_path: Path, reads: list[str]) -> None:
    entries = [note(str(n)) for n in range(4)]
    cold = note("cold", tier="long_term")
    with Memory.open(tmp_path / "m") as memory:
        memory.add([*entries, cold])
        found = memory.get_many([entry.id for entry in entries])
        assert [differences(a, b) for a, b in zip(found, entries, strict=True)] == [[]] * 4
        assert reads == []
        memory.get(cold.id)
        memory.get(cold.id)
        assert len(reads) == 2, "what is cold is not kept at hand"
        memory.touch([cold.id])
        memory.get(cold.id)
        assert len(reads) == 3
        assert differences(memory.get(cold.id), cold) == ["access_count", "last_access", "tier"]
        assert len(reads) == 3, "what was used is"
    with Memory.open(tmp_path / "m") as memory:
        for _ in range(3):
            memory.get_many([entry.id for entry in entries])
        assert len(reads) == 3 + 4, "once for each entry after opening"
    with Memory.open(tmp_path / "m", config=MemoryConfig(at_hand_bytes=0)) as memory:
        for _ in range(3):
            memory.get(entries[0].id)
        assert len(reads) == 3 + 4 + 3
        assert memory.buffer is None


def test_what_is_at_hand_is_bounded_and_the_least_used_goes(
    tmp_path: Path, reads: list[str]
) -> None:
    config = MemoryConfig(at_hand_bytes=3 * 64)  # three entries of 32 bytes of states and 32 of key
    entries = [note(str(n)) for n in range(4)]
    with Memory.open(tmp_path / "m", config=config) as memory:
        for entry in entries[:3]:
            memory.add([entry])
        memory.get(entries[0].id)
        memory.add([entries[3]])
        memory.get_many([entries[n].id for n in (0, 2, 3)])
        assert reads == []
        memory.get(entries[1].id)
        assert len(reads) == 1
        memory.add([note("large", hidden_state=torch.ones(1, 2, 400))])
        memory.search("large")


def test_copies_belong_to_the_caller(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        entry = note()
        memory.add([entry])
        assert entry.hidden_state is not None
        original = entry.hidden_state.clone()
        entry.hidden_state.zero_()
        first = memory.get(entry.id)
        assert torch.equal(first.hidden_state, original)
        first.hidden_state.zero_()
        assert torch.equal(memory.get(entry.id).hidden_state, original)


def test_rows_come_from_the_store_whoever_changed_them(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as one, Memory.open(tmp_path / "m") as two:
        kept, gone = note("old"), note("gone")
        one.add([kept, gone])
        two.update(kept.id, text="new", pinned=True)
        two.forget(id=gone.id)
        found = one.get_many([kept.id, gone.id])
        assert [(entry.text, entry.pinned) for entry in found] == [("new", True)]
        assert one.buffer.get(gone.id) is None
        other = note("another one by the same name", id=gone.id, fingerprint="a" * 64)
        two.add([other])
        assert torch.equal(one.get(gone.id).hidden_state, other.hidden_state)
    with pytest.raises(StoreClosedError):
        one.get(kept.id)


def test_what_is_forgotten_or_evicted_is_not_at_hand_either() -> None:
    with Memory.open(":memory:", config=MemoryConfig(max_entries=2)) as memory:
        entries = [note(str(n), timestamp=float(n)) for n in range(3)]
        memory.add(entries[:2])
        memory.add(entries[2:])
        buffer = memory.buffer
        assert {entry.id for entry in buffer.get_all_entries()} == {e.id for e in entries[1:]}
        memory.forget(id=entries[1].id)
        assert {entry.id for entry in buffer.get_all_entries()} == {entries[2].id}


def test_namespaces_have_hands_of_their_own() -> None:
    store = TieredStore(SqliteStore.open(":memory:"), 10**6, 10**6)
    ann, bob = note("ann"), note("bob")
    bob.id = ann.id
    store.put_many("ann", [ann])
    store.put_many("bob", [bob])
    for name, entry in (("ann", ann), ("bob", bob)):
        (found,) = store.get_many(name, [ann.id])
        assert torch.equal(found.hidden_state, entry.hidden_state)
    store.delete_many("bob", [bob.id])
    assert [entry.text for entry in store.get_many("ann", [ann.id])] == ["ann"]
    assert store.get_many("bob", [bob.id]) == []


def test_readers_and_forgetters_at_once(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        entries = [note(str(n)) for n in range(30)]
        memory.add(entries)
        errors: list[str] = []

        def read() -> None:
            for _ in range(20):
                for found in memory.get_many([entry.id for entry in entries]):
                    if found.hidden_state is None:
                        errors.append(found.text)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for entry in entries[:10]:
            memory._store.delete_many("default", [entry.id])
        for reader in readers:
            reader.join()
        assert errors == []
        held = memory.buffer.get_all_entries()
        assert not {entry.id for entry in held} & {entry.id for entry in entries[:10]}


def test_recent_states_go_where_the_model_is() -> None:
    with Memory.open(":memory:") as memory:
        entry = note()
        memory.add([entry])
        memory.keep_near(torch.device("meta"))
        assert memory.get(entry.id).hidden_state.device.type == "meta"


# The formula of `TierConfig`.


def test_idle_time_is_divided_by_worth() -> None:
    entry = note(timestamp=0.0, relevance_score=0.5)
    assert idle_seconds(entry, 100.0) == 100.0
    entry.relevance_score, entry.access_count = 1.0, 3
    assert idle_seconds(entry, 100.0) == pytest.approx(100.0 / 4.5)
    entry.last_access = 90.0
    assert idle_seconds(entry, 100.0) == pytest.approx(10.0 / 4.5)
    assert idle_seconds(entry, 50.0) == 0.0


@pytest.mark.parametrize(
    ("days", "fields", "tier"),
    [
        (0.5, {}, "recent"),
        (2, {}, "working"),
        (2, {"access_count": 7}, "recent"),
        (2, {"relevance_score": 1.0, "access_count": 1}, "recent"),
        (31, {}, "long_term"),
        (31, {"relevance_score": 1.0}, "working"),
        (31, {"relevance_score": 0.0, "access_count": 1}, "long_term"),
        (9999, {"pinned": True}, "working"),
    ],
)
def test_tiers_by_score_access_age_and_pin(
    days: float, fields: dict[str, object], tier: str
) -> None:
    entry = note(timestamp=0.0, **{"relevance_score": 0.5, **fields})
    assert tier_of(entry, days * DAY, TierConfig()) == tier


def test_maintain_moves_and_use_brings_back(tmp_path: Path) -> None:
    now = time.time()
    ages = {"fresh": 0, "days": 2, "months": 60, "pinned": 400}
    with Memory.open(tmp_path / "m") as memory:
        entries = {
            text: note(
                text, timestamp=now - age * DAY, relevance_score=0.5, pinned=text == "pinned"
            )
            for text, age in ages.items()
        }
        memory.add(entries.values())
        generation = memory.generation
        assert memory.maintain() == Maintenance(promoted=0, demoted=3, shrunk=0, evicted=0)
        tiers = {entry.text: entry.tier for entry in memory.entries()}
        assert tiers == {
            "fresh": "recent", "days": "working", "months": "long_term", "pinned": "working",
        }  # fmt: skip
        assert memory.generation == generation, "tiers change nothing that is recalled"
        assert memory.maintain() == Maintenance()
        memory.touch([entries["months"].id])
        assert memory.get(entries["months"].id).tier == "recent"
        memory._store.update_many("default", {entries["fresh"].id: {"tier": "long_term"}})
        assert memory.maintain().promoted == 1


def test_maintain_keeps_limits_that_are_new(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        memory.add([note(str(n), timestamp=float(n), pinned=n == 0) for n in range(6)])
    with Memory.open(tmp_path / "m", config=MemoryConfig(max_entries=2, eviction="age")) as memory:
        assert memory.maintain().evicted == 4
        assert {entry.text for entry in memory.entries()} == {"0", "5"}


def cold(seconds: float = 0.0) -> MemoryConfig:
    """Settings under which everything that is not pinned becomes cold at once."""
    tiers = TierConfig(recent_seconds=0.0, working_seconds=0.0, shrink_seconds=seconds)
    return MemoryConfig(tiers=tiers)


def test_only_what_can_be_read_again_is_shrunk(tmp_path: Path) -> None:
    def span(session: str, position: int, **fields: object) -> MemoryEntry:
        return note(
            f"{session} {position}",
            sequence_id=session,
            position_idx=position,
            timestamp=1.0,
            **fields,
        )

    with Memory.open(tmp_path / "m", config=cold()) as memory:
        whole = [span("whole", 3), span("whole", 5)]
        gap = [span("gap", 3), span("gap", 7)]
        headless = [span("headless", 5)]
        pinned = [span("pinned", 3, pinned=True), span("pinned", 5)]
        bare = [span("bare", 3, token_ids=())]
        memory.add([*whole, *gap, *headless, *pinned, *bare])
        size = memory.stats().payload_bytes
        assert memory.maintain().shrunk == 4
        codecs = {entry.text: entry.codec for entry in memory.entries()}
        assert {text for text, codec in codecs.items() if codec == "replay"} == {
            "whole 3", "whole 5", "gap 3", "pinned 5",
        }  # fmt: skip
        assert memory.stats().payload_bytes < size
        assert len(list((tmp_path / "m").rglob("*.safetensors"))) == 4
        assert memory.maintain() == Maintenance()
        shrunk = memory.get(whole[0].id)
        assert differences(shrunk, whole[0]) == ["hidden_state", "codec", "tier"]
        assert [event.what for event in memory.history(whole[0].id)] == ["added", "updated"]
    with Memory.open(tmp_path / "never", config=cold().replace(tiers=TierConfig(
        recent_seconds=0.0, working_seconds=0.0, shrink_seconds=None))) as memory:  # fmt: skip
        memory.add([span("whole", 3)])
        assert memory.maintain() == Maintenance(demoted=1)


@torch.no_grad()
@pytest.mark.parametrize("codec", ["hidden", "kv"])
@pytest.mark.parametrize(
    "name", ["llama", "gpt2", "gpt_neox", "qwen3", "gemma3", "mistral-sliding", "phi3-longrope"]
)
def test_shrunk_entries_are_woven_like_before(name: str, codec: str, tmp_path: Path) -> None:
    """Law 1 across shrinking: logits and greedy tokens with the states, and with states read again."""
    model = make(name, "eager")
    read, asked = tokens(150, seed=7), tokens(8, seed=8)
    both = torch.cat([read, asked], dim=1)
    plain = model(both).logits[:, 150:]
    continued = model.generate(both, max_new_tokens=16, do_sample=False)[:, 158:]
    with Memory.open(tmp_path / "m", config=cold()) as memory:
        with reweaving.attach(model, None, memory, ReweavingConfig(codec=codec)) as woven:
            entries = woven.capture(read)
            assert len(entries) == 3
            for entry in entries:
                entry.timestamp = 1.0
            memory.add(entries)
            measured = []
            for _ in range(2):
                found = memory.entries()
                with woven.weaving(found):
                    logits = model(asked).logits
                    assert (logits - plain).abs().max() <= 1e-4
                    out = model.generate(asked, max_new_tokens=16, do_sample=False)[:, 8:]
                    assert torch.equal(out, continued)
                measured.append((logits, Counter(entry.codec for entry in found)))
                memory.maintain()
        assert measured[0][1] == {codec: 3}
        assert measured[1][1] == {"replay": 3}
        assert (measured[0][0] - measured[1][0]).abs().max() <= 1e-4
        assert memory.stats().payload_bytes == 0
        assert memory.stats().key_bytes > 0


def test_shrinking_is_for_good() -> None:
    with Memory.open(":memory:", config=cold()) as memory:
        entry = note(timestamp=1.0)
        memory.add([entry])
        memory.maintain()
        with pytest.raises(InputError, match="cannot change codec"):
            memory.update(entry.id, codec="hidden")
