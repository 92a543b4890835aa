"""Another key for everything in a database: one transaction, every item read back before it ends."""

from __future__ import annotations

from collections.abc import Sequence

from reweaving.errors import StoreError
from reweaving.stores import codec, postgres_header, postgres_rows
from reweaving.stores.codec import Encoded
from reweaving.stores.encryption import Seal, seal_for
from reweaving.stores.master_key import StoreKey
from reweaving.stores.postgres_header import PostgresHeader
from reweaving.stores.postgres_sessions import Sessions
from reweaving.stores.postgres_tables import Connection
from reweaving.stores.postgres_vectors import direction
from reweaving.stores.postgres_writing import delete_unused_payloads, insert_states, rewrite_row
from reweaving.stores.rotation import intact

_PAGE = 32  # entries whose states are in RAM at a time
_IDS = "SELECT id FROM entries WHERE namespace = %s ORDER BY number"


def rotate(sessions: Sessions, held: PostgresHeader, key: StoreKey | None) -> None:
    """Encrypt all namespaces with another key, or with none; all of it or nothing.

    Writers of every namespace wait meanwhile; readers see the earlier state until the commit.

    Raises
    ------
    DamagedEntryError
        When an entry cannot be read with the old key; nothing is changed.
    StoreError
        When what was written does not read back as it was; nothing is changed.
    """
    header = None if key is None else key.new_header()
    old, new = held.seal, seal_for(header, key, sessions.name)

    def work(connection: Connection, again: bool) -> None:
        if again and postgres_header.read(connection) == header:
            return  # the first try was committed
        old.require(postgres_header.read(connection))
        for namespace in postgres_header.each_namespace(connection):
            ids = [str(name) for (name,) in connection.execute(_IDS, (namespace,))]
            for start in range(0, len(ids), _PAGE):
                _reseal(connection, namespace, ids[start : start + _PAGE], old, new)
            connection.execute("DELETE FROM indexes WHERE namespace = %s", (namespace,))
            delete_unused_payloads(connection, namespace)
        postgres_header.write(connection, header, swept=False)

    sessions.alone(work)
    held.use(new)


def _reseal(
    connection: Connection, namespace: str, ids: Sequence[str], old: Seal, new: Seal
) -> None:
    plain = {
        entry_id: intact(namespace, old.opened(namespace, item))
        for entry_id, item in _stored(connection, namespace, ids).items()
    }
    sealed = [new.seal(namespace, item) for item in plain.values()]
    for item in sealed:
        rewrite_row(connection, namespace, item.row)
    connection.execute("DELETE FROM keys WHERE namespace = %s AND id = ANY(%s)", (namespace, ids))
    aims = [None if new.hides_content else _direction(namespace, item) for item in plain.values()]
    insert_states(connection, namespace, sealed, aims)
    for entry_id, item in _stored(connection, namespace, ids).items():
        if new.opened(namespace, item) != plain[entry_id]:
            raise StoreError(
                f"entry {entry_id} of namespace {namespace!r} did not read back with the new key as "
                "it was; the key was not changed"
            )


def _stored(connection: Connection, namespace: str, ids: Sequence[str]) -> dict[str, Encoded]:
    found = postgres_rows.select(connection, namespace, ids, postgres_rows.WITH_STATES)
    return {name: postgres_rows.stored(namespace, values) for name, values in found.items()}


def _direction(namespace: str, item: Encoded) -> str | None:
    if item.key is None:
        return None
    return direction(codec.decode_key(namespace, item.row, item.key))
