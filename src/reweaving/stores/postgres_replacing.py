"""Other states for entries that are there, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from reweaving.stores import codec
from reweaving.stores.codec import Encoded, Row
from reweaving.stores.encryption import Seal
from reweaving.stores.postgres_ledger import enter, write_note
from reweaving.stores.postgres_rows import checked_row, select
from reweaving.stores.postgres_tables import Connection
from reweaving.stores.postgres_vectors import direction
from reweaving.stores.postgres_writing import delete_payloads, insert_states, rewrite_row
from reweaving.stores.replacing import LeftOutError, pages, with_states_of

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry

_PAGE = 16  # entries whose states are in RAM at a time


def replace_states(
    connection: Connection,
    namespace: str,
    entries: Iterable[MemoryEntry],
    *,
    what: str,
    notes: Mapping[str, Any],
    whole: bool,
    again: bool,
    seal: Seal,
) -> None:
    """Inside the caller's transaction.

    Parameters
    ----------
    again
        Whether an earlier try may have been committed; entries that have these states already are
        no new event then.

    Raises
    ------
    LeftOutError
        With `whole`, when some entries were not replaced; the caller rolls back.
    """
    done: set[str] = set()
    altered: list[Row] = []
    for page in pages(entries, _PAGE):
        found = select(connection, namespace, [entry.id for entry in page])
        for entry in page:
            if entry.id in found:
                row = checked_row(namespace, found[entry.id])
                item = seal.seal(namespace, codec.encode(entry))
                aim = None if seal.hides_content else direction(entry.key_state)
                done.add(row.id)
                if _replace(connection, namespace, row, item, aim, again, seal):
                    altered.append(row)
    if whole:
        sql = "SELECT id FROM entries WHERE namespace = %s ORDER BY session, position, number"
        found_ids = [str(name) for (name,) in connection.execute(sql, (namespace,))]
        if left := tuple(name for name in found_ids if name not in done):
            raise LeftOutError(left)
    for key, value in notes.items():
        write_note(connection, namespace, key, value)
    delete_payloads(connection, namespace, altered)
    if altered:
        enter(connection, namespace, what, [(row.id, {}) for row in altered])


def _replace(
    connection: Connection,
    namespace: str,
    row: Row,
    item: Encoded,
    aim: str | None,
    again: bool,
    seal: Seal,
) -> bool:
    plain, fresh = (seal.opened_row(namespace, each) for each in (row, item.row))
    new_plain = with_states_of(plain, fresh)
    # Encrypted, the same states are other bytes each time: they are written once more.
    if again and new_plain == plain:
        return False
    new_row = seal.sealed_row(namespace, new_plain)
    rewrite_row(connection, namespace, new_row)
    connection.execute("DELETE FROM keys WHERE namespace = %s AND id = %s", (namespace, row.id))
    insert_states(connection, namespace, [Encoded(new_row, item.key, item.payload)], [aim])
    return True
