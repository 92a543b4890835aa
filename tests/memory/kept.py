"""Entries, a clock and ways to look at a memory, for the tests of its privacy."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch

from reweaving import Memory, MemoryEntry


def note(text: str = "x", **fields: object) -> MemoryEntry:
    values: dict[str, object] = {
        "hidden_state": torch.ones(1, 2, 4),
        "layer_idx": (0,),
        "sequence_id": "monday",
        "position_idx": 0,
        "key_state": torch.ones(2, 4),
        "token_ids": (1, 2),
        "text": text,
        "fingerprint": "a" * 64,
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


class Clock:
    """Time that goes on when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def files(folder: Path) -> dict[str, str]:
    """Digest of every file but the shared index of the log, which every reader marks."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def shown(memory: Memory) -> set[str]:
    """Texts that any way of reading shows."""
    ids = [entry.id for entry in memory._everything.scan("ann")]
    keys = {key.id for key in memory.key_states()}
    ways = [
        {entry.text for entry in memory.entries()},
        {entry.text for entry in memory.entries(payload=True)},
        {entry.text for entry in memory.newest(100)},
        {hit.text for hit in memory.search("note", 100)},
        {entry.text for entry in memory.get_many(ids)},
        {entry.text for entry in memory._everything.get_many("ann", ids) if entry.id in keys},
        {
            memory.get(entry_id).text
            for entry_id in ids
            if entry_id in memory._store.matching_ids("ann", "")
        },
    ]
    assert all(way == ways[0] for way in ways), ways
    return ways[0]
