"""Files of an encrypted folder when its key is changed; `tests/contracts/test_rotation.py` has the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reweaving.errors import DamagedEntryError
from reweaving.stores.master_key import StoreKey
from tests.contracts.test_rotation import DYING, STAGES
from tests.stores.sealed import KEY, OTHER, everything, opened, secret


@pytest.mark.parametrize(
    ("old", "new"), [(KEY, OTHER), (None, KEY), (KEY, None)], ids=["rotate", "encrypt", "decrypt"]
)
def test_payload_files_are_exchanged(tmp_path: Path, old: str | None, new: str | None) -> None:
    folder = tmp_path / "m"
    store = opened(folder, old)
    store.put_many("ann", [secret(number) for number in range(40)])  # more than a page
    before = {path: path.read_bytes() for path in folder.rglob("*.safetensors")}
    receipt = store.rotate_key(None if new is None else StoreKey(new))
    after = set(folder.rglob("*.safetensors"))
    assert len(after) == len(before)
    assert not after & set(before)
    assert sorted(receipt.values()) == ["rewritten", "truncated", *["unlinked"] * len(before)]
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(data[40:80] in raw for data in before.values()), "nothing of the old files"
    store.close()


def test_a_damaged_entry_stops_the_rotation(tmp_path: Path) -> None:
    for old in (KEY, None):
        folder = tmp_path / str(old)[:4]
        store = opened(folder, old)
        store.put_many("ann", [secret(number) for number in range(3)])
        path = sorted(folder.rglob("*.safetensors"))[1]
        data = path.read_bytes()
        path.write_bytes(data[:-3] + b"\0\0\1")
        files = {p for p in folder.rglob("*") if p.is_file()}
        with pytest.raises(DamagedEntryError):
            store.rotate_key(StoreKey(OTHER))
        path.write_bytes(data)
        assert len(everything(store)) == 3
        store.close()
        store = opened(folder, old)
        assert len(everything(store)) == 3
        assert files - {p for p in folder.rglob("*") if p.is_file()} <= {
            folder / "memory.sqlite3-wal",
            folder / "memory.sqlite3-shm",
        }
        store.close()


@pytest.mark.parametrize("stage", ["rows", "commit", "sweep"])
def test_files_of_both_keys_lie_side_by_side_until_one_is_swept(tmp_path: Path, stage: str) -> None:
    folder = tmp_path / "m"
    store = opened(folder)
    store.put_many("ann", [secret(number) for number in range(40)])
    store.close()
    before = set(folder.rglob("*.safetensors"))
    argv = [sys.executable, "-c", DYING, str(folder), KEY, OTHER, STAGES["sqlite folder"][stage]]
    died = subprocess.run(argv, capture_output=True, env={**os.environ}, check=False)
    assert died.returncode == -9, died.stderr.decode()[-500:]
    assert set(folder.rglob("*.safetensors")) > before
    store = opened(folder, OTHER if stage == "sweep" else KEY)
    if stage != "sweep":
        store.rotate_key(StoreKey(OTHER))
    left = set(folder.rglob("*.safetensors"))
    assert len(left) == 40
    assert not left & before
    store.close()
