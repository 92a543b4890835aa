"""The store of many machines: PostgreSQL with pgvector, a transaction for each turn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from reweaving.errors import StoreError
from reweaving.stores import codec, columns
from reweaving.stores.base import Deletion, Holding, KeyState, MemoryStore, Room, Selection
from reweaving.stores.codec import Row

try:
    from reweaving.stores import (
        postgres_erasure,
        postgres_replacing,
        postgres_rows,
        postgres_selecting,
        postgres_vectors,
        postgres_words,
        postgres_writing,
    )
    from reweaving.stores.postgres_ledger import PostgresLedger, enter
    from reweaving.stores.postgres_migrations import Connection
    from reweaving.stores.postgres_sessions import Sessions, connect
except ImportError as missing:
    raise StoreError(
        f"a memory in PostgreSQL needs psycopg ({missing}); install it with: "
        "pip install 'reweaving[postgres]'"
    ) from missing

if TYPE_CHECKING:
    import torch

    from reweaving.types import MemoryEntry

P = ParamSpec("P")
T = TypeVar("T")

_PAGE = 256  # entries that a scan reads at a time
_PAGE_WITH_STATES = 16  # and with their states, of a megabyte and more each


class PostgresStore(MemoryStore):
    """Entries, keys and payloads in the schema ``reweaving`` of one database.

    ``postgresql://user@host:5432/database``, with everything that libpq understands: several hosts
    with ``target_session_attrs=read-write`` for a primary and its standbys, a socket's folder as
    ``?host=/run/postgresql``, certificates. Any number of processes may have it open.

    Every statement names its namespace, every key and index begins with it, and row-level security
    lets a transaction see that one only (superusers are above such policies: serve with a role
    that is none). Writers of one namespace follow each other; those of two do not wait.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._ledger = PostgresLedger(sessions)

    @classmethod
    def open(cls, location: str, *, busy_timeout_seconds: float = 10.0) -> Self:
        """Connect, and create or migrate the schema where that is needed."""
        return cls(connect(location, busy_timeout_seconds))

    @property
    def ledger(self) -> PostgresLedger:
        """Generations, notes and events."""
        return self._ledger

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction.

        When the connection broke while it was committed, the ids tell: entries that are there with
        the same digest were stored by this call.
        """
        if not entries and room is None:
            return
        encoded = [codec.encode(entry) for entry in entries]
        directions = [postgres_vectors.direction(entry.key_state) for entry in entries]

        def work(connection: Connection, again: bool) -> None:
            if postgres_writing.is_stored(connection, namespace, encoded, again):
                return
            if room is not None:
                evicted = postgres_writing.make_room(connection, namespace, room, again)
                _enter(connection, namespace, "evicted", [row.id for row in evicted])
            postgres_writing.insert(connection, namespace, encoded, directions)
            _enter(connection, namespace, "added", [item.row.id for item in encoded])

        self._sessions.write(namespace, work)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        found: dict[str, MemoryEntry] = {}
        for page in _pages(list(ids), payload):
            found |= self._page(namespace, page, payload)
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; counters change without a new generation."""

        def work(connection: Connection, again: bool) -> int:
            edited: list[tuple[str, dict[str, Any]]] = []
            changed = 0
            found = postgres_rows.select(connection, namespace, list(changes))
            for entry_id, change in changes.items():
                if entry_id not in found:
                    continue
                changed += 1
                row = postgres_rows.checked_row(namespace, found[entry_id])
                altered = postgres_writing.change(connection, namespace, row, change, again)
                if altered and not change.keys() <= columns.COUNTERS:
                    edited.append((entry_id, {"fields": sorted(change)}))
            if edited:
                enter(connection, namespace, "updated", edited)
            return changed

        return self._sessions.write(namespace, work)

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete rows, and payloads that no row names any more, in one transaction."""
        gone: dict[str, Row] = {}  # over all tries: what the first one may have committed counts

        def work(connection: Connection, again: bool) -> None:
            if not again:
                gone.clear()
            rows = postgres_writing.delete(connection, namespace, list(ids))
            _enter(connection, namespace, "forgotten", [row.id for row in rows])
            gone.update({row.id: row for row in rows})

        self._sessions.write(namespace, work)
        ordered = [gone[entry_id] for entry_id in dict.fromkeys(ids) if entry_id in gone]
        return Deletion(
            ids=tuple(row.id for row in ordered),
            tokens=sum(len(row.token_ids) // 4 for row in ordered),
        )

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states in one transaction, and delete payloads that nobody names."""
        tries = itertools.count()

        def work(connection: Connection, again: bool) -> None:
            if next(tries) and not isinstance(entries, Sequence):
                raise StoreError(
                    "the connection broke while states were exchanged, and the new ones are gone; "
                    "do it again"
                )
            postgres_replacing.replace_states(
                connection, namespace, entries,
                what=what, notes=notes or {}, whole=whole, again=again,
            )  # fmt: skip

        try:
            self._sessions.write(namespace, work)
        except postgres_replacing.LeftOutError as left:
            return left.ids
        return ()

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
        ids = self._read(namespace, postgres_selecting.chosen, selection or Selection())
        for page in _pages(ids, payload):
            found = self._page(namespace, page, payload)
            yield from (found[entry_id] for entry_id in page if entry_id in found)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys in (session, position) order, read without their payloads."""
        ids = self._read(namespace, postgres_selecting.chosen, Selection())
        for page in _pages(ids, payload=False):
            found = self._read(namespace, postgres_rows.select, page, postgres_rows.WITH_KEY)
            for entry_id in page:
                if entry_id not in found:
                    continue
                *values, state = found[entry_id]
                row = postgres_rows.checked_row(namespace, values)
                key = postgres_rows.checked_key(namespace, row, state)
                if key is not None:
                    session = columns.decode_session(row.session)
                    decoded = codec.decode_key(namespace, row, key)
                    yield KeyState(row.id, session, row.position, decoded)

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first; states are measured by the server."""
        yield from self._read(namespace, postgres_rows.holdings)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and ranks of the entries with any of the words, stemmed as English, best first."""
        return self._read(namespace, postgres_words.search, text, limit)

    def nearest(self, namespace: str, vector: torch.Tensor, limit: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the entries whose mean key points most nearly the same way.

        Approximate, from pgvector's index: a first choice among very many entries, to be ranked by
        their keys. `vector` has shape ``(hidden,)`` or ``(tokens, hidden)``.
        """
        return self._read(namespace, postgres_vectors.nearest, vector, limit)

    def namespaces(self) -> list[str]:
        """Namespaces that hold an entry, a note or an event, in alphabetical order."""
        named = self._sessions.read("", postgres_selecting.names, directory=True)
        return [name for name in named if self._read(name, postgres_selecting.holds)]

    def erase(self, namespace: str) -> dict[str, str]:
        """Rewrite the namespace's partitions and clear the log; see `postgres_erasure`."""
        return postgres_erasure.erase(self._sessions, namespace)

    def close(self) -> None:
        """Close all connections."""
        self._sessions.close()

    def _page(self, namespace: str, ids: Sequence[str], payload: bool) -> dict[str, MemoryEntry]:
        selected = postgres_rows.WITH_STATES if payload else postgres_rows.ALONE
        found = self._read(namespace, postgres_rows.select, ids, selected)
        return {name: postgres_rows.entry(namespace, values) for name, values in found.items()}

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


def _enter(connection: Connection, namespace: str, what: str, ids: Sequence[str]) -> None:
    """Enter an event for each entry, if there is any."""
    if ids:
        enter(connection, namespace, what, [(entry_id, {}) for entry_id in ids])


def _pages(ids: Sequence[str], payload: bool) -> Iterator[Sequence[str]]:
    size = _PAGE_WITH_STATES if payload else _PAGE
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
