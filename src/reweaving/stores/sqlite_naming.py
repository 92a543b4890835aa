"""Which entry it is that cannot be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import apsw

from reweaving.stores import codec
from reweaving.stores.connection import DamagedPageError, rows, value

_BROKEN = (apsw.CorruptError, apsw.IOError, DamagedPageError)
_WHY = "a page that is needed to read it is not what was written"
_READ = "SELECT max(length(text), length(token_ids)) FROM entries WHERE "
# The index over ids knows the number of each row, whatever has become of the row.
_NAMED = "SELECT id FROM entries INDEXED BY sqlite_autoindex_entries_1 WHERE namespace = ? AND number = ?"


@contextlib.contextmanager
def naming(
    connection: apsw.Connection, namespace: str, *, ids: Sequence[str] = (), at: Sequence[int] = ()
) -> Iterator[None]:
    """Name the first of these entries that cannot be read, when a page is broken.

    Parameters
    ----------
    ids
        Of the entries that are being read.
    at
        Or the numbers of their rows.
    """
    try:
        yield
    except _BROKEN as error:
        for entry_id in ids:
            if len(ids) == 1 or _is_broken(
                connection, "namespace = ? AND id = ?", namespace, entry_id
            ):
                raise codec.damaged(namespace, entry_id, _WHY) from error
        for number in at:
            if _is_broken(connection, "number = ?", number):
                with contextlib.suppress(*_BROKEN):
                    entry_id = str(value(connection, _NAMED, (namespace, number)))
                    raise codec.damaged(namespace, entry_id, _WHY) from error
        raise


def _is_broken(connection: apsw.Connection, where: str, *bindings: object) -> bool:
    try:
        # The length of a text is only known when all of it was read.
        rows(connection, _READ + where, bindings)
    except _BROKEN:
        return True
    return False
