"""What the SQLite store does on a disk: foreign files, damage, kills, several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from reweaving.errors import DamagedEntryError, StoreError, StoreFormatError
from reweaving.stores import migrations
from reweaving.stores.sqlite import DATABASE, SqliteStore
from tests.stores.conftest import MakeEntry

WRITER = """
import sys, torch
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import MemoryEntry

store = SqliteStore.open(sys.argv[1])
for turn in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{turn}"
    state = torch.full((2, 4, 64), float(turn))
    fields = dict(layer_idx=(0, 1), sequence_id=name, position_idx=0, text=name)
    store.put_many("ann", [
        MemoryEntry(hidden_state=state, id=f"{name}-{part}", key_state=state[0], **fields)
        for part in range(2)
    ])
    print(name, flush=True)
"""


def write_in_process(folder: Path, name: str, turns: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(turns)],
        stdout=subprocess.PIPE,
        text=True,
    )


def payload_files(folder: Path) -> list[Path]:
    return sorted((folder / "payloads").rglob("*.safetensors"))


def test_entries_survive_reopening(tmp_path: Path, make_entry: MakeEntry) -> None:
    entry = make_entry()
    first = SqliteStore.open(str(tmp_path / "m"))
    first.put_many("ann", [entry])
    first.close()
    again = SqliteStore.open(str(tmp_path / "m"))
    assert [found.id for found in again.get_many("ann", [entry.id])] == [entry.id]
    assert again.ledger.generation("ann") == 1
    again.close()


def test_a_file_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(StoreFormatError, match="is a file"):
        SqliteStore.open(str(path))
    assert path.read_text() == "my notes"


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    with pytest.raises(StoreFormatError, match="holds other files"):
        SqliteStore.open(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4080]
)
def test_a_foreign_file_in_its_place_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(StoreError):
        SqliteStore.open(str(tmp_path))
    assert (tmp_path / DATABASE).read_bytes() == content


def test_another_sqlite_database_is_refused(tmp_path: Path) -> None:
    with apsw.Connection(str(tmp_path / DATABASE)) as connection:
        connection.execute("CREATE TABLE accounts (owner)")
    connection.close()
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(StoreFormatError, match="not a memory of this project"):
        SqliteStore.open(str(tmp_path))
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    SqliteStore.open(str(tmp_path)).close()
    connection = apsw.Connection(str(tmp_path / DATABASE), vfs="cksmvfs")
    connection.execute(f"PRAGMA user_version = {migrations.FORMAT + 1}")
    connection.close()
    with pytest.raises(StoreFormatError, match="pip install --upgrade reweaving"):
        SqliteStore.open(str(tmp_path))


def test_migrations_run_once_and_in_order(
    tmp_path: Path, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore.open(str(tmp_path))
    store.put_many("ann", [make_entry()])
    store.close()

    def add_column(connection: apsw.Connection) -> None:
        connection.execute("ALTER TABLE entries ADD COLUMN later TEXT")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, add_column])
    monkeypatch.setattr(migrations, "FORMAT", len(migrations.MIGRATIONS))
    for _ in range(2):
        store = SqliteStore.open(str(tmp_path))
        assert len(list(store.scan("ann"))) == 1
        store.close()


def test_a_failed_migration_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore.open(str(tmp_path)).close()

    def fail(connection: apsw.Connection) -> None:
        connection.execute("DROP TABLE keys")
        raise RuntimeError("half way")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, fail])
    monkeypatch.setattr(migrations, "FORMAT", len(migrations.MIGRATIONS))
    with pytest.raises(RuntimeError, match="half way"):
        SqliteStore.open(str(tmp_path))
    monkeypatch.undo()
    store = SqliteStore.open(str(tmp_path))
    assert list(store.keys("ann")) == []
    store.close()


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove", "swap"])
def test_damaged_payload_is_named(tmp_path: Path, make_entry: MakeEntry, damage: str) -> None:
    store = SqliteStore.open(str(tmp_path / "m"))
    hurt, whole = make_entry(), make_entry()
    store.put_many("ann", [whole])
    (other,) = payload_files(tmp_path / "m")
    store.put_many("ann", [hurt])
    (path,) = set(payload_files(tmp_path / "m")) - {other}
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[-3] ^= 1
        path.write_bytes(data)
    elif damage == "truncate":
        path.write_bytes(data[:-1])
    elif damage == "swap":
        path.write_bytes(other.read_bytes())
    else:
        path.unlink()
    with pytest.raises(DamagedEntryError, match=hurt.id):
        store.get_many("ann", [hurt.id])
    assert [entry.id for entry in store.get_many("ann", [whole.id])] == [whole.id]
    assert store.delete_many("ann", [hurt.id]).ids == (hurt.id,)
    store.close()


@pytest.mark.parametrize(
    "change", ["text = 'The sky is red.'", "token_ids = x'01000000'", "session = '\"tuesday\"'"]
)
def test_damaged_row_is_named(tmp_path: Path, make_entry: MakeEntry, change: str) -> None:
    store = SqliteStore.open(str(tmp_path / "m"))
    entry = make_entry()
    store.put_many("ann", [entry])
    store.close()
    connection = apsw.Connection(str(tmp_path / "m" / DATABASE), vfs="cksmvfs")
    connection.execute("DROP TRIGGER lexicon_update")
    connection.execute(f"UPDATE entries SET {change}")
    connection.close()
    store = SqliteStore.open(str(tmp_path / "m"))
    with pytest.raises(DamagedEntryError, match=entry.id):
        list(store.scan("ann"))
    store.close()


def test_flipped_pages_never_give_wrong_data(tmp_path: Path, make_entry: MakeEntry) -> None:
    """A bit flipped anywhere in the database: a typed error, or what was written."""
    folder = tmp_path / "m"
    entries = [make_entry(f"The sky is green, {i}.") for i in range(40)]
    store = SqliteStore.open(str(folder))
    store.put_many("ann", entries)
    store.close()
    original = (folder / DATABASE).read_bytes()
    expected = {entry.id: entry.text for entry in entries}
    refused = 0
    for place in range(60, len(original), len(original) // 60):
        flipped = bytearray(original)
        flipped[place] ^= 0x10
        (folder / DATABASE).write_bytes(flipped)
        try:
            store = SqliteStore.open(str(folder))
        except StoreError:
            refused += 1
            continue
        try:
            found = {entry.id: entry.text for entry in store.scan("ann", payload=True)}
            assert found == expected
        except StoreError:
            refused += 1
        finally:
            store.close()
    assert refused > 10


def test_killed_writer_loses_nothing_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    SqliteStore.open(str(folder)).close()
    acknowledged: list[str] = []
    for round_number in range(4):
        writer = write_in_process(folder, f"r{round_number}", 100_000)
        if writer.stdout is None:
            pytest.fail("the writer has no output")
        acknowledged += [writer.stdout.readline().strip() for _ in range(3 + 5 * round_number)]
        time.sleep(0.004 * round_number)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
    store = SqliteStore.open(str(folder))
    found: dict[str, int] = {}
    for entry in store.scan("ann", payload=True):
        found[entry.text] = found.get(entry.text, 0) + 1
    assert len(acknowledged) >= 42
    assert set(acknowledged) <= set(found)
    assert set(found.values()) == {2}, "a turn is stored whole or not at all"
    store.close()


def test_two_processes_write_and_one_reads(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    writers = [write_in_process(folder, name, 30) for name in ("left", "right")]
    time.sleep(0.5)
    store = SqliteStore.open(str(folder))
    seen = 0
    while any(writer.poll() is None for writer in writers):
        now = len(list(store.scan("ann", payload=True)))
        assert now >= seen
        seen = now
    for writer in writers:
        acknowledged, _ = writer.communicate()
        assert writer.returncode == 0
        assert len(acknowledged.split()) == 30
    assert len(list(store.scan("ann", payload=True))) == 2 * 2 * 30
    assert store.ledger.generation("ann") == 60
    store.close()


def test_a_writer_that_waits_too_long_says_so(tmp_path: Path, make_entry: MakeEntry) -> None:
    store = SqliteStore.open(str(tmp_path / "m"), busy_timeout_seconds=0.05)
    blocker = apsw.Connection(str(tmp_path / "m" / DATABASE), vfs="cksmvfs")
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="busy_timeout_seconds"):
        store.put_many("ann", [make_entry()])
    blocker.execute("ROLLBACK")
    store.put_many("ann", [make_entry()])
    blocker.close()
    store.close()


def test_full_disk_stores_nothing(
    tmp_path: Path, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore.open(str(tmp_path / "m"))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        store.put_many("ann", [make_entry()])
    monkeypatch.undo()
    assert list(store.scan("ann")) == []
    assert payload_files(tmp_path / "m") == []
    store.close()


def test_each_commit_is_synced(tmp_path: Path) -> None:
    store = SqliteStore.open(str(tmp_path / "m"))
    with store._session.reading() as connection:
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("synchronous") == 2
        assert connection.pragma("secure_delete") == 1
    store.close()
