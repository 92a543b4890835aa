"""The relevance gate: what does not meet the request well enough is not woven at all."""

from __future__ import annotations

import torch

from reweaving.retrieval.base import Scores


def passing(scores: Scores, threshold: float) -> torch.Tensor:
    """Indices of the spans whose evidence reaches the threshold, best rank first; may be empty.

    An irrelevant memory is worse than none, so each span is judged, and abstaining is an answer.
    """
    order = torch.argsort(scores.rank, descending=True, stable=True)
    return order[scores.evidence[order] >= threshold]
