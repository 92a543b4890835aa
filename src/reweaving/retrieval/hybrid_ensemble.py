"""Several ways to search, each with a vote: reciprocal-rank fusion."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.fusion import reciprocal_ranks
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.recency import Recency
from reweaving.retrieval.semantic_similarity import SemanticSimilarity

_TEXT = SemanticSimilarity("text")


@dataclass(frozen=True)
class HybridEnsemble(RetrievalStrategy):
    """Adds the reciprocal ranks of states, words, recency and, where there is an embedder, texts.

    Ranks need no common scale, so voters that know nothing of each other can be added; what a rank
    forgets is by how much a span is ahead.

    Parameters
    ----------
    voters
        Strategies and their weights. Recency knows nothing of the request: it has a tenth of a vote,
        which decides among spans that the others cannot tell apart.
    text_weight
        Of the text embedder's vote.
    """

    voters: tuple[tuple[RetrievalStrategy, float], ...] = field(
        default=((SemanticSimilarity("states"), 1.0), (Lexical(), 1.0), (Recency(), 0.1))
    )
    text_weight: float = 1.0

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is the sum of weighted reciprocal ranks; ``evidence`` the first voter's."""
        voters = list(self.voters)
        if catalogue.texts is not None:
            voters.append((_TEXT, self.text_weight))
        parts: dict[str, torch.Tensor] = {}
        evidence = None
        for voter, weight in voters:
            scores = voter.score(context, catalogue)
            evidence = scores.evidence if evidence is None else evidence
            name = "+".join(scores.parts) or type(voter).__name__
            parts[name] = weight * reciprocal_ranks(scores.rank)
        total = torch.stack(list(parts.values())).sum(dim=0)
        return Scores(total, torch.zeros_like(total) if evidence is None else evidence, parts)
