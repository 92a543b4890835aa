"""What is read from PostgreSQL, page by page; each page is one consistent state of the database."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from reweaving.stores import (
    codec,
    columns,
    postgres_rows,
    postgres_selecting,
    postgres_vectors,
    postgres_words,
)
from reweaving.stores.base import Holding, KeyMark, KeyState, MemoryStore, Selection
from reweaving.stores.codec import Encoded
from reweaving.stores.key_mark import key_mark
from reweaving.stores.postgres_header import PostgresHeader
from reweaving.stores.postgres_ledger import PostgresLedger
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection
from reweaving.stores.ram_words import RamWords

if TYPE_CHECKING:
    import torch

    from reweaving.types import MemoryEntry

P = ParamSpec("P")
T = TypeVar("T")

_PAGE = 256  # entries that a scan reads at a time
_PAGE_WITH_STATES = 16  # and with their states, of a megabyte and more each


class PostgresReading(MemoryStore):
    """The half of a `PostgresStore` that only reads."""

    def __init__(self, sessions: Sessions, header: PostgresHeader, ledger: PostgresLedger) -> None:
        self._sessions, self._header, self._ledger = sessions, header, ledger
        self._words, self._searching = RamWords(), threading.Lock()

    @property
    def ledger(self) -> PostgresLedger:
        """Generations, notes and events."""
        return self._ledger

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found: dict[str, MemoryEntry] = {}
        for page in _pages(list(ids), payload):
            found |= self._page(namespace, page, payload)
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so, from the index over ids."""
        return self._read(namespace, postgres_selecting.beginning, beginning)

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out at `now`."""
        return self._read(namespace, postgres_selecting.expired, now)

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries in (session, position) order, or newest first; no lock is held in between."""
        wanted = selection or Selection()
        ids = self._read(namespace, postgres_selecting.chosen, wanted, self._header.seal)
        for page in _pages(ids, payload):
            found = self._page(namespace, page, payload)
            yield from (found[entry_id] for entry_id in page if entry_id in found)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys in (session, position) order, read without their payloads."""
        ids = self._read(namespace, postgres_selecting.chosen, Selection(), self._header.seal)
        for page in _pages(ids, payload=False):
            yield from self.keys_of(namespace, page)

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which entries have a key, without reading keys."""
        for entry_id, digest, trust in self._read(namespace, postgres_selecting.key_digests):
            yield KeyMark(entry_id, key_mark(digest), trust)

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries, read without their payloads."""
        seal = self._header.seal
        keys: list[KeyState] = []
        for page in _pages(ids, payload=False):
            found = self._read(namespace, postgres_rows.select, page, postgres_rows.WITH_KEY)
            for entry_id in page:
                if entry_id not in found:
                    continue
                *values, state = found[entry_id]
                row = postgres_rows.checked_row(namespace, values)
                key = postgres_rows.checked_key(namespace, row, state)
                if key is not None:
                    item = seal.opened(namespace, Encoded(row, key, None))
                    session = columns.decode_session(item.row.session)
                    decoded = codec.decode_key(namespace, item.row, item.key or b"")
                    keys.append(KeyState(row.id, session, row.position, decoded))
        return keys

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first; states are measured by the server."""
        yield from self._read(namespace, postgres_rows.holdings)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and ranks of the entries with any of the words, stemmed as English, best first.

        Encrypted, the words are indexed in RAM, and ranked by BM25 as in a SQLite store.
        """
        if self._header.seal.hides_content:
            with self._searching:
                generation = self._ledger.generation(namespace)
                texts = functools.partial(self._texts, namespace)
                return self._words.search(namespace, generation, texts, text, limit)
        return self._read(namespace, postgres_words.search, text, limit)

    def nearest(self, namespace: str, vector: torch.Tensor, limit: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the entries whose mean key points most nearly the same way.

        Approximate, from pgvector's index: a first choice among very many entries, to be ranked by
        their keys. `vector` has shape ``(hidden,)`` or ``(tokens, hidden)``. Encrypted, no direction
        is stored, and all keys are read instead.
        """
        if self._header.seal.hides_content:
            return postgres_vectors.nearest_of(self.keys(namespace), vector, limit)
        return self._read(namespace, postgres_vectors.nearest, vector, limit)

    def namespaces(self) -> list[str]:
        """Namespaces that hold an entry, a note or an event, in alphabetical order."""
        named = self._sessions.read("", postgres_selecting.names, directory=True)
        return [name for name in named if self._read(name, postgres_selecting.holds)]

    def _page(self, namespace: str, ids: Sequence[str], payload: bool) -> dict[str, MemoryEntry]:
        selected = postgres_rows.WITH_STATES if payload else postgres_rows.ALONE
        found = self._read(namespace, postgres_rows.select, ids, selected)
        seal = self._header.seal
        return {
            name: postgres_rows.entry(namespace, values, seal) for name, values in found.items()
        }

    def _texts(self, namespace: str) -> list[tuple[str, str]]:
        """Id and text of every entry, oldest first."""
        newest = list(self.scan(namespace, Selection(newest_first=True)))
        return [(entry.id, entry.text) for entry in reversed(newest)]

    def _read(
        self,
        namespace: str,
        work: Callable[Concatenate[Connection, str, P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        return self._sessions.read(
            namespace, lambda connection: work(connection, namespace, *arguments, **named)
        )


def _pages(ids: Sequence[str], payload: bool) -> Iterator[Sequence[str]]:
    size = _PAGE_WITH_STATES if payload else _PAGE
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
