"""What one does while another is in the middle of something, and what a broken-off step leaves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from reweaving import Memory, MemoryConfig, MemoryEntry
from reweaving.errors import DamagedEntryError, InputError, StoreError
from reweaving.memory.privacy.ephemeral import EphemeralStore
from reweaving.stores.master_key import new_key
from reweaving.stores.payloads import FilePayloads
from reweaving.stores.sqlite import DATABASE, SqliteStore
from tests.memory.kept import Clock, note
from tests.memory.test_maintenance import entry, payload_of, sql


def filled(folder: Path, count: int = 4, config: MemoryConfig | None = None) -> list[MemoryEntry]:
    made = [entry(number) for number in range(count)]
    with Memory.open(folder, "ann", config) as memory:
        memory.add(made)
    return made


def test_a_backup_whose_states_are_exchanged_meanwhile_is_refused(tmp_path: Path) -> None:
    made = filled(tmp_path / "m")

    def exchange(done: int, total: int, what: str) -> None:
        if what == "copying payloads" and done == 0:
            with Memory.open(tmp_path / "m", "ann") as other:
                other._store.update_many("ann", {made[2].id: {"codec": "replay"}})

    with Memory.open(tmp_path / "m", "ann") as memory:
        with pytest.raises(StoreError, match=made[2].id):
            memory.backup(tmp_path / "copy", progress=exchange)
        assert not (tmp_path / "copy").exists()
        assert memory.backup(tmp_path / "copy").entries == 4


def test_a_folder_that_only_looks_like_a_broken_off_copy_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path / "m")
    theirs = tmp_path / "copy.part" / "letters"
    theirs.parent.mkdir()
    theirs.write_text("dear Ann")
    with Memory.open(tmp_path / "m", "ann") as memory:
        with pytest.raises(InputError, match=r"copy\.part is in the way"):
            memory.backup(tmp_path / "copy")
        assert theirs.read_text() == "dear Ann"
        theirs.unlink()
        (theirs.parent / DATABASE).write_bytes(b"half")  # as a killed backup leaves it
        assert memory.backup(tmp_path / "copy").entries == 4


def test_a_refused_decryption_leaves_nothing_readable(tmp_path: Path) -> None:
    config = MemoryConfig(encryption_key=new_key())
    made = filled(tmp_path / "m", 40, config)
    before = sorted((tmp_path / "m").rglob("*.safetensors"))
    # In the second page of what is rewritten.
    sql(tmp_path / "m", f"UPDATE entries SET position = 99 WHERE id = '{made[38].id}'")
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        with pytest.raises(DamagedEntryError):
            memory.rotate_key(None)
        assert sorted((tmp_path / "m").rglob("*.safetensors")) == before
        assert len(memory.get_many([made[0].id])) == 1


def test_damage_gets_no_fresh_checksum(tmp_path: Path) -> None:
    made = filled(tmp_path / "m")
    sql(tmp_path / "m", f"UPDATE entries SET text = 'FORGED' WHERE id = '{made[1].id}'")
    with Memory.open(tmp_path / "m", "ann") as memory:
        for change in ({"pinned": True}, {"tags": ("x",)}, {"accesses": 1}):
            with pytest.raises(DamagedEntryError):
                memory._store.update_many("ann", {made[1].id: change})
        with pytest.raises(DamagedEntryError):
            memory.get(made[1].id)


def test_what_another_process_deletes_meanwhile_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = filled(tmp_path / "m")
    read, gone = FilePayloads.read, payload_of(tmp_path / "m", made[1]).stem

    def forget_first(payloads: FilePayloads, namespace: str, name: str) -> bytes | None:
        if name.startswith(gone):
            monkeypatch.setattr(FilePayloads, "read", read)
            with Memory.open(tmp_path / "m", "ann") as other:
                other._store.delete_many("ann", [made[1].id])
        return read(payloads, namespace, name)

    with Memory.open(tmp_path / "m", "ann") as memory:
        monkeypatch.setattr(FilePayloads, "read", forget_first)
        found = memory.get_many([each.id for each in made])
        assert [each.id for each in found] == [each.id for each in made if each is not made[1]]
        gone = payload_of(tmp_path / "m", made[2]).stem

        def evict(done: int, total: int, what: str) -> None:
            if what == "reading entries" and done == 0:
                with Memory.open(tmp_path / "m", "ann") as other:
                    other._store.delete_many("ann", [made[3].id])

        assert memory.verify(progress=evict).ok


def test_what_was_committed_is_not_reported_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = MemoryConfig(max_entries=1)
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        memory.add([entry(0)])

        def refuse(*_: object) -> list[str]:
            raise PermissionError(13, "Permission denied", "x.safetensors")

        with monkeypatch.context() as patch:
            patch.setattr(FilePayloads, "remove_many", refuse)
            memory.add([entry(1)])
        assert [each.id for each in memory.entries()] == [entry(1).id]
        memory.forget(id=entry(1).id)
        assert not list((tmp_path / "m").rglob("*.safetensors")), "forgetting sweeps it"


def test_closing_lets_nothing_ephemeral_reach_the_disk(tmp_path: Path) -> None:
    durable = SqliteStore.open(str(tmp_path / "m"))
    store = EphemeralStore(durable)
    store.keep_in_ram("ann", "monday")
    store.put_many("ann", [note("first")])
    closed, told = durable.close, list[BaseException]()

    def add() -> None:
        try:
            store.put_many("ann", [note("Qzsecret", position_idx=9)])
        except StoreError as error:
            told.append(error)

    def add_first() -> None:
        adding = threading.Thread(target=add)
        adding.start()
        adding.join(0.3)
        closed()
        threads.append(adding)

    threads: list[threading.Thread] = []
    durable.close = add_first  # type: ignore[method-assign]
    store.close()
    threads[0].join(10)
    with Memory.open(tmp_path / "m", "ann") as memory:
        assert memory.entries() == []


def test_an_entry_may_be_given_a_time_to_live_later(tmp_path: Path) -> None:
    clock = Clock()
    with Memory.open(tmp_path / "m", "ann", clock=clock) as memory:
        memory.add([first := note("note", position_idx=1)])
        memory.update(first.id, ttl_seconds=60.0)
        assert memory.get(first.id).expires_at == clock.now + 60
        clock.now += 61
        assert memory.entries() == []
