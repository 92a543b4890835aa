"""Entries whose every trace can be searched for, and encrypted stores to keep them in."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import pytest
import torch

from reweaving.errors import KeyRefusedError
from reweaving.stores.base import MemoryStore, Selection
from reweaving.stores.codec import Row
from reweaving.stores.connection import connect
from reweaving.stores.master_key import StoreKey, new_key
from reweaving.stores.sqlite import SqliteStore
from reweaving.types import MemoryEntry

Store = TypeVar("Store", bound=MemoryStore)

KEY, OTHER = new_key(), new_key()
_COLUMNS = tuple(field.name for field in fields(Row))


def opened(folder: Path, key: str | None = KEY) -> SqliteStore:
    return unlocked(SqliteStore.open(str(folder)), key)


def unlocked(store: Store, key: str | None) -> Store:
    """The store with that key, or closed where it is refused."""
    try:
        store.unlock(None if key is None else StoreKey(key))
    except BaseException:
        store.close()
        raise
    return store


def secret(number: int, dtype: torch.dtype = torch.float32) -> MemoryEntry:
    generator = torch.Generator().manual_seed(number)
    state = torch.randn(2, 12, 16, generator=generator)
    return MemoryEntry(
        hidden_state=state.to(dtype),
        layer_idx=(0, 1),
        sequence_id=f"Qzsession{number}",
        position_idx=number,
        key_state=(state[0] + 1).to(torch.bfloat16),
        token_ids=tuple(1_000_000_000 + number * 64 + i for i in range(12)),
        text=f"Qzxylophone{number} was Qzhidden",
        metadata={"label": f"Qzlabel{number}"},
        tags=(f"Qztag{number}",),
        source=f"Qzsource{number}",
        role="Qzrole",
        fingerprint="f" * 64,
    )


def traces(entry: MemoryEntry) -> list[bytes]:
    """Byte strings that nothing but this entry has, of every kind that is to be hidden."""
    assert entry.hidden_state is not None
    assert entry.key_state is not None
    number = entry.position_idx
    tokens = b"".join(token.to_bytes(4, "little") for token in entry.token_ids[:3])
    states = [
        tensor.reshape(-1)[:6].contiguous().view(torch.uint8).numpy().tobytes()
        for tensor in (
            entry.hidden_state,
            entry.hidden_state.half(),
            entry.hidden_state.bfloat16(),
            entry.key_state,
            entry.key_state.float(),
            entry.key_state.half(),
        )
    ]
    return [
        f"xylophone{number}".encode(),
        f"zsession{number}".encode(),
        f"zlabel{number}".encode(),
        f"ztag{number}".encode(),
        f"zsource{number}".encode(),
        b"zhidden",
        b"Qzrole",
        tokens,
        tokens.hex().encode(),
        *states,
    ]


def files_with(folder: Path, needle: bytes) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and needle.lower() in path.read_bytes().lower()
    ]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def everything(store: MemoryStore, namespace: str = "ann") -> list[MemoryEntry]:
    return sorted(store.scan(namespace, payload=True), key=lambda entry: entry.position_idx)


def require_refused(late: MemoryStore, entry_id: str) -> None:
    """Neither reads nor writes of a store whose key another process has changed meanwhile."""
    for call in (
        lambda: late.put_many("ann", [secret(2)]),
        lambda: late.update_many("ann", {entry_id: {"text": "Qzleak"}}),
        lambda: late.get_many("ann", [entry_id]),
        lambda: list(late.scan("ann")),
        lambda: list(late.scan("ann", Selection(session="monday"))),
        lambda: late.search("ann", "Qzleak", 5),
        lambda: list(late.keys("ann")),
    ):
        with pytest.raises(KeyRefusedError, match="changed by another process"):
            call()


def rewrite(folder: Path, entry_id: str, **changes: object) -> None:
    """Change columns like somebody who knows the format, checksum and all, but not the key."""
    with connect(folder / "memory.sqlite3", 5.0) as database:
        sql = f"SELECT {', '.join(_COLUMNS)} FROM entries WHERE id = ?"
        row = Row(*database.execute(sql, (entry_id,)).fetchone())
        forged = Row(**{name: changes.get(name, getattr(row, name)) for name in _COLUMNS})
        marks = ", ".join(f"{name} = ?" for name in (*_COLUMNS, "digest"))
        database.execute(
            f"UPDATE entries SET {marks} WHERE id = ?",
            (*(getattr(forged, name) for name in _COLUMNS), forged.digest, entry_id),
        )
    database.close()


def column(folder: Path, entry_id: str, name: str) -> object:
    with connect(folder / "memory.sqlite3", 5.0) as database:
        (found,) = database.execute(
            f"SELECT {name} FROM entries WHERE id = ?", (entry_id,)
        ).fetchone()
    database.close()
    return found
