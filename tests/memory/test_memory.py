"""`Memory` as its users see it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from reweaving import Memory, MemoryConfig
from reweaving.errors import (
    ConfigurationError,
    FingerprintError,
    InputError,
    RegistryError,
    StoreClosedError,
)
from reweaving.stores.sqlite import SqliteStore
from tests.memory.kept import note


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory.open(":memory:", namespace="ann") as opened:
        yield opened


def test_add_search_get_and_forget(memory: Memory) -> None:
    entry = note("My project is called Aurora.")
    memory.add([entry, note("The weather is nice.")])
    assert entry.namespace == "ann"
    (hit,) = memory.search("what is the name of my project?", limit=1)
    assert hit.text == "My project is called Aurora."
    assert hit.score > 0
    assert hit.entry.hidden_state is None
    assert memory.get(entry.id).hidden_state is not None
    assert [key.id for key in memory.key_states()] == [e.id for e in memory.entries()]
    assert memory.forget(id=entry.id).ids == (entry.id,)
    with pytest.raises(InputError, match="no entry"):
        memory.get(entry.id)
    assert [event.what for event in memory.history(entry.id)] == ["added", "forgotten"]


def test_newest_come_first(memory: Memory) -> None:
    memory.add([note(f"Day {day}.", timestamp=float(day)) for day in (2, 9, 4)])
    assert [entry.text for entry in memory.newest(2)] == ["Day 9.", "Day 4."]


def test_pin_update_touch(memory: Memory) -> None:
    entry = note("The old text.")
    memory.add([entry])
    generation = memory.generation
    memory.touch([entry.id])
    assert memory.generation == generation
    memory.pin(entry.id)
    memory.update(entry.id, text="The new text.", metadata={"seen": True})
    found = memory.get(entry.id)
    assert (found.text, found.pinned, found.access_count) == ("The new text.", True, 1)
    assert found.last_access == pytest.approx(time.time(), abs=60)
    memory.pin(entry.id, pinned=False)
    assert not memory.get(entry.id).pinned
    assert memory.generation == generation + 3
    with pytest.raises(InputError, match="what can be changed"):
        memory.update(entry.id, token_ids=(3,))
    with pytest.raises(InputError, match="nothing"):
        memory.update(entry.id)
    with pytest.raises(InputError, match="no entry"):
        memory.pin("nobody")


def test_several_ids_are_forgotten_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[str] = []
    erase = SqliteStore.erase

    def noted(store: SqliteStore, namespace: str) -> Mapping[str, str]:
        erased.append(namespace)
        return erase(store, namespace)

    monkeypatch.setattr(SqliteStore, "erase", noted)
    with Memory.open(tmp_path, "ann") as memory:
        kept, *gone = made = [note(text) for text in ("one", "two", "three")]
        memory.add(made)
        receipt = memory.forget(id=(entry.id for entry in [*gone, gone[0]]))
        assert set(receipt.ids) == {entry.id for entry in gone}
        assert [entry.id for entry in memory.entries()] == [kept.id]
        assert memory.forget(id=[gone[0].id, "nobody"]).ids == ()
        assert memory.forget(id=[kept.id], text="two").ids == (), "conditions narrow"
        assert erased == ["ann"] * 3, "a file is rewritten once for all of them"


def test_forget_needs_a_condition(memory: Memory) -> None:
    memory.add([note("one"), note("two", sequence_id="tuesday", timestamp=5.0)])
    for conditions in (
        {},
        {"text": ""},
        {"id": ""},
        {"id": []},
        {"namespace": True, "text": "one"},
    ):
        with pytest.raises(InputError, match="forget needs"):
            memory.forget(**conditions)  # type: ignore[arg-type]
    assert memory.forget(session="monday", text="two").ids == ()
    assert len(memory.forget(before=6.0).ids) == 1
    assert len(memory.forget(namespace=True).ids) == 1
    assert memory.stats().entries == 0


@pytest.mark.parametrize(
    "name", ["", " ann", "ann!", "../ann", "a" * 129, "ann\n", "ännchen", "-a"]
)
def test_namespace_of_another_form_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a namespace starts with"):
        Memory.open(tmp_path / "m", namespace=name)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("name", ["ann", "0", "team/ann@example.org", "a" * 128])
def test_namespaces_that_have_the_form(name: str) -> None:
    Memory.open(":memory:", namespace=name).close()


def test_entry_of_another_namespace_is_refused(memory: Memory) -> None:
    with pytest.raises(InputError, match="'bob'"):
        memory.add([note("one"), note("two", namespace="bob")])
    assert memory.entries() == []


def test_states_of_another_model_are_refused(memory: Memory) -> None:
    memory.require_fingerprint("b" * 64, "EarlierModel")
    memory.require_fingerprint("a" * 64, "LlamaForCausalLM")
    memory.add([note("one")])
    with pytest.raises(FingerprintError, match="cmr memory reencode") as error:
        memory.require_fingerprint("c" * 64, "GPT2LMHeadModel")
    for named in ("LlamaForCausalLM", "a" * 12, "GPT2LMHeadModel", "c" * 12):
        assert named in str(error.value)
    with pytest.raises(FingerprintError):
        memory.add([note("two", fingerprint="c" * 64)])
    with pytest.raises(FingerprintError):
        memory.add([note("two"), note("three", fingerprint="d" * 64)])
    assert [entry.text for entry in memory.entries()] == ["one"]
    memory.forget(namespace=True)
    memory.require_fingerprint("c" * 64, "GPT2LMHeadModel")


def test_one_batch_is_of_one_model(memory: Memory) -> None:
    with pytest.raises(FingerprintError, match="several models"):
        memory.add([note("two"), note("three", fingerprint="d" * 64)])
    assert memory.entries() == []


def test_binding_survives_reopening(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([note("one")])
    with Memory.open(tmp_path / "m", "ann") as memory, pytest.raises(FingerprintError):
        memory.require_fingerprint("c" * 64, "Other")
    with Memory.open(tmp_path / "m", "bob") as memory:
        memory.require_fingerprint("c" * 64, "Other")


def test_notes(memory: Memory) -> None:
    memory.set_note("calibration", {"threshold": 0.5})
    assert memory.note("calibration") == {"threshold": 0.5}
    memory.set_note("calibration", None)
    assert memory.note("calibration") is None


def test_stats(memory: Memory) -> None:
    memory.add([note("one"), note("two", sequence_id="tuesday", pinned=True)])
    stats = memory.stats()
    assert (stats.entries, stats.tokens, stats.sessions, stats.pinned) == (2, 4, 2, 1)


def test_closed_memory_says_so(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "m")
    memory.close()
    memory.close()
    for call in (memory.stats, memory.entries, lambda: memory.add([note("x")])):
        with pytest.raises(StoreClosedError, match=r"Memory\.open"):
            call()


def test_unknown_kind_of_store_is_named() -> None:
    with pytest.raises(RegistryError, match="no store called 'oracle'"):
        Memory.open("oracle://somewhere")


def test_settings_are_checked() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'busy_timeout_seconds'"):
        MemoryConfig(busy_timeout=3)
    with pytest.raises(ConfigurationError, match="busy_timeout_seconds = -1"):
        MemoryConfig(busy_timeout_seconds=-1)
    with pytest.raises(InputError, match="limit = -1"):
        Memory.open(":memory:").entries(limit=-1)


def test_threads_share_a_memory(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory:
        threads = [
            threading.Thread(target=lambda i=i: memory.add([note(f"thread {i}")]))  # type: ignore[misc]
            for i in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {entry.text for entry in memory.entries()} == {f"thread {i}" for i in range(8)}


def test_memory_in_ram_touches_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Memory.open(":memory:") as memory:
        memory.add([note("one")])
        memory.forget(text="one")
        assert list(tmp_path.iterdir()) == []
