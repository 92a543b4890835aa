"""Which spans of a catalogue may be chosen, and the best of them that fit the budgets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import torch

from reweaving.memory.duplicates import saying
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.gate import passing


@dataclass(frozen=True)
class Chosen:
    """One span of a result, as the cache keeps it."""

    id: str
    token_ids: tuple[int, ...]
    score: float
    explanation: Mapping[str, float]


class Choice:
    """Chooses spans for one request, again and again while more of them turn out to be excluded.

    Parameters
    ----------
    catalogue
        What is chosen from; it may be empty.
    strategy
        Scores it: once, unless it `heeds_exclusions`.
    threshold, share
        See `passing`.
    expired
        Ids of spans whose time has run out.

    Attributes
    ----------
    scored_spans
        How many spans were scored so far.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        strategy: RetrievalStrategy,
        threshold: float,
        share: float,
        expired: Collection[str],
    ) -> None:
        self._catalogue, self._strategy, self._expired = catalogue, strategy, expired
        self._threshold, self._share = threshold, share
        self._scores: Scores | None = None
        self.scored_spans = 0

    def best(self, context: RetrievalContext) -> tuple[Chosen, ...]:
        """What passes the gate and fits the budgets, best first."""
        catalogue = self._catalogue
        if not len(catalogue):
            return ()
        allowed = allowed_spans(catalogue, context, self._expired)
        scores = self._scored(context)
        passed = passing(scores, self._threshold, self._share, allowed)
        scores, passed = self._strategy.arrange(context, catalogue, scores, passed)
        return tuple(
            Chosen(
                catalogue.spans[at].id,
                catalogue.spans[at].token_ids,
                float(scores.rank[at]),
                scores.explanation(at),
            )
            for at in best_within(catalogue, passed, context)
        )

    def _scored(self, context: RetrievalContext) -> Scores:
        if self._scores is None or self._strategy.heeds_exclusions():
            self.scored_spans += len(self._catalogue)
            self._scores = self._strategy.score(context, self._catalogue)
        return self._scores


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
