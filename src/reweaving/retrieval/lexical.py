"""Word search: BM25 on a span, helped by what was said before it in its session."""

from __future__ import annotations

from dataclasses import dataclass

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.episodes import inherit
from reweaving.retrieval.words import stems


@dataclass(frozen=True)
class Lexical(RetrievalStrategy):
    """Scores spans by the stems that they share with the request.

    Parameters
    ----------
    context_share, context_reach
        How much a word in earlier spans of its session counts for a span, and from how far back; see
        `inherit`.
    """

    context_share: float = 0.5
    context_reach: int = 16

    def heeds_exclusions(self) -> bool:
        """No: the words of every span count."""
        return False

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is BM25; ``evidence`` the part of the request's word weight that the span meets."""
        query = stems(context.query_text)
        terms = inherit(
            catalogue.words.terms(query),
            catalogue.previous,
            share=self.context_share,
            reach=self.context_reach,
        )
        rank = terms.sum(dim=0)
        return Scores(rank, catalogue.words.shares(query), {"words": rank})
