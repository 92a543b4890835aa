"""What the store asks of a disk, and what it says when the disk fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from reweaving.errors import DamagedEntryError, StoreError
from reweaving.stores import connection, migrations
from reweaving.stores.disk import Disk
from reweaving.stores.sqlite import DATABASE, SqliteStore
from tests.stores.conftest import MakeEntry


def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders, as they are synced."""
    folders: list[Path] = []
    sync = Disk.sync_folder

    def remember(self: Disk, folder: Path) -> None:
        folders.append(folder)
        sync(self, folder)

    monkeypatch.setattr(Disk, "sync_folder", remember)
    return folders


def test_names_of_new_folders_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = synced(monkeypatch)
    SqliteStore.open(str(tmp_path / "a" / "b" / "m")).close()
    assert folders == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]


def test_a_folder_that_a_killed_writer_made_lasts_too(
    tmp_path: Path, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore.open(str(tmp_path / "m"))
    store.put_many("ann", [make_entry()])
    store.close()
    folders = synced(monkeypatch)
    again = SqliteStore.open(str(tmp_path / "m"))
    again.put_many("ann", [make_entry()])
    (payloads,) = (tmp_path / "m" / "payloads").iterdir()
    assert set(folders) == {payloads, payloads.parent, tmp_path / "m"}
    folders.clear()
    again.put_many("ann", [make_entry()])
    assert folders == [payloads]
    again.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (apsw.SQLITE_IOERR_WRITE, StoreError),
        (apsw.SQLITE_IOERR_FSYNC, StoreError),
        (apsw.SQLITE_IOERR_READ, DamagedEntryError),
        (apsw.SQLITE_IOERR_DATA, DamagedEntryError),
    ],
)
def test_a_disk_that_fails_is_no_damaged_entry(code: int, kind: type[StoreError]) -> None:
    with pytest.raises(StoreError) as caught, connection.translated("here"):
        raise apsw.exception_for(code)
    assert isinstance(caught.value, DamagedEntryError) is (kind is DamagedEntryError)


def test_a_migration_that_sqlite_rolled_back_is_told_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore.open(str(tmp_path)).close()

    def fill(opened: apsw.Connection) -> None:
        opened.execute("ROLLBACK")
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, fill])
    monkeypatch.setattr(migrations, "FORMAT", len(migrations.MIGRATIONS))
    with pytest.raises(StoreError, match="no space is left"):
        SqliteStore.open(str(tmp_path))


def test_many_may_create_a_store_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, time; from reweaving.stores.sqlite import SqliteStore\n"
        "time.sleep(max(0, float(sys.argv[1]) - time.time()))\n"
        "for number in range(40): SqliteStore.open(f'{sys.argv[2]}/{number}').close()\n"
    )
    start = str(time.time() + 4)
    command = [sys.executable, "-c", script, start, str(tmp_path)]
    openers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    said = [opener.communicate()[1] for opener in openers]
    assert said == [b""] * 4


def test_who_has_expired_is_looked_up_in_an_index(tmp_path: Path, make_entry: MakeEntry) -> None:
    """It is asked with every read, and most namespaces have nobody."""
    store = SqliteStore.open(str(tmp_path / "m"))
    mortal = make_entry("gone soon", expires_at=10.0)
    store.put_many("ann", [make_entry(), mortal])
    asked: list[str] = []
    with store._session.reading() as opened:
        opened.trace_v2(apsw.SQLITE_TRACE_STMT, lambda told: asked.append(told["sql"]))
        assert store.expired("ann", 11.0) == [mortal.id]
        opened.trace_v2(0)
        sql = next(sql for sql in asked if "expires_at" in sql)
        (plan,) = [row[3] for row in opened.execute(f"EXPLAIN QUERY PLAN {sql}", (1, "ann"))][:1]
    assert "entries_by_expiry" in plan
    store.close()


@pytest.mark.parametrize("payload", [False, True])
def test_a_broken_page_names_the_entry(
    tmp_path: Path, make_entry: MakeEntry, payload: bool
) -> None:
    folder = tmp_path / "m"
    entries = [make_entry(f"{number} " + "word " * 700, id=f"id{number}") for number in range(6)]
    store = SqliteStore.open(str(folder))
    store.put_many("ann", entries)
    store.close()
    data = bytearray((folder / DATABASE).read_bytes())
    data[data.index(b"3 word word") + 40] ^= 1
    (folder / DATABASE).write_bytes(data)
    os.sync()
    store = SqliteStore.open(str(folder))
    whole = [entry.id for entry in entries if entry.id != "id3"]
    with pytest.raises(DamagedEntryError, match="entry id3 of namespace 'ann'"):
        store.get_many("ann", ["id3"], payload=payload)
    with pytest.raises(DamagedEntryError, match="entry id3 of namespace 'ann'"):
        store.get_many("ann", [entry.id for entry in entries], payload=payload)
    with pytest.raises(DamagedEntryError, match="entry id3 of namespace 'ann'"):
        list(store.scan("ann", payload=payload))
    assert [entry.id for entry in store.get_many("ann", whole, payload=payload)] == whole
    store.close()
