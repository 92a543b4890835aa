"""Word search over texts that no disk may show: SQLite's word index, in RAM."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import apsw

from reweaving.stores import lexicon

# The same tokenizer as the index on disk, so that an encrypted store finds what a plain one finds.
_SCHEMA = """
CREATE TABLE entries (number INTEGER PRIMARY KEY, namespace TEXT, id TEXT, text TEXT);
CREATE VIRTUAL TABLE lexicon USING fts5 (
    text, content = 'entries', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
"""


class RamWords:
    """The words of one namespace at one generation; made anew when either is another one.

    Life: made by a store with encrypted texts, which calls `search` under its own lock, and drops
    it when it is closed.
    """

    def __init__(self) -> None:
        self._built: tuple[str, int] | None = None
        self._connection: apsw.Connection | None = None

    def search(
        self,
        namespace: str,
        generation: int,
        texts: Callable[[], Iterable[tuple[str, str]]],
        text: str,
        limit: int,
    ) -> list[tuple[str, float]]:
        """Ids and BM25 scores, best first, as `lexicon.search` gives them.

        Parameters
        ----------
        generation
            Of the namespace; the index is kept while it stays.
        texts
            Called when the index is built: every entry's id and text, in the order of the store.
        """
        if self._built != (namespace, generation) or self._connection is None:
            self._connection = _index(namespace, texts())
            self._built = (namespace, generation)
        return lexicon.search(self._connection, namespace, text, limit)


def _index(namespace: str, texts: Iterable[tuple[str, str]]) -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(_SCHEMA)
    lexicon.install(connection)
    connection.executemany(
        "INSERT INTO entries (namespace, id, text) VALUES (?, ?, ?)",
        [(namespace, entry_id, text) for entry_id, text in texts],
    )
    connection.execute("INSERT INTO lexicon (lexicon) VALUES ('rebuild')")
    return connection
