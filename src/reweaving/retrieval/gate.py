"""The relevance gate: when memory has nothing to say to a request, nothing is woven."""

from __future__ import annotations

import torch

from reweaving.retrieval.base import Scores


def passing(
    scores: Scores, threshold: float, share: float, allowed: torch.Tensor | None = None
) -> torch.Tensor:
    """Indices of the spans worth weaving, best rank first; empty to abstain.

    An irrelevant memory is worse than none, and a near-miss beside the right span misleads.

    Parameters
    ----------
    scores
        What a strategy found.
    threshold
        Evidence that the best-met span must reach.
    share
        Part of that span's evidence that every other one must reach.
    allowed
        Which spans may be woven at all, ``(spans,)``; what is excluded must not open the gate either.
    """
    order = torch.argsort(scores.rank, descending=True, stable=True)
    if allowed is not None:
        order = order[allowed[order]]
    evidence = scores.evidence[order]
    if not len(order) or float(evidence.max()) < threshold:
        return order[:0]
    return order[evidence >= share * evidence.max()]
