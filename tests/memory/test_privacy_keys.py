"""Where a memory's key comes from, and what a wrong one does, as users see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from pydantic import SecretStr

from reweaving import Memory, MemoryConfig
from reweaving.errors import ConfigurationError, InputError, KeyRefusedError
from reweaving.stores.master_key import new_key
from tests.memory.kept import files, note

KEY, OTHER = new_key(), new_key()


class InRam(keyring.backend.KeyringBackend):
    """A keyring that holds what a test puts into it."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password


@pytest.fixture
def ring() -> Iterator[InRam]:
    before, ring = keyring.get_keyring(), InRam()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def filled(folder: Path, config: MemoryConfig | None = None) -> None:
    with Memory.open(folder, "ann", config) as memory:
        memory.add([note("note Qzsecret")])


def readable(folder: Path) -> bool:
    return any(
        b"zsecret" in path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()
    )


def test_a_key_from_the_settings(tmp_path: Path) -> None:
    config = MemoryConfig(encryption_key=KEY)
    filled(tmp_path / "m", config)
    assert not readable(tmp_path / "m")
    assert KEY not in repr(config)
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        assert [entry.text for entry in memory.entries()] == ["note Qzsecret"]
    before = files(tmp_path)
    for wrong in (None, MemoryConfig(encryption_key=OTHER), MemoryConfig(encryption_key="")):
        with pytest.raises(KeyRefusedError):
            Memory.open(tmp_path / "m", "bob", wrong)
    assert files(tmp_path) == before


def test_a_key_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "plain")
    monkeypatch.setenv("REWEAVING_KEY", KEY)
    filled(tmp_path / "m")
    assert not readable(tmp_path / "m")
    with pytest.raises(KeyRefusedError, match="from REWEAVING_KEY"):
        Memory.open(tmp_path / "plain", "ann")
    with Memory.open(tmp_path / "plain", "ann", MemoryConfig(encryption_key="")) as memory:
        assert len(memory.entries()) == 1
    with Memory.open(":memory:") as memory:
        memory.add([note("nothing at rest")])
        assert memory._store.bare.ledger.note("", "encryption") is None
    monkeypatch.delenv("REWEAVING_KEY")
    with pytest.raises(KeyRefusedError, match="REWEAVING_KEY"):
        Memory.open(tmp_path / "m", "ann")


def test_a_key_from_the_keyring(
    tmp_path: Path, ring: InRam, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.set_password("reweaving", "laptop", KEY)
    monkeypatch.setenv("REWEAVING_KEY", OTHER)
    config = MemoryConfig(keyring="laptop")
    filled(tmp_path / "m", config)
    assert not readable(tmp_path / "m")
    with Memory.open(tmp_path / "m", "ann", MemoryConfig(encryption_key=KEY)) as memory:
        assert len(memory.entries()) == 1
    with pytest.raises(ConfigurationError, match="keyring set reweaving desktop"):
        Memory.open(tmp_path / "m", "ann", MemoryConfig(keyring="desktop"))
    ring.locked = True
    with pytest.raises(ConfigurationError, match="could not be asked"):
        Memory.open(tmp_path / "m", "ann", config)
    assert not (tmp_path / "n").exists()
    with pytest.raises(ConfigurationError):
        Memory.open(tmp_path / "n", "ann", config)
    assert not (tmp_path / "n").exists(), "nothing is created without the key"


def test_the_key_is_rotated_for_every_namespace(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann") as ann, Memory.open(tmp_path / "m", "bob") as bob:
        ann.add([note("note Qzsecret")])
        bob.add([note("note Qzsecret too")])
        receipt = ann.rotate_key(KEY)
        assert "rewritten" in receipt.values()
        with pytest.raises(KeyRefusedError, match="changed by another process"):
            bob.entries()
        assert not readable(tmp_path / "m")
        assert len(ann.entries()) == 1
        with pytest.raises(InputError, match="empty"):
            ann.rotate_key("")
        with pytest.raises(ConfigurationError, match="rotate_key"):
            ann.rotate_key("too short")
        ann.rotate_key(SecretStr(OTHER))
    with Memory.open(tmp_path / "m", "bob", MemoryConfig(encryption_key=OTHER)) as bob:
        assert [entry.text for entry in bob.entries()] == ["note Qzsecret too"]
        bob.rotate_key(None)
    with Memory.open(tmp_path / "m", "ann") as ann:
        assert [entry.text for entry in ann.entries()] == ["note Qzsecret"]


def test_forgetting_in_an_encrypted_memory(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m", "ann", MemoryConfig(encryption_key=KEY)) as memory:
        entry = note("note Qzsecret")
        memory.add([entry, note("note stays", position_idx=9)])
        (body,) = (
            row[0]
            for row in memory._store.bare._session._connection.execute(  # type: ignore[attr-defined]
                "SELECT metadata FROM entries WHERE id = ?", (entry.id,)
            )
        )
        receipt = memory.forget(text="QZSECRET")
        assert receipt.ids == (entry.id,)
        raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert body[20:60].encode() not in raw, "not even the encrypted bytes"
        memory.forget(namespace=True)
        memory.add([note("note Qzlater")])
    with Memory.open(tmp_path / "m", "ann", MemoryConfig(encryption_key=KEY)) as memory:
        assert [entry.text for entry in memory.entries()] == ["note Qzlater"], "the key stays"


def test_backups_stay_encrypted_and_ephemeral_sessions_out_of_exports(tmp_path: Path) -> None:
    config = MemoryConfig(encryption_key=KEY)
    with Memory.open(tmp_path / "m", "ann", config) as memory:
        memory.add([note("note Qzsecret")])
        memory.make_ephemeral("friday")
        memory.add([note("note Qzwhisper", sequence_id="friday")])
        memory.backup(tmp_path / "copy")
        memory.export(tmp_path / "out.zip")
    assert not readable(tmp_path / "copy")
    with Memory.open(tmp_path / "copy", "ann", config) as copy:
        assert [entry.text for entry in copy.entries()] == ["note Qzsecret"]
    with Memory.open(":memory:", "ann") as loaded:
        loaded.load(tmp_path / "out.zip")
        assert [entry.text for entry in loaded.entries()] == ["note Qzsecret"]


def test_the_environment_may_name_a_key_of_the_keyring(
    tmp_path: Path, ring: InRam, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.set_password("reweaving", "laptop", KEY)
    monkeypatch.setenv("REWEAVING_KEYRING", "laptop")
    filled(tmp_path / "m", MemoryConfig())
    assert not readable(tmp_path / "m")
    with Memory.open(tmp_path / "m", "ann", MemoryConfig(encryption_key=KEY)) as memory:
        assert len(memory.entries()) == 1
    monkeypatch.setenv("REWEAVING_KEY", OTHER)  # a key itself comes before the name of one
    with pytest.raises(KeyRefusedError):
        Memory.open(tmp_path / "m", "ann")
