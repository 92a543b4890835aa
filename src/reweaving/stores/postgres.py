"""The store of many machines: PostgreSQL with pgvector, a transaction for each turn."""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from reweaving.errors import StoreError
from reweaving.stores import codec, columns
from reweaving.stores.base import Deletion, Room
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.encryption import Seal
from reweaving.stores.replacing import LeftOutError

try:
    from reweaving.stores import (
        postgres_erasure,
        postgres_replacing,
        postgres_rows,
        postgres_vectors,
        postgres_writing,
    )
    from reweaving.stores.postgres_connecting import connect
    from reweaving.stores.postgres_header import PostgresHeader
    from reweaving.stores.postgres_ledger import PostgresLedger, enter
    from reweaving.stores.postgres_reading import PostgresReading
    from reweaving.stores.postgres_rotation import rotate
    from reweaving.stores.postgres_sessions import Sessions
    from reweaving.stores.postgres_tables import Connection
except ImportError as missing:
    raise StoreError(
        f"a memory in PostgreSQL needs psycopg ({missing}); install it with: "
        "pip install 'reweaving[postgres]'"
    ) from missing

if TYPE_CHECKING:
    from reweaving.stores.index import SpanIndex
    from reweaving.stores.master_key import StoreKey
    from reweaving.stores.postgres_index import PostgresIndex
    from reweaving.types import MemoryEntry


_log = logging.getLogger(__name__)


class PostgresStore(PostgresReading):
    """Entries, keys and payloads in the schema ``reweaving`` of one database.

    ``postgresql://user@host:5432/database``, with everything that libpq understands: several hosts
    with ``target_session_attrs=read-write`` for a primary and its standbys, a socket's folder as
    ``?host=/run/postgresql``, certificates. Any number of processes may have it open.

    Every statement names its namespace, every key and index begins with it, and row-level security
    lets a transaction see that one only (superusers are above such policies: serve with a role
    that is none). Writers of one namespace follow each other; those of two do not wait.
    """

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(sessions, PostgresHeader(sessions), PostgresLedger(sessions))

    @classmethod
    def open(cls, location: str, *, busy_timeout_seconds: float = 10.0) -> Self:
        """Connect, and create or migrate the schema where that is needed."""
        return cls(connect(location, busy_timeout_seconds))

    def unlock(self, key: StoreKey | None) -> None:
        """Use `key` for everything from now on; an empty database becomes encrypted with it."""
        if self._header.unlock(key):  # a rotation was killed after its commit
            self._sweep()

    def rotate_key(self, key: StoreKey | None) -> dict[str, str]:
        """Encrypt all namespaces with another key, or with none, in one transaction."""
        rotate(self._sessions, self._header, key)
        return self._sweep()

    def _sweep(self) -> dict[str, str]:
        """Remove what an earlier key left, from tables and the log.

        The key is changed by now: whoever changed it is told so, whatever becomes of this. What
        could not be removed is tried again by whoever opens the database next.
        """
        receipt = postgres_erasure.erase_everything(self._sessions)
        try:
            if postgres_erasure.is_rewritten(receipt):
                self._header.mark_swept()
        except StoreError as error:
            _log.warning("tables are rewritten, and this could not be noted: %s", error)
        return receipt

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction.

        When the connection broke while it was committed, the ids tell: entries that are there with
        the same digest were stored by this call.
        """
        if not entries and room is None:
            return
        plain = [codec.encode(entry) for entry in entries]

        @functools.cache  # a second try has to know again what the first one may have stored
        def sealed(seal: Seal) -> list[Encoded]:
            return [seal.seal(namespace, item) for item in plain]

        def work(connection: Connection, again: bool) -> None:
            seal = self._header.seal
            encoded = sealed(seal)
            directions = [
                None if seal.hides_content else postgres_vectors.direction(entry.key_state)
                for entry in entries
            ]
            if postgres_writing.is_stored(connection, namespace, encoded, again):
                return
            if room is not None:
                evicted = postgres_writing.make_room(connection, namespace, room, again)
                _enter(connection, namespace, "evicted", [row.id for row in evicted])
            postgres_writing.insert(connection, namespace, encoded, directions)
            _enter(connection, namespace, "added", [item.row.id for item in encoded])

        self._sessions.write(namespace, work)

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries; counters change without a new generation."""

        def work(connection: Connection, again: bool) -> int:
            edited: list[tuple[str, dict[str, Any]]] = []
            changed, seal = 0, self._header.seal
            found = postgres_rows.select(connection, namespace, list(changes))
            for entry_id, change in changes.items():
                if entry_id not in found:
                    continue
                changed += 1
                row = postgres_rows.checked_row(namespace, found[entry_id])
                altered = postgres_writing.change(connection, namespace, row, change, again, seal)
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
                what=what, notes=notes or {}, whole=whole, again=again, seal=self._header.seal,
            )  # fmt: skip

        try:
            self._sessions.write(namespace, work)
        except LeftOutError as left:
            return left.ids
        return ()

    def load_index(self, namespace: str) -> SpanIndex | None:
        """The derived index that is kept in the database, if it is sound."""
        return self._index.load(namespace)

    def save_index(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index in the database; none where it is encrypted."""
        return self._index.save(namespace, index, generation)

    @property
    def _index(self) -> PostgresIndex:
        # Here, so that looking into a memory does not load numpy.
        from reweaving.stores.postgres_index import PostgresIndex

        return PostgresIndex(self._sessions, self._header)

    def erase(self, namespace: str) -> dict[str, str]:
        """Rewrite the namespace's partitions and clear the log; see `postgres_erasure`."""
        self._index.erase(namespace, {mark.id: mark.mark for mark in self.key_marks(namespace)})
        return postgres_erasure.erase(self._sessions, namespace)

    def close(self) -> None:
        """Close all connections."""
        self._sessions.close()


def _enter(connection: Connection, namespace: str, what: str, ids: Sequence[str]) -> None:
    """Enter an event for each entry, if there is any."""
    if ids:
        enter(connection, namespace, what, [(entry_id, {}) for entry_id in ids])
