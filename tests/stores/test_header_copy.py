"""A second copy of the encryption header: it follows the key, and repair brings the first one back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reweaving.errors import KeyRefusedError, StoreError
from reweaving.memory.memory import Memory
from reweaving.memory.settings import MemoryConfig
from reweaving.stores import header_copy, rotation
from reweaving.stores.connection import connect
from reweaving.stores.master_key import StoreKey
from tests.stores.sealed import KEY, OTHER, everything, opened, secret

CONFIG = MemoryConfig(encryption_key=KEY)


def header_in_database(folder: Path) -> object:
    with connect(folder / "memory.sqlite3", 5.0) as database:
        header = rotation.read_header(database)
    database.close()
    return header


def lose_header(folder: Path) -> None:
    with connect(folder / "memory.sqlite3", 5.0) as database:
        rotation.write_header(database, None)
    database.close()


def test_the_copy_follows_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    store = opened(folder)
    assert header_copy.read(folder) == [header_in_database(folder)]
    store.put_many("ann", [secret(1)])
    before = header_copy.read(folder)
    store.rotate_key(StoreKey(OTHER))
    assert header_copy.read(folder) == [header_in_database(folder)] != before
    store.rotate_key(None)
    assert not (folder / header_copy.COPY).exists()
    store.close()
    (tmp_path / "m" / header_copy.COPY).write_text("[1, {}, nonsense")
    opened(folder, None).close()
    assert header_copy.read(folder) == []


def test_a_memory_without_a_copy_gets_one(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    store = opened(folder)
    store.put_many("ann", [secret(1)])
    store.close()
    (folder / header_copy.COPY).unlink()
    with pytest.raises(KeyRefusedError):
        opened(folder, OTHER)
    assert not (folder / header_copy.COPY).exists(), "who is refused changes nothing"
    opened(folder).close()
    assert header_copy.read(folder) == [header_in_database(folder)]


def test_a_killed_rotation_leaves_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "m"
    store = opened(folder)
    store.put_many("ann", [secret(1)])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, "reseal", die)
    with pytest.raises(KeyboardInterrupt):
        store.rotate_key(StoreKey(OTHER))
    assert len(header_copy.read(folder)) == 2
    assert header_in_database(folder) == header_copy.read(folder)[0]
    monkeypatch.undo()
    store.close()
    lose_header(folder)
    Memory.rescue(folder)
    store = opened(folder)
    assert [entry.text for entry in everything(store)] == [secret(1).text]
    store.close()


@pytest.mark.parametrize("how", ["gone", "page"])
def test_repair_brings_the_header_back(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "m"
    with Memory.open(folder, "ann", CONFIG) as memory:
        memory.add([secret(number) for number in range(5)])
    header = header_in_database(folder)
    database = folder / "memory.sqlite3"
    if how == "gone":
        lose_header(folder)
        for key in (KEY, None):
            with pytest.raises(StoreError, match="cmr memory repair"):
                opened(folder, key)
    else:
        data = bytearray(database.read_bytes())
        at = data.index(b'"salt"')
        data[at + 9 : at + 14] = b"00000"
        database.write_bytes(data)
        with pytest.raises(StoreError):
            opened(folder)
    Memory.rescue(folder)
    assert json.dumps(header_in_database(folder)) == json.dumps(header)
    with Memory.open(folder, "ann", CONFIG) as memory:
        memory.repair()
        assert len(memory.entries(payload=True)) == 5
        assert memory.search("Qzxylophone3")


def test_another_header_is_not_brought_back(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    store = opened(folder)
    store.put_many("ann", [secret(1)])
    store.close()
    header_copy.HeaderCopy(folder).keep(StoreKey(OTHER).new_header())
    lose_header(folder)
    Memory.rescue(folder)
    assert header_in_database(folder) is None
    with pytest.raises(StoreError, match="lost the header"):
        opened(folder)
