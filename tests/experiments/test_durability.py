"""The durability bench: a quick run, and that it would notice what it looks for."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from reweaving.experiments import BENCHES, durability
from reweaving.experiments.base import BenchResult
from reweaving.experiments.durability_content import entry_id, made, own_word, same, traces
from reweaving.experiments.durability_injury import changed_pages, injure, pages_with
from reweaving.experiments.durability_kills import after, compare
from reweaving.experiments.durability_power import DiskState
from reweaving.experiments.durability_recording import Step
from reweaving.experiments.laboratory import LaboratoryError, conduct
from reweaving.memory.memory import Memory


@pytest.fixture(scope="module")
def result() -> BenchResult:
    said: list[tuple[int, int]] = []

    def progress(done: int, total: int, what: str = "") -> None:
        said.append((done, total))

    found = durability.run(True, 0, progress)
    assert said == sorted(said)
    assert said[-1][0] == said[-1][1]
    return found


def test_nothing_is_lost(result: BenchResult) -> None:
    assert BENCHES.get("durability") is durability.run
    for name in ("lost_acknowledged", "wrong_data", "crashes", "lost_writes"):
        assert result.summary[name] == 0, result.rows
    assert result.summary["intact_not_repaired"] == 0
    assert result.summary["faults_that_changed_memory"] == 0


def test_every_leg_did_something(result: BenchResult) -> None:
    for name in ("kills", "power_cuts", "writes_dropped", "writes_torn", "damage_injected"):
        assert result.summary[name] > 0, name
    assert result.summary["writers"] == 8
    assert result.summary["faults_injected"] > 20
    assert result.summary["entries_refused"] == result.summary["refusals_naming_the_entry"]
    assert len({tuple(row) for row in result.rows}) == 1


def test_a_store_that_does_not_sync_is_noticed() -> None:
    rows: list[dict[str, Any]] = []
    for report in conduct("tests.experiments.unsynced:run", True, 0):
        rows += report.rows or []
    assert sum(row["lost"] for row in rows) > 0


def test_a_laboratory_that_fails_says_why() -> None:
    with pytest.raises(LaboratoryError, match=r"No module named 'reweaving\.nothing'"):
        list(conduct("reweaving.nothing:run", True, 0))


def test_entries_are_known_by_their_number() -> None:
    assert same(made(3, 7), made(3, 7))
    assert not same(made(3, 7), made(3, 8))
    assert not same(made(3, 7), made(3, 7, version=1))
    changed = made(3, 7)
    assert changed.key_state is not None
    changed.key_state[0, 0] += 1
    assert not same(changed, made(3, 7))
    assert {made(3, n).codec for n in range(4)} == {"hidden", "kv", "replay"}


def test_what_is_missing_or_altered_is_noticed(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([made(0, 1), made(0, 2)])
        assert compare(memory, 0, {1: 0, 2: 0}) == ""
        assert "1 entries missing" in compare(memory, 0, {1: 0, 2: 0, 3: 0})
        assert "1 unexpected" in compare(memory, 0, {1: 0})
        assert "not what was written" in compare(memory, 0, {1: 0, 2: 1})


def test_what_is_done_changes_what_is_there() -> None:
    assert after({1: 0}, "add", [2, 3]) == {1: 0, 2: 0, 3: 0}
    assert after({1: 0, 2: 0}, "edit", [2]) == {1: 0, 2: 1}
    assert after({1: 0, 2: 0}, "forget", [2]) == {1: 0}


def written(*steps: Step) -> DiskState:
    disk = DiskState()
    for step in steps:
        disk.take(step)
    return disk


MAKE = (Step("make", "a", 1), Step("sync folder", "."))
FIRST = Step("write", "a", 1, 0, b"x" * 2048)


@pytest.mark.parametrize("seed", range(20))
def test_what_was_synced_is_there_after_a_power_cut(tmp_path: Path, seed: int) -> None:
    disk = written(*MAKE, FIRST, Step("sync", "a", 1))
    assert disk.unsynced == 0
    disk.write_to(tmp_path / "cut", random.Random(seed))
    assert (tmp_path / "cut" / "a").read_bytes() == FIRST.data


def test_what_was_not_synced_is_there_or_lost_or_torn(tmp_path: Path) -> None:
    disk = written(*MAKE, FIRST)
    lengths = set()
    for seed in range(60):
        folder = tmp_path / str(seed)
        disk.write_to(folder, random.Random(seed))
        lengths.add(len((folder / "a").read_bytes()))
    assert {0, 2048} < lengths <= {0, 512, 1024, 1536, 2048}


def test_a_name_lasts_when_its_folder_is_synced(tmp_path: Path) -> None:
    steps = [Step("make", "part", 1), Step("write", "part", 1, 0, b"x"), Step("sync", "part", 1)]
    renamed = Step("rename", "a", 1, old="part")
    there = set()
    for seed in range(40):
        folder = tmp_path / str(seed)
        written(*steps, Step("sync folder", "."), renamed).write_to(folder, random.Random(seed))
        there |= {path.name for path in folder.iterdir()}
    assert there == {"part", "a"}
    lasting = written(*steps, renamed, Step("sync folder", "."))
    lasting.write_to(tmp_path / "last", random.Random(0))
    assert [path.name for path in (tmp_path / "last").iterdir()] == ["a"]


@pytest.mark.parametrize("number", range(12))
def test_damage_stays_within_what_is_said(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "m"
    with Memory.open(folder, "ann") as memory:
        memory.add([made(0, n) for n in range(6)])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    injury = injure(folder, random.Random(number))
    for path, content in before.items():
        if str(path.relative_to(folder)) != injury.file:
            assert path.read_bytes() == content
            continue
        now = path.read_bytes()
        assert now[: injury.first] == content[: injury.first]
        assert injury.what == "truncated" or now[injury.last :] == content[injury.last :]


def test_pages_of_an_entry_are_found(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([made(0, n) for n in range(12)])
        assert [hit.entry.id for hit in memory.search(own_word(9), 3)] == [entry_id(0, 9)]
    database = (tmp_path / "m" / "memory.sqlite3").read_bytes()
    long, short = (pages_with(database, traces(made(0, number))) for number in (9, 10))
    assert len(long) > len(short) >= 1
    altered = bytearray(database)
    altered[4096 * 3 + 5] ^= 1
    assert changed_pages(database, bytes(altered)) == {3}
    assert changed_pages(database, database[:-1]) == {len(database) // 4096 - 1}
