"""The pages of a SQLite file as they lie on the disk, read without SQLite: what a rescue is made of.

Written after the public description of the format (sqlite.org/fileformat2.html, sections 1.3–2.1) and
of the checksum VFS (sqlite.org/cksumvfs.html). SQLite finds a row by walking down from a root; here
every page is looked at by itself, so that one broken page costs the rows on it and no others.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reweaving.stores.progress import Progress, silent
from reweaving.stores.raw_file import RawFile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CHECKSUM_BYTES = 8
HEADER_BYTES = 100  # of the file, at the beginning of page 1
MAGIC = b"SQLite format 3\x00"
USUAL = (4096, CHECKSUM_BYTES)  # page size and reserved bytes that this project's stores have
_LEAF_TABLE, _LEAF_INDEX, _INNER_INDEX = 0x0D, 0x0A, 0x02
_PAGES_AT_ONCE = 2048
_LONGEST_VARINT = 9
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type to bytes


@dataclass(frozen=True)
class Cell:
    """One record.

    Attributes
    ----------
    page
        Its page, counted from 1.
    number
        Its rowid; None in an index or a table without rowids.
    values
        Its columns.
    intact
        Whether the checksums of all pages that it stands on are right.
    """

    page: int
    number: int | None
    values: tuple[Any, ...]
    intact: bool


class _MalformedError(Exception):
    """Bytes that are no record."""


class PageFile:
    """A SQLite file, page by page.

    Parameters
    ----------
    path
        The file; nothing may write to it meanwhile. Its log is not looked at.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        candidates = {_announced(path), USUAL}
        counted = [(self._count_intact(*form), form) for form in candidates if form is not None]
        self.page_bytes, self.reserved_bytes = max(counted)[1]
        self.count = _size(path) // self.page_bytes
        self.broken = frozenset(self._broken(self.page_bytes, self.reserved_bytes))

    def cells(self, progress: Progress = silent) -> Iterator[Cell]:
        """All records of all tables and indexes; what cannot be one is passed over."""
        with RawFile(self._path) as file:
            for page in range(1, self.count + 1):
                if page % 256 == 1:
                    progress(page, self.count, "reading pages")
                data = self._page(file, page)
                start = HEADER_BYTES if page == 1 else 0
                kind = data[start]
                if kind not in (_LEAF_TABLE, _LEAF_INDEX, _INNER_INDEX):
                    continue
                (count,) = struct.unpack_from(">H", data, start + 3)
                pointers = start + (12 if kind == _INNER_INDEX else 8)
                for at in range(pointers, min(pointers + 2 * count, len(data) - 1), 2):
                    (offset,) = struct.unpack_from(">H", data, at)
                    try:
                        yield self._cell(file, page, data, offset, kind)
                    except (_MalformedError, IndexError, struct.error, UnicodeDecodeError):
                        continue

    def _cell(self, file: RawFile, page: int, data: bytes, at: int, kind: int) -> Cell:
        if kind == _INNER_INDEX:
            at += 4
        length, at = _varint(data, at)
        number: int | None = None
        if kind == _LEAF_TABLE:
            number, at = _varint(data, at)
            number -= (number >> 63) << 64
        payload, pages = self._payload(file, data, at, length, kind)
        intact = self.reserved_bytes == CHECKSUM_BYTES and not ({page, *pages} & self.broken)
        return Cell(page, number, _record(payload), intact)

    def _payload(
        self, file: RawFile, data: bytes, at: int, length: int, kind: int
    ) -> tuple[bytes, list[int]]:
        """A record's bytes, and the overflow pages that some of them stand on."""
        usable = self.page_bytes - self.reserved_bytes
        if length > self.count * usable:
            raise _MalformedError
        least = (usable - 12) * 32 // 255 - 23
        most = usable - 35 if kind == _LEAF_TABLE else (usable - 12) * 64 // 255 - 23
        local = length
        if length > most:
            spilled = least + (length - least) % (usable - 4)
            local = spilled if spilled <= most else least
        if at + local > usable:
            raise _MalformedError
        parts, pages = [data[at : at + local]], list[int]()
        left = length - local
        following = struct.unpack_from(">I", data, at + local)[0] if left else 0
        while left > 0:
            if not 1 < following <= self.count:
                raise _MalformedError
            pages.append(following)
            overflow = self._page(file, following)
            (following,) = struct.unpack_from(">I", overflow)
            parts.append(overflow[4 : 4 + min(left, usable - 4)])
            left -= usable - 4
        return b"".join(parts), pages

    def _page(self, file: RawFile, page: int) -> bytes:
        return file.read((page - 1) * self.page_bytes, self.page_bytes)

    def _count_intact(self, page_bytes: int, reserved_bytes: int) -> int:
        if reserved_bytes != CHECKSUM_BYTES:
            return 0
        pages = _size(self._path) // page_bytes
        return (pages - len(self._broken(page_bytes, reserved_bytes))) * page_bytes

    def _broken(self, page_bytes: int, reserved_bytes: int) -> list[int]:
        return broken_pages(self._path, page_bytes) if reserved_bytes == CHECKSUM_BYTES else []


def broken_pages(path: Path, page_bytes: int, progress: Progress = silent) -> list[int]:
    """Pages, counted from 1, that do not match the checksum in their last eight bytes."""
    import numpy as np  # not needed for anything that happens more often

    found: list[int] = []
    with RawFile(path) as file:
        pages = file.size // page_bytes
        for first in range(0, pages, _PAGES_AT_ONCE):
            progress(first, pages, "checking pages")
            data = file.read(first * page_bytes, _PAGES_AT_ONCE * page_bytes)
            whole = len(data) // page_bytes
            words = np.frombuffer(data, "<u4", whole * page_bytes // 4).reshape(whole, -1)
            wrong = (_sums(words) != words[:, -2:]).any(axis=1)
            found += [first + int(place) + 1 for place in np.flatnonzero(wrong)]
    progress(pages, pages, "checking pages")
    return found


def with_checksum(page: bytes) -> bytes:
    """A page with the right checksum in its last eight bytes."""
    import numpy as np

    (sums,) = _sums(np.frombuffer(page, "<u4").reshape(1, -1))
    ending: bytes = sums.astype("<u4").tobytes()
    return page[:-CHECKSUM_BYTES] + ending


def _sums(words: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Both sums over each page of words, shape ``(pages, 2)``; its last two words do not count."""
    import numpy as np

    even = np.zeros(len(words), np.uint32)
    odd = np.zeros(len(words), np.uint32)
    for at in range(0, words.shape[1] - 2, 2):
        even += words[:, at] + odd
        odd += words[:, at + 1] + even
    return np.stack([even, odd], axis=1)


def _announced(path: Path) -> tuple[int, int] | None:
    """Page size and reserved bytes that the file's own header names, if they can be true."""
    with RawFile(path) as file:
        header = file.read(0, HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return None
    size = struct.unpack_from(">H", header, 16)[0]
    size = 65536 if size == 1 else size
    plausible = (
        512 <= size <= 65536 and size & (size - 1) == 0 and header[20] in (0, CHECKSUM_BYTES)
    )
    return (size, header[20]) if plausible else None


def _size(path: Path) -> int:
    with RawFile(path) as file:
        return file.size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(_LONGEST_VARINT - 1):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + _LONGEST_VARINT


def _record(payload: bytes) -> tuple[Any, ...]:
    """The columns of a record."""
    header, at = _varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != header or header > len(payload):
        raise _MalformedError
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise _MalformedError
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind in _INTEGERS:
        stop = at + _INTEGERS[kind]
        return int.from_bytes(payload[at:stop], "big", signed=True), stop
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if kind < 12:
        raise _MalformedError
    stop = at + (kind - 12) // 2
    if stop > len(payload):
        raise _MalformedError
    piece = payload[at:stop]
    return (piece.decode("utf-8") if kind % 2 else piece), stop
