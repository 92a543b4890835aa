"""What stores share when entries get other states: which columns are theirs, and what was left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from reweaving.stores.codec import Row

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry

# What belongs to the states; everything else stays as it is now.
_OF_STATES = (
    "position", "layers", "codec", "token_ids", "fingerprint", "read_length", "payload",
    "payload_bytes", "key_dtype", "key_shape", "key_digest",
)  # fmt: skip


class LeftOutError(Exception):
    """Entries that were not among the replaced ones, though all had to be."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(ids)
        self.ids = ids


def with_states_of(row: Row, fresh: Row) -> Row:
    """A row as it is, but for what belongs to its states; both rows are open ones."""
    return replace(row, **{name: getattr(fresh, name) for name in _OF_STATES})


def pages(entries: Iterable[MemoryEntry], size: int) -> Iterator[list[MemoryEntry]]:
    """The entries, so many at a time."""
    waiting = iter(entries)
    while page := list(itertools.islice(waiting, size)):
        yield page
