"""Word search inside one namespace: BM25 over SQLite's word index."""

from __future__ import annotations

import json
import math
import re

import apsw

from reweaving.stores.connection import number, rows

_WORD = re.compile(r"\w+")
_SATURATION = 1.2  # k1 of Okapi BM25 (Robertson and Zaragoza, 2009, eq. 3.15)
_LENGTH_WEIGHT = 0.75  # b


def install(connection: apsw.Connection) -> None:
    """Give the connection the function that reads how often each query word occurs in a row."""
    connection.register_fts5_function("occurrences", _occurrences)


def search(
    connection: apsw.Connection, namespace: str, text: str, limit: int
) -> list[tuple[str, float]]:
    """Ids and BM25 scores of the best entries, best first.

    FTS5's own ``bm25`` counts the documents of the whole index, so scores in one namespace would
    tell of the words of all others. Here only rows of the namespace are counted.
    """
    words = list(dict.fromkeys(_WORD.findall(text.casefold())))
    if not words or limit < 1:
        return []
    query = " OR ".join(f'"{word}"' for word in words)
    matches = rows(
        connection,
        "SELECT entries.id, occurrences(lexicon) FROM lexicon "
        "JOIN entries ON entries.number = lexicon.rowid "
        "WHERE lexicon MATCH ? AND entries.namespace = ? ORDER BY entries.number",
        (query, namespace),
    )
    found = [(entry_id, json.loads(counts)) for entry_id, counts in matches]
    documents = number(connection, "SELECT count(*) FROM entries WHERE namespace = ?", (namespace,))
    scored = _bm25([counts for _, counts in found], documents)
    hits = [(entry_id, score) for (entry_id, _), score in zip(found, scored, strict=True)]
    return sorted(hits, key=lambda hit: -hit[1])[:limit]


def _occurrences(api: apsw.FTS5ExtensionApi, *_: object) -> str:
    """Length of the row in words, then how often each query word occurs in it, as JSON."""
    counts = [
        sum(len(places) for places in api.phrase_locations(phrase))
        for phrase in range(api.phrase_count)
    ]
    return json.dumps([api.column_size(-1), *counts])


def _bm25(found: list[list[int]], documents: int) -> list[float]:
    """Okapi BM25 of each found document; rows are ``[length, count of word 0, …]``.

    The average length is taken over the found documents: those without any query word have no
    score to normalise.
    """
    if not found:
        return []
    mean_length = sum(row[0] for row in found) / len(found)
    weights = []
    for word in range(1, len(found[0])):
        having = sum(row[word] > 0 for row in found)
        weights.append(math.log(1 + (documents - having + 0.5) / (having + 0.5)))
    scores = []
    for length, *counts in found:
        norm = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length / mean_length)
        scores.append(
            sum(
                weight * count * (_SATURATION + 1) / (count + norm)
                for weight, count in zip(weights, counts, strict=True)
            )
        )
    return scores
