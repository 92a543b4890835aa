"""Broken pages under the times of expiry: the entry that cannot be read is named, others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from reweaving import Memory
from reweaving.errors import DamagedEntryError, InputError
from reweaving.stores.connection import connect
from tests.memory.kept import Clock, note

PAGE = 4096


def break_page(folder: Path, number: int) -> None:
    database = folder / "memory.sqlite3"
    data = bytearray(database.read_bytes())
    start = (number - 1) * PAGE
    data[start + 8 : start + 64] = bytes(255 - byte for byte in data[start + 8 : start + 64])
    database.write_bytes(data)


def test_a_request_names_its_entry_though_nobody_knows_who_has_expired(tmp_path: Path) -> None:
    folder, clock = tmp_path / "m", Clock()
    entries = [
        note(f"note Qz{i:03d} " + "word " * 60, expires_at=clock.now + (5 if i == 3 else 500))
        for i in range(60)
    ]
    with Memory.open(folder, "ann", clock=clock) as memory:
        memory.add(entries)
    with connect(folder / "memory.sqlite3", 5.0) as database:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'entries_by_expiry'"
        ((index,),) = database.execute(sql).fetchall()
    database.close()
    raw = (folder / "memory.sqlite3").read_bytes()
    leaf = raw.index(b"note Qz030") // PAGE + 1
    page = raw[(leaf - 1) * PAGE : leaf * PAGE]
    on_leaf = {entry.id for entry in entries if entry.text[:10].encode() in page}
    assert 1 <= len(on_leaf) < 30, "the premise of this test"
    break_page(folder, index)
    break_page(folder, leaf)
    clock.now += 10
    named, read = set(), set()
    with Memory.open(folder, "ann", clock=clock) as memory:
        with pytest.raises(DamagedEntryError):
            memory.expired()
        for entry in entries:
            try:
                read.add(memory.get(entry.id).id)
            except DamagedEntryError as error:
                named.add(entry.id if entry.id in str(error) else "the file")
            except InputError:
                assert entry is entries[3], "expired, and still gone"
    assert named == on_leaf
    assert read == {entry.id for entry in entries} - on_leaf - {entries[3].id}
