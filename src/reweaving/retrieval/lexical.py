"""Word search: BM25 on a span, and on the span together with its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.words import stems


@dataclass(frozen=True)
class Lexical(RetrievalStrategy):
    """Scores spans by the stems that they share with the request."""

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is BM25; ``evidence`` the part of the request's word weight that the span meets."""
        query = stems(context.query_text)
        return Scores(catalogue.words.scores(query), catalogue.words.shares(query))
