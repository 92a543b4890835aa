"""A log that lost what was acknowledged is refused; one that a power cut or a crash left is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reweaving.errors import DamagedEntryError
from reweaving.memory.memory import Memory
from reweaving.stores.raw_file import RawFile
from reweaving.stores.sqlite import DATABASE, SqliteStore
from reweaving.stores.write_ahead_log import read_log, require_whole
from tests.stores.conftest import MakeEntry

LEAVE = """
import os, sys
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import MemoryEntry

store = SqliteStore.open(sys.argv[1])
for turn in range(int(sys.argv[2])):
    text = f"turn {turn} " + "word " * int(sys.argv[3])
    store.put_many("ann", [MemoryEntry(None, (0,), "s", turn, text=text, id=f"e{turn}",
                                       token_ids=(1, 2), codec="replay")])
os._exit(0)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A store whose six turns lie in the log alone."""
    folder = tmp_path / "m"
    SqliteStore.open(str(folder)).close()
    subprocess.run([sys.executable, "-c", LEAVE, str(folder), "6", "2000"], check=True)
    return folder


def log_of(folder: Path) -> Path:
    return folder / f"{DATABASE}-wal"


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_what_a_killed_writer_left_is_read(killed: Path) -> None:
    log = read_log(killed / DATABASE)
    assert log is not None
    assert log.sound.all()
    assert int(log.commits.sum()) == 6
    assert log.whole == len(log.sound)
    require_whole(killed / DATABASE)
    with Memory.open(killed, "ann") as memory:
        assert len(memory.entries()) == 6


@pytest.mark.parametrize("place", [3, 20, 40, 4000, 70_000, -5])
def test_a_flipped_bit_in_the_log_is_refused(killed: Path, place: int) -> None:
    flip(log_of(killed), place)
    before = {path.name: path.read_bytes() for path in killed.iterdir() if path.is_file()}
    for _ in range(2):
        with pytest.raises(DamagedEntryError, match="cmr memory repair"):
            Memory.open(killed, "ann")
    assert {p.name: p.read_bytes() for p in killed.iterdir() if p.is_file()} == before


@pytest.mark.parametrize("share", [0.0, 0.4, 0.97])
def test_a_log_that_was_cut_off_is_refused(killed: Path, share: float) -> None:
    os.truncate(log_of(killed), int(share * log_of(killed).stat().st_size))
    with pytest.raises(DamagedEntryError, match="cannot be read"):
        Memory.open(killed, "ann")


def test_a_log_that_was_taken_away_is_refused(killed: Path) -> None:
    log_of(killed).unlink()
    with pytest.raises(DamagedEntryError, match="cannot be read"):
        Memory.open(killed, "ann")


def test_without_the_index_damage_in_the_middle_is_refused(killed: Path) -> None:
    (killed / f"{DATABASE}-shm").unlink()
    flip(log_of(killed), 4000)
    with pytest.raises(DamagedEntryError, match="cannot be read"):
        Memory.open(killed, "ann")


def test_without_the_index_a_torn_end_is_a_power_cut(killed: Path) -> None:
    (killed / f"{DATABASE}-shm").unlink()
    os.truncate(log_of(killed), log_of(killed).stat().st_size - 700)
    with Memory.open(killed, "ann") as memory:
        assert len(memory.entries()) == 5


@pytest.mark.parametrize("turn", [None, 1, 4])
def test_a_repair_brings_back_what_lies_behind_the_break(killed: Path, turn: int | None) -> None:
    log = read_log(killed / DATABASE)
    assert log is not None
    hurt = 20
    if turn is not None:  # the last frame of that turn: a part of its text
        frame = int(log.commits.nonzero()[0][turn])
        hurt = 32 + frame * (24 + log.page_bytes) + 100
    flip(log_of(killed), hurt)
    with pytest.raises(DamagedEntryError):
        Memory.open(killed, "ann")
    Memory.rescue(killed)
    with Memory.open(killed, "ann") as memory:
        memory.repair()
        assert memory.verify().ok
        back = {entry.id for entry in memory.entries()}
        assert back >= {f"e{number}" for number in range(6)} - {f"e{turn}"}
        assert all(len(entry.text) == len("turn 0 " + "word " * 2000) for entry in memory.entries())
    with Memory.open(killed, "ann") as memory:
        assert {entry.id for entry in memory.entries()} == back


def test_writers_that_go_on_are_never_refused(tmp_path: Path) -> None:
    """Logs grow, are copied back and begin anew while others open the memory."""
    folder = tmp_path / "m"
    SqliteStore.open(str(folder)).close()
    writer = subprocess.Popen([sys.executable, "-c", LEAVE, str(folder), "100000", "9"])
    seen, opened = 0, 0
    deadline = time.monotonic() + 6
    try:
        while time.monotonic() < deadline:
            opened += seen > 0  # from when it has begun
            with Memory.open(folder, "ann") as memory:
                now = memory.stats().entries
            assert now >= seen
            seen = now
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    with Memory.open(folder, "ann") as memory:
        assert memory.stats().entries >= seen > 0
    assert opened > 5, "the premise of this test"


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="locks are listed on Linux only")
def test_looking_at_pages_keeps_sqlites_locks(tmp_path: Path, make_entry: MakeEntry) -> None:
    """POSIX drops all locks of a file when any descriptor of it is closed."""
    store = SqliteStore.open(str(tmp_path / "m"))
    store.put_many("ann", [make_entry()])

    def locks() -> int:
        return Path("/proc/locks").read_text().count(f" {os.getpid()} ")

    held = locks()
    assert held >= 2, "the premise of this test"
    assert store.upkeep.verify("ann").ok
    assert locks() == held
    store.close()


def test_a_raw_file_is_what_lies_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\0" * 500 + b"end" + b"\0" * 97)
    with RawFile(path) as file:
        assert file.size == 600
        assert file.read(0, 1000) == path.read_bytes()
        assert file.read(500, 3) == b"end"
        assert file.read(590, 50) == b"\0" * 10
        assert file.read(700, 5) == b""
