"""What was said lately: a criterion that knows nothing of the request."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue


@dataclass(frozen=True)
class Recency(RetrievalStrategy):
    """Scores spans by their place in the order of time; a part of other strategies."""

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:  # noqa: ARG002
        """``rank`` is `Catalogue.recency`; being new is no ``evidence`` of anything."""
        rank = catalogue.recency
        return Scores(rank, torch.zeros_like(rank), {"recency": rank})
