"""Okapi BM25 over the words of all spans."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import torch

_SATURATION = 1.2  # k1
_LENGTH_WEIGHT = 0.75  # b


class WordIndex:
    """Which words occur how often in which document.

    Parameters
    ----------
    documents
        The words of each document.
    standing
        For how many documents each one stands, ``(documents,)``; None for itself alone.
    """

    def __init__(
        self, documents: Sequence[Sequence[str]], standing: torch.Tensor | None = None
    ) -> None:
        self._standing = torch.ones(len(documents)) if standing is None else standing
        self._all = float(self._standing.sum())
        lengths = torch.tensor([float(len(words)) for words in documents])
        mean = max(float(lengths @ self._standing) / self._all, 1.0) if documents else 1.0
        self._norms = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths / mean)
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for at, words in enumerate(documents):
            for word, count in Counter(words).items():
                where, counts = postings.setdefault(word, ([], []))
                where.append(at)
                counts.append(float(count))
        self._postings = {
            word: (torch.tensor(where), torch.tensor(counts))
            for word, (where, counts) in postings.items()
        }

    def weight(self, word: str) -> float:
        """Inverse document frequency, ``ln(1 + (N − n + ½)/(n + ½))``: never negative."""
        having = (
            float(self._standing[self._postings[word][0]].sum()) if word in self._postings else 0
        )
        return math.log(1 + (self._all - having + 0.5) / (having + 0.5))

    def scores(self, query: Iterable[str]) -> torch.Tensor:
        """BM25 of every document (Robertson and Zaragoza, 2009, eq. 3.15), shape ``(documents,)``."""
        return self.terms(query).sum(dim=0)

    def terms(self, query: Iterable[str]) -> torch.Tensor:
        """What each different word of the query adds to the scores, shape ``(words, documents)``."""
        words = list(dict.fromkeys(query))
        added = torch.zeros(len(words), len(self._standing))
        for at, word in enumerate(words):
            if word in self._postings:
                where, counts = self._postings[word]
                saturated = counts * (_SATURATION + 1) / (counts + self._norms[where])
                added[at, where] = self.weight(word) * saturated
        return added

    def shares(self, query: Iterable[str]) -> torch.Tensor:
        """Part of the query's weight whose words occur in each document, in [0, 1]; ``(documents,)``."""
        total, met = 0.0, torch.zeros(len(self._standing))
        for word in dict.fromkeys(query):
            weight = self.weight(word)
            total += weight
            if word in self._postings:
                met[self._postings[word][0]] += weight
        return met / total if total else met
