"""Verify, repair, rescue, backup, restore: damage is named, and all that is intact comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest
import torch

from reweaving import Memory, MemoryConfig, MemoryEntry
from reweaving.errors import (
    AmbiguousIdError,
    DamagedEntryError,
    InputError,
    StoreError,
    StoreFormatError,
)
from reweaving.stores import sqlite_backup
from reweaving.stores.payloads import FilePayloads
from reweaving.stores.sqlite import DATABASE, SqliteStore
from reweaving.stores.upkeep import PlainUpkeep
from tests.stores.same import differences

PAGE = 4096


def entry(number: int, **fields: object) -> MemoryEntry:
    generator = torch.Generator().manual_seed(number)
    values: dict[str, object] = {
        "hidden_state": torch.randn(2, 3, 8, generator=generator),
        "layer_idx": (0, 1),
        "sequence_id": f"session {number % 4}",
        "position_idx": number,
        # Some keys fit their page, some stand on overflow pages.
        "key_state": torch.randn(3, 8 + 900 * (number % 5 == 0), generator=generator),
        "token_ids": (number, 6, 7),
        "text": f"Note {number} of Aurora. " + "Words and words. " * (number % 7 * 9),
        "timestamp": float(1_000_000_000 + number),
        "fingerprint": "f" * 32,
        "id": f"{number * 7919:032x}",
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


def filled(folder: Path, count: int = 60) -> dict[str, MemoryEntry]:
    entries = {made.id: made for made in (entry(number) for number in range(count))}
    with Memory.open(folder, "ann") as memory:
        memory.require_fingerprint("f" * 32, "TinyLlama")
        for at in range(0, count, 20):
            memory.add(list(entries.values())[at : at + 20])
        memory.set_note("calibration", {"threshold": 0.5})
        memory.forget(session="session 3")
    with Memory.open(folder, "bob") as memory:
        memory.add([entry(number) for number in range(200, 205)])
    return {key: each for key, each in entries.items() if each.sequence_id != "session 3"}


def payload_of(folder: Path, made: MemoryEntry) -> Path:
    """The file with an entry's states."""
    from blake3 import blake3
    from safetensors.torch import save

    if made.hidden_state is None:
        pytest.fail("the entry has no states")
    name = blake3(save({"hidden": made.hidden_state})).hexdigest()
    (path,) = folder.rglob(f"{name}.safetensors")
    return path


def damage_rows(folder: Path) -> bytes:
    """Flip a bit on a page of the database that holds rows; returns the file as it is then."""
    data = bytearray((folder / DATABASE).read_bytes())
    data[data.index(b"Note 5 of Aurora") + 2] ^= 1
    (folder / DATABASE).write_bytes(data)
    return bytes(data)


def audit(report_path: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in Path(report_path).read_text("utf-8").splitlines()]


def test_a_sound_memory_is_told_so(tmp_path: Path) -> None:
    entries = filled(tmp_path / "m")
    seen: list[str] = []
    with Memory.open(tmp_path / "m", "ann") as memory:
        found = memory.verify(progress=lambda done, total, what: seen.append(what))
        assert found.ok
        assert (found.entries, found.damaged, found.pages) == (len(entries), {}, ())
        generation = memory.generation
        mended = memory.repair()
        assert (mended.intact, mended.set_aside, mended.audit) == (len(entries), {}, "")
        assert memory.generation == generation
        assert asyncio.run(memory.averify()).ok
    assert {"checking pages", "reading entries"} <= set(seen)
    assert not (tmp_path / "m" / "repairs").exists()


def test_a_memory_in_ram_can_be_verified() -> None:
    with Memory.open(":memory:") as memory:
        memory.add([entry(1)])
        assert memory.verify().ok
        assert memory.repair().intact == 1


def test_damaged_payloads_are_named_and_read_again(tmp_path: Path) -> None:
    entries = list(filled(tmp_path / "m").values())
    flipped, missing, tokenless = entries[0], entries[1], entry(99, token_ids=())
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([tokenless])
        data = bytearray(payload_of(tmp_path / "m", flipped).read_bytes())
        data[-5] ^= 1
        payload_of(tmp_path / "m", flipped).write_bytes(data)
        payload_of(tmp_path / "m", tokenless).write_bytes(b"")
        path = payload_of(tmp_path / "m", missing)
        path.unlink()
        (path.parent / "stray.safetensors").write_bytes(b"left by a killed writer")
        found = memory.verify()
        assert not found.ok
        assert found.damaged.keys() == {flipped.id, missing.id, tokenless.id}
        assert found.missing_payloads == (missing.id,)
        assert len(found.stray_payloads) == 1
        told = memory.repair()
        assert told.rebuilt.keys() == {flipped.id, missing.id}
        assert told.set_aside.keys() == {tokenless.id}
        assert told.intact == len(entries) - 2
        assert not (path.parent / "stray.safetensors").exists()
        assert memory.verify().ok
        for hurt in (flipped, missing):
            mended = memory.get(hurt.id)
            assert differences(mended, hurt) == ["hidden_state", "codec"]
            assert mended.codec == "replay"
            assert [event.what for event in memory.history(hurt.id)] == ["added", "repaired"]
        lines = audit(told.audit)
        assert {line["id"]: line["what"] for line in lines} == {
            flipped.id: "rebuilt from token ids",
            missing.id: "rebuilt from token ids",
            tokenless.id: "set aside",
        }
        assert "Note" not in Path(told.audit).read_text("utf-8"), "no content in an audit"


def sql(folder: Path, *statements: str) -> None:
    """Change a database behind its back, with right page checksums."""
    connection = apsw.Connection(str(folder / DATABASE), vfs="cksmvfs")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_damaged_rows_and_keys(tmp_path: Path) -> None:
    entries = list(filled(tmp_path / "m").values())
    row, key, keyless, counted = entries[:4]
    sql(
        tmp_path / "m",
        f"UPDATE entries SET token_ids = x'01000000' WHERE id = '{row.id}'",
        f"UPDATE keys SET state = zeroblob(8) WHERE number = "
        f"(SELECT number FROM entries WHERE id = '{key.id}')",
        f"DELETE FROM keys WHERE number = (SELECT number FROM entries WHERE id = '{keyless.id}')",
        f"UPDATE entries SET access_count = 9 WHERE id = '{counted.id}'",
    )
    with Memory.open(tmp_path / "m", "ann") as memory:
        found = memory.verify()
        assert found.damaged.keys() == {row.id, key.id, keyless.id}
        assert not found.pages
        told = memory.repair()
        assert told.set_aside.keys() == {row.id}
        assert told.keyless.keys() == {key.id, keyless.id}
        assert memory.verify().ok
        mended = memory.get(key.id)
        assert differences(mended, key) == ["key_state"]
        keyed = {each.id for each in memory.key_states()}
        assert keyed == {each.id for each in entries} - {row.id, key.id, keyless.id}
        assert memory.search("Aurora", 100)
        assert row.id not in {hit.entry.id for hit in memory.search("Aurora", 100)}
        with pytest.raises(InputError, match="no entry"):
            memory.get(row.id)
        assert [event.what for event in memory.history(row.id)][-1] == "set aside"


def test_a_damaged_word_index_is_built_again(tmp_path: Path) -> None:
    filled(tmp_path / "m")
    sql(tmp_path / "m", "UPDATE lexicon_data SET block = zeroblob(9) WHERE id > 10")
    with Memory.open(tmp_path / "m", "ann") as memory:
        found = memory.verify()
        assert found.index
        assert not found.ok
        memory.repair()
        assert memory.verify().ok
        assert len(memory.search("Aurora", 100)) == len(memory.entries())


def repaired(folder: Path) -> tuple[Memory, object]:
    """What `cmr memory repair` does: a memory that cannot be opened is rescued first."""
    rescued = None
    try:
        memory = Memory.open(folder, "ann")
    except StoreError:
        rescued = Memory.rescue(folder)
        memory = Memory.open(folder, "ann")
    return memory, rescued


def check_brought_back(
    folder: Path, expected: dict[str, MemoryEntry], at_least: int
) -> dict[str, str]:
    """Repair, and compare everything that is there with what was written."""
    memory, rescued = repaired(folder)
    with memory:
        told = memory.repair()
        assert memory.verify().ok
        aside = dict(told.set_aside)
        if rescued is not None:
            aside |= {key.removeprefix("ann/"): why for key, why in rescued.set_aside.items()}  # type: ignore[attr-defined]
        found = {each.id: each for each in memory.get_many([e.id for e in memory.entries()])}
        for entry_id, each in found.items():
            odd = set(differences(expected[entry_id], each))
            assert odd <= ({"key_state"} if entry_id in told.keyless else set())
        assert len(found) - len(told.keyless) >= at_least
        missing = expected.keys() - found.keys()
        assert missing <= aside.keys(), "no silent loss"
        note = memory.note("model")
        assert note["fingerprint"] == "f" * 32
        assert memory.generation > 0
    assert not (folder / "rescue.part").exists()
    return aside


@pytest.mark.parametrize("seed", range(9))
def test_broken_pages_cost_what_stood_on_them(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "m"
    expected = filled(folder)
    rng = random.Random(seed)
    data = bytearray((folder / DATABASE).read_bytes())
    pages = len(data) // PAGE
    how = ["flip", "zero", "noise"][seed % 3]
    for page in rng.sample(range(1, pages), 2):
        if how == "flip":
            data[page * PAGE + rng.randrange(PAGE)] ^= 1 << rng.randrange(8)
        else:
            piece = bytes(PAGE) if how == "zero" else rng.randbytes(PAGE)
            data[page * PAGE : (page + 1) * PAGE] = piece
    (folder / DATABASE).write_bytes(data)
    # Opening reads notes: when their page is hit, the memory cannot be opened, and is rescued.
    with contextlib.suppress(StoreError), Memory.open(folder, "ann") as memory:
        assert memory.verify().pages
    # Two pages of rows hold at most this many entries; a flipped bit harms one of them.
    check_brought_back(folder, expected, len(expected) - (4 if how == "flip" else 20))


@pytest.mark.parametrize("damage", ["magic", "zeros", "schema", "settings", "application"])
def test_a_broken_first_page_costs_nothing(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "m"
    expected = filled(folder)
    data = bytearray((folder / DATABASE).read_bytes())
    if damage == "magic":
        data[3] ^= 1
    elif damage == "zeros":
        data[:PAGE] = bytes(PAGE)
    elif damage == "schema":
        data[100:2000] = random.Random(1).randbytes(1900)
    elif damage == "settings":
        data[16:24] = b"\xff" * 8
    else:
        data[68:72] = b"ABCD"
    (folder / DATABASE).write_bytes(data)
    assert check_brought_back(folder, expected, len(expected)) == {}
    with Memory.open(folder, "bob") as memory:
        assert len(memory.entries()) == 5
        assert memory.verify().ok


def test_nothing_moves_into_another_namespace(tmp_path: Path) -> None:
    """No digest covers the namespace of a row: a flipped one must not become another user's."""
    folder = tmp_path / "m"
    expected = filled(folder)
    hurt = next(each for each in expected.values() if each.position_idx == 5)
    data = bytearray((folder / DATABASE).read_bytes())
    needle = b"ann" + hurt.id.encode() + b'"session'
    data[data.index(needle) + 2] ^= 1
    (folder / DATABASE).write_bytes(data)
    aside = check_brought_back(folder, expected, len(expected) - 1)
    assert aside.keys() == {hurt.id}
    with Memory.open(folder, "ano") as memory:
        assert memory.entries() == []
    assert b"ano" + hurt.id.encode() not in (folder / DATABASE).read_bytes()


WRITER = """
import os, sys
sys.path.insert(0, sys.argv[2])
from tests.memory.test_maintenance import entry, filled
from reweaving import Memory
from pathlib import Path
filled(Path(sys.argv[1]))
memory = Memory.open(sys.argv[1], "ann")
memory.add([entry(100 + number) for number in range(8) if (100 + number) % 4 != 3])
os._exit(0)  # like kill -9: the log is left beside the database
"""


@pytest.mark.parametrize("first_page", [False, True])
def test_what_only_the_log_holds_comes_back_too(tmp_path: Path, first_page: bool) -> None:
    folder = tmp_path / "m"
    root = str(Path(__file__).parents[2])
    subprocess.run([sys.executable, "-c", WRITER, str(folder), root], check=True, cwd=root)
    assert (folder / f"{DATABASE}-wal").stat().st_size > 0
    numbers = [n for n in (*range(60), *range(100, 108)) if n % 4 != 3]
    expected = {each.id: each for each in (entry(n, namespace="ann") for n in numbers)}
    if first_page:
        data = bytearray((folder / DATABASE).read_bytes())
        data[:PAGE] = bytes(PAGE)
        (folder / DATABASE).write_bytes(data)
    else:
        damage_rows(folder)
    check_brought_back(folder, expected, len(expected) - (0 if first_page else 20))


def test_a_rescue_that_is_killed_leaves_the_memory_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reweaving.stores import sqlite_swap

    folder = tmp_path / "m"
    expected = filled(folder)
    data = damage_rows(folder)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite_swap, "copy_database", fail)
    with Memory.open(folder, "ann") as memory:
        with pytest.raises(KeyboardInterrupt):
            memory.repair()
        monkeypatch.undo()
        assert (folder / DATABASE).read_bytes() == data
        assert memory.note("calibration") == {"threshold": 0.5}, "the memory is open again"
    check_brought_back(folder, expected, len(expected) - 20)


def test_repair_of_pages_needs_the_memory_alone(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    filled(folder)
    damage_rows(folder)
    quick = MemoryConfig(busy_timeout_seconds=0.1)
    with Memory.open(folder, "ann", quick) as memory, Memory.open(folder, "bob") as other:
        other.note("calibration")
        with pytest.raises(StoreError, match="locked by another process"):
            memory.repair()
        other.close()
        memory.repair()
        assert memory.verify().ok


def test_what_is_not_ours_is_not_rescued(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / DATABASE))
    connection.execute("CREATE TABLE accounts (owner); INSERT INTO accounts VALUES ('me')")
    connection.close()
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(StoreFormatError, match="left as it is"):
        Memory.rescue(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before
    with pytest.raises(StoreError, match="no memory at"):
        Memory.rescue(tmp_path / "nowhere")


def test_an_encrypted_memory_is_mended_too(tmp_path: Path) -> None:
    config = MemoryConfig(encryption_key="a long passphrase for tests")
    folder = tmp_path / "m"
    with Memory.open(folder, "ann", config) as memory:
        memory.add([entry(number) for number in range(30)])
        payloads = sorted(folder.rglob("*.safetensors"))
        payloads[0].write_bytes(b"?" + payloads[0].read_bytes()[1:])
        payloads[1].unlink()
    data = bytearray((folder / DATABASE).read_bytes())
    data[data.index(entry(5).id.encode()) + 2] ^= 1
    (folder / DATABASE).write_bytes(data)
    with Memory.open(folder, "ann", config) as memory:
        found = memory.verify()
        assert found.pages
        told = memory.repair()
        assert 1 <= len(told.rebuilt) <= 2
        assert memory.verify().ok
        for each in memory.get_many([e.id for e in memory.entries()]):
            original = entry(int(each.id, 16) // 7919)
            assert set(differences(each, original)) <= {
                "namespace", "hidden_state", "codec", "key_state",
            }  # fmt: skip
        assert len(memory.entries()) + len(told.set_aside) >= 30


def test_stores_without_files_of_their_own_are_mended_through_their_interface(
    tmp_path: Path,
) -> None:
    entries = list(filled(tmp_path / "m").values())
    row, payload, key, both, tokenless = (*entries[:4], entry(99, token_ids=()))
    with Memory.open(tmp_path / "m", "ann") as memory:
        memory.add([tokenless])
    for hurt in (payload, both, tokenless):
        payload_of(tmp_path / "m", hurt).unlink()
    sql(
        tmp_path / "m",
        f"UPDATE entries SET token_ids = x'01000000' WHERE id = '{row.id}'",
        *(
            f"UPDATE keys SET state = zeroblob(8) WHERE number = "
            f"(SELECT number FROM entries WHERE id = '{each.id}')"
            for each in (key, both)
        ),
    )
    store = SqliteStore.open(str(tmp_path / "m"))
    upkeep = PlainUpkeep(store)
    with pytest.raises(StoreError, match="cannot be copied"):
        upkeep.backup(tmp_path / "copy")
    hurt = (row, payload, key, both, tokenless)
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        # A server lists ids without reading their rows.
        known = [*(each.id for each in entries), tokenless.id]
        patch.setattr(store, "matching_ids", lambda namespace, beginning: known)
        found = upkeep.verify("ann")
        assert found.damaged.keys() == {each.id for each in hurt}
        assert set(found.missing_payloads) == {payload.id, both.id, tokenless.id}
        told = upkeep.repair("ann")
    assert told.rebuilt.keys() == {payload.id, key.id, both.id}
    assert told.set_aside.keys() == {row.id, tokenless.id}
    assert upkeep.verify("ann").ok
    assert told.intact == len(entries) - 4
    store.close()


# Backup and restore


def test_a_backup_is_a_memory(tmp_path: Path) -> None:
    expected = filled(tmp_path / "m")
    with Memory.open(tmp_path / "m", "ann") as memory:
        told = memory.backup(tmp_path / "copy")
        assert (told.entries, told.namespaces) == (len(expected) + 5, 2)
        with pytest.raises(InputError, match="there already"):
            memory.backup(tmp_path / "copy")
    shutil.rmtree(tmp_path / "m")
    (tmp_path / "new").mkdir()
    restored = Memory.restore(tmp_path / "copy", tmp_path / "new")
    assert restored.entries == told.entries
    for folder in (tmp_path / "copy", tmp_path / "new"):
        with Memory.open(folder, "ann") as memory:
            assert memory.verify().ok
            found = {e.id: e for e in memory.get_many([e.id for e in memory.entries()])}
            assert found.keys() == expected.keys()
            assert all(differences(found[i], expected[i]) == [] for i in found)
            assert memory.note("calibration") == {"threshold": 0.5}
            assert memory.history(next(iter(found)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "new"]


def test_restore_refuses_what_is_no_backup(tmp_path: Path) -> None:
    filled(tmp_path / "m")
    with pytest.raises(StoreError, match="no backup"):
        Memory.restore(tmp_path / "nothing", tmp_path / "new")
    with pytest.raises(InputError, match="there already"):
        Memory.restore(tmp_path / "m", tmp_path / "m")


def test_a_backup_of_a_memory_in_ram(tmp_path: Path) -> None:
    with Memory.open(":memory:", "ann") as memory:
        memory.add([entry(1), entry(2)])
        assert memory.backup(tmp_path / "copy").entries == 2
    with Memory.open(tmp_path / "copy", "ann") as memory:
        assert memory.verify().ok
        assert len(memory.entries()) == 2


def test_an_encrypted_backup_needs_no_key_and_stays_encrypted(tmp_path: Path) -> None:
    key = MemoryConfig(encryption_key="a long passphrase for tests")
    with Memory.open(tmp_path / "m", "ann", key) as memory:
        memory.add([entry(1, text="Qzsecret"), entry(2)])
        memory.backup(tmp_path / "copy")
    assert not any(
        b"Qzsecret" in path.read_bytes()
        for path in (tmp_path / "copy").rglob("*")
        if path.is_file()
    )
    with Memory.open(tmp_path / "copy", "ann", key) as memory:
        assert memory.verify().ok


def test_a_damaged_store_gives_no_backup(tmp_path: Path) -> None:
    expected = filled(tmp_path / "m")
    hurt = next(iter(expected.values()))
    payload_of(tmp_path / "m", hurt).write_bytes(b"damaged")
    with Memory.open(tmp_path / "m", "ann") as memory:
        with pytest.raises(DamagedEntryError, match=hurt.id):
            memory.backup(tmp_path / "copy")
        payload_of(tmp_path / "m", hurt).unlink()
        with pytest.raises(DamagedEntryError, match=hurt.id):
            memory.backup(tmp_path / "copy")
        memory.repair()
        memory.backup(tmp_path / "copy")


def test_a_backup_is_consistent_while_others_write(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    filled(folder)
    stop = threading.Event()
    acknowledged: list[int] = []

    def write() -> None:
        with Memory.open(folder, "ann") as writer:
            number = 1000
            while not stop.is_set():
                made = [entry(number), entry(number + 4)]
                writer.add(made)
                acknowledged.append(number)
                if number % 3 == 0:
                    writer.forget(id=made[0].id)
                number += 8

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with Memory.open(folder, "ann") as memory:
            for copy in range(3):
                known = list(acknowledged)
                memory.backup(tmp_path / f"copy {copy}")
                with Memory.open(tmp_path / f"copy {copy}", "ann") as copied:
                    assert copied.verify().ok
                    ids = {each.id for each in copied.entries()}
                    assert {entry(number + 4).id for number in known} <= ids
    finally:
        stop.set()
        thread.join()
    assert acknowledged


def test_what_is_forgotten_during_a_backup_is_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = filled(tmp_path / "m")
    gone = next(iter(expected.values()))
    copy_database = sqlite_backup.copy_database
    with Memory.open(tmp_path / "m", "ann") as memory:

        def copy_then_forget(source: apsw.Connection, target: apsw.Connection) -> None:
            copy_database(source, target)
            monkeypatch.undo()
            with Memory.open(tmp_path / "m", "ann") as other:
                other.forget(id=gone.id)

        monkeypatch.setattr(sqlite_backup, "copy_database", copy_then_forget)
        memory.backup(tmp_path / "copy")
    with Memory.open(tmp_path / "copy", "ann") as copied:
        assert {each.id for each in copied.entries()} == expected.keys() - {gone.id}
        assert copied.verify().ok
    needle = gone.text.encode()
    files = [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]
    assert not any(needle in path.read_bytes() for path in files)


def test_a_backup_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path / "m")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Memory.open(tmp_path / "m", "ann") as memory:
        monkeypatch.setattr(FilePayloads, "write_many", full)
        with pytest.raises(StoreError, match="No space left"):
            memory.backup(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


# Ids and tags


def test_ids_are_found_by_their_beginning() -> None:
    with Memory.open(":memory:") as memory:
        memory.add(
            [entry(i, id=name) for i, name in enumerate(("abcd", "abxy", "ab", "q_1", "q%2"))]
        )
        assert memory.resolve("abc") == "abcd"
        assert memory.resolve("ab") == "ab"
        assert memory.resolve("q%") == "q%2"
        with pytest.raises(AmbiguousIdError, match="ab, abcd, abxy"):
            memory.resolve("a")
        for wrong in ("", "x", "abcde", "B"):
            with pytest.raises(InputError, match="no entry"):
                memory.resolve(wrong)


def test_tags_are_put_on_and_taken_off() -> None:
    with Memory.open(":memory:") as memory:
        memory.add([entry(1, id="one")])
        assert memory.tag("one", "work", "boat") == ("boat", "work")
        assert memory.tag("one", "work", "old", remove=True) == ("boat",)
        assert memory.get("one").tags == ("boat",)
        with pytest.raises(InputError, match="no entry"):
            memory.tag("two", "x")
        with pytest.raises(InputError, match="at least one"):
            memory.tag("one")


def test_leftovers_of_a_killed_rescue_are_named(tmp_path: Path) -> None:
    filled(tmp_path / "m")
    (tmp_path / "m" / "rescue.part").mkdir()
    with Memory.open(tmp_path / "m", "ann") as memory:
        assert memory.verify().stray_payloads == ("rescue.part",)
        os.sync()
        memory.repair()
        assert memory.verify().stray_payloads == ()
