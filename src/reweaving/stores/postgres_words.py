"""Word search inside one namespace: PostgreSQL's full text, stemmed as English."""

from __future__ import annotations

import re
import unicodedata

from reweaving.stores.postgres_tables import Connection

# The server sees plain lower-case words only, so its own parser and its locale, which differ from
# one installation to the next, have nothing left to decide but stems and stop words.
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200  # characters of a word; PostgreSQL leaves out words of 2 KB
_MOST = 200_000  # characters of a text; a tsvector holds 1 MB
_ASKED = 1_000  # words of a query
LEXICON = "to_tsvector('pg_catalog.english', %s)"

_SEARCH = """
SELECT id, ts_rank(lexicon, query, 1) AS score
FROM entries, to_tsquery('pg_catalog.english', %s) AS query
WHERE namespace = %s AND lexicon @@ query
ORDER BY score DESC, number LIMIT %s
"""


def words(text: str) -> list[str]:
    """Words in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(bare)]


def lexical(text: str) -> str:
    """What `LEXICON` is made of."""
    return " ".join(words(text))[:_MOST]


def search(
    connection: Connection, namespace: str, text: str, limit: int
) -> list[tuple[str, float]]:
    """Ids and ``ts_rank`` of the entries with any of the words, best first.

    The rank is computed from the entry alone, so that nothing of other namespaces shows in it; it
    is divided by one plus the logarithm of the entry's length.
    """
    wanted = list(dict.fromkeys(words(text)))[:_ASKED]
    if not wanted or limit < 1:
        return []
    query = " | ".join(f"'{word}'" for word in wanted)
    found = connection.execute(_SEARCH, (query, namespace, limit))
    return [(str(entry_id), float(score)) for entry_id, score in found]
