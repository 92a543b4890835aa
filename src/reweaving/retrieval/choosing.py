"""Which spans of a catalogue may be chosen, and the best of them that fit the budgets."""

from __future__ import annotations

from collections.abc import Collection

import torch

from reweaving.memory.duplicates import saying
from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.catalogue import Catalogue


def best_within(catalogue: Catalogue, passed: torch.Tensor, context: RetrievalContext) -> list[int]:
    """The best of the spans that fit both budgets together."""
    chosen: list[int] = []
    said: dict[tuple[str, ...], int] = {}  # what stands alone, and its place among the chosen
    room = context.budget_tokens
    for at in passed.tolist():
        if len(chosen) == context.retrieval_budget or room == 0:
            break
        span, words = catalogue.spans[at], saying(catalogue.spans[at].text)
        again = said.get(words) if words else None
        freed = 0 if again is None else catalogue.spans[chosen[again]].tokens
        if room is not None and span.tokens > room + freed:
            continue
        if again is not None and span.timestamp <= catalogue.spans[chosen[again]].timestamp:
            continue  # said once more: it counts once, where it was said last
        if room is not None:
            room -= span.tokens - freed
        if again is not None:
            chosen[again] = at
            continue
        said[words] = len(chosen)
        chosen.append(at)
    return chosen


def allowed_spans(
    catalogue: Catalogue, context: RetrievalContext, expired: Collection[str]
) -> torch.Tensor:
    """Which spans hold at this moment, meet the conditions and fit the budget alone, ``(spans,)``."""
    allowed = torch.ones(len(catalogue), dtype=torch.bool)
    if context.budget_tokens is not None:
        allowed = catalogue.lengths <= context.budget_tokens
    barred = context.exclude_ids.union(expired)
    if context.exclude_sessions or barred or context.filters.are_set:
        for at, span in enumerate(catalogue.spans):
            if (
                span.session in context.exclude_sessions
                or span.id in barred
                or not context.filters.admits(span)
            ):
                allowed[at] = False
    for at, successor in catalogue.superseded:
        if successor not in expired:
            allowed[at] = False
    return allowed
