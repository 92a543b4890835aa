"""Damage to a store's files: flipped bits, torn off ends, lost sectors; and who cannot have come to harm."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reweaving.stores.pages import USUAL
from reweaving.stores.sqlite_session import DATABASE

_SECTOR_BYTES = 512
_LOG_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_WINDOW_BYTES, _STRIDE_BYTES = 24, 128
# How often each kind of file is hit, and each kind of damage is done.
_FILES = {"database": 9, "log": 4, "payload": 6, "index of the log": 1}
_DAMAGE = {"one bit": 6, "a few bits": 3, "truncated": 5, "a sector of zeros": 2}


@dataclass(frozen=True)
class Injury:
    """What was done to which file; bytes from `first` up to `last` are not what they were."""

    kind: str
    file: str
    what: str
    first: int
    last: int


def injure(folder: Path, rng: random.Random) -> Injury:
    """Damage one file of a store at random."""
    kinds = {name: files for name in _FILES if (files := files_of(folder, name))}
    kind = rng.choices(list(kinds), [_FILES[name] for name in kinds])[0]
    path = rng.choice(kinds[kind])
    what = rng.choices(list(_DAMAGE), list(_DAMAGE.values()))[0]
    content = bytearray(path.read_bytes())
    before = bytes(content)
    if what == "truncated":
        first = rng.randrange(len(content))
        if rng.random() < 0.3:
            first -= first % USUAL[0]
        del content[first:]
        last = len(before)
    elif what == "a sector of zeros":
        first = rng.randrange(len(content))
        first -= first % _SECTOR_BYTES
        last = min(first + _SECTOR_BYTES, len(content))
        content[first:last] = bytes(last - first)
    else:
        places = [rng.randrange(len(content))]
        places += [rng.randrange(len(content)) for _ in range(0 if what == "one bit" else 7)]
        for place in places:
            content[place] ^= 1 << rng.randrange(8)
        first, last = min(places), max(places) + 1
    path.write_bytes(content)
    return Injury(kind, str(path.relative_to(folder)), what, first, last)


def files_of(folder: Path, kind: str) -> list[Path]:
    """The store's files of one kind that are not empty, in a fixed order."""
    names = {"database": "", "log": "-wal", "index of the log": "-shm"}
    if kind in names:
        found = [folder / f"{DATABASE}{names[kind]}"]
    else:
        found = sorted((folder / "payloads").rglob("*.safetensors"))
    return [path for path in found if path.is_file() and path.stat().st_size]


def changed_pages(before: bytes, after: bytes) -> set[int]:
    """Pages, counted from 0, in which two versions of a database differ."""
    size = USUAL[0]
    count = max(len(before), len(after)) // size + 1
    return {
        page
        for page in range(count)
        if before[page * size : (page + 1) * size] != after[page * size : (page + 1) * size]
    }


def whole_frames(before: bytes, after: bytes) -> bytes:
    """Pages of a damaged log that can still be told to be what was written.

    A frame's checksum begins with that of the frame before it, so it takes both; and frames count up
    to the last whole one that ends a transaction.
    """
    size = _FRAME_HEADER_BYTES + USUAL[0]
    pages, committed = b"", 0
    for start in range(_LOG_HEADER_BYTES, len(before) - size + 1, size):
        seed = start - 8 if start == _LOG_HEADER_BYTES else start - size + 16
        parts = (slice(start, start + size), slice(seed, seed + 8))
        if any(before[part] != after[part] for part in parts):
            continue
        pages += before[start + _FRAME_HEADER_BYTES : start + size]
        if any(before[start + 4 : start + 8]):
            committed = len(pages)
    return pages[:committed]


def windows(needles: list[bytes]) -> Iterator[bytes]:
    """Parts of these bytes, which are looked for one by one."""
    for needle in needles:
        last = max(0, len(needle) - _WINDOW_BYTES)
        for start in sorted({*range(0, last, _STRIDE_BYTES), last}):
            yield needle[start : start + _WINDOW_BYTES]


def pages_with(database: bytes, needles: list[bytes]) -> set[int]:
    """Pages, counted from 0, that hold any part of these bytes."""
    found: set[int] = set()
    for window in windows(needles):
        at = database.find(window)
        while at >= 0:
            found |= {at // USUAL[0], (at + len(window) - 1) // USUAL[0]}
            at = database.find(window, at + 1)
    return found
