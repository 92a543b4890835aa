"""The derived index in the same database: kept in parts, read when its checksum is right."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping

import numpy as np

from reweaving.errors import DamagedEntryError
from reweaving.stores import index_bytes
from reweaving.stores.index import SpanIndex
from reweaving.stores.postgres_header import PostgresHeader
from reweaving.stores.postgres_ledger import number
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection

_PART_BYTES = 1 << 22
_PARTS = "SELECT count(*) FROM indexes WHERE namespace = %s"
_PART = "SELECT data FROM indexes WHERE namespace = %s AND part = %s"
_PUT = "INSERT INTO indexes (namespace, part, data) VALUES (%s, %s, %b)"
_REMOVE = "DELETE FROM indexes WHERE namespace = %s"
_GENERATION = "SELECT generation FROM namespaces WHERE namespace = %s"
# A role may have been granted the other tables alone: it works, with an index of its own in RAM.
_MAY_READ = "SELECT has_table_privilege('indexes', 'SELECT')::int"
_MAY_WRITE = (
    "SELECT (has_table_privilege('indexes', 'INSERT') "
    "AND has_table_privilege('indexes', 'DELETE'))::int"
)
_log = logging.getLogger(__name__)


class PostgresIndex:
    """Indexes of one opened `PostgresStore`; none where it is encrypted.

    Sketches tell something of what was said, so an encrypted database's index stays in RAM.
    """

    def __init__(self, sessions: Sessions, header: PostgresHeader) -> None:
        self._sessions, self._header = sessions, header

    def load(self, namespace: str) -> SpanIndex | None:
        """The index that was kept last; None when there is no sound one."""
        if self._header.seal.hides_content:
            return None
        try:
            data = self._sessions.read(namespace, lambda connection: _read(connection, namespace))
            return None if data is None else _unpacked(namespace, data)
        except (*index_bytes.UNREADABLE, DamagedEntryError) as error:
            _log.warning(
                "an index in %s is discarded and made anew: %s", self._sessions.name, error
            )
            return None

    def save(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep an index, unless the namespace has changed since: what was forgotten must not come back."""
        if self._header.seal.hides_content or not len(index):
            return False
        data = index_bytes.packed(namespace, index)

        def work(connection: Connection, _: bool) -> bool:
            # Whoever forgets holds the namespace as well.
            if number(connection, _GENERATION, namespace) != generation:
                return False
            if not number(connection, _MAY_WRITE):
                return False
            _replace(connection, namespace, data)
            return True

        try:
            return self._sessions.write(namespace, work)
        except DamagedEntryError as error:
            _log.warning("an index in %s cannot be replaced: %s", self._sessions.name, error)
            return False

    def erase(self, namespace: str, marks: Mapping[str, int]) -> None:
        """Leave nothing in the namespace's index of keys that are not among `marks`, by entry id."""

        def work(connection: Connection, _: bool) -> None:
            data = _read(connection, namespace)
            if data is None:
                return
            try:
                index = _unpacked(namespace, data)
            except index_bytes.UNREADABLE:
                connection.execute(_REMOVE, (namespace,))
                return
            gone = [key for key, mark in index.marked().items() if marks.get(key) != mark]
            left = index.without(gone) if gone else index
            if not len(left):
                connection.execute(_REMOVE, (namespace,))
            elif gone:
                _replace(connection, namespace, index_bytes.packed(namespace, left))

        self._sessions.write(namespace, work)


def _read(connection: Connection, namespace: str) -> bytes | None:
    """What was kept of an index; None when there is none, or it is not for this role."""
    count = number(connection, _PARTS, namespace) if number(connection, _MAY_READ) else 0
    if not count:
        return None
    parts = []
    for part in range(count):
        found = connection.execute(_PART, (namespace, part), binary=True).fetchone()
        parts.append(b"" if found is None else bytes(found[0]))
    return b"".join(parts)


def _replace(connection: Connection, namespace: str, data: bytes) -> None:
    connection.execute(_REMOVE, (namespace,))
    for part, start in enumerate(range(0, len(data), _PART_BYTES)):
        connection.execute(_PUT, (namespace, part, data[start : start + _PART_BYTES]))


def _unpacked(namespace: str, data: bytes) -> SpanIndex:
    layout = index_bytes.checked(namespace, io.BytesIO(data), len(data))
    return index_bytes.unpacked(np.frombuffer(data, dtype=np.uint8), layout)
