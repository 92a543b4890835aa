"""`Recall`: from a request's states to the few entries worth weaving."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import torch
from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError
from reweaving.retrieval.base import STRATEGIES, KeySource, RetrievalContext, RetrievalStrategy
from reweaving.retrieval.catalogue import Catalogue, CatalogueReader
from reweaving.retrieval.gate import passing
from reweaving.types import Recollection


class RecallConfig(Settings):
    """How memory is searched.

    Parameters
    ----------
    strategy
        Name of the strategy used unless a request names another one.
    threshold
        Evidence below which nothing is woven; 0 never abstains.
    share
        Part of the best span's evidence that a span needs to be woven beside it.
    limit
        Most spans per request. Near-misses mislead a model, woven or as text: few is better.
    allow_untrusted
        Whether entries in quarantine may be found and woven.
    """

    strategy: str = "fused"
    threshold: float = Field(default=0.2, ge=0.0)
    share: float = Field(default=0.6, ge=0.0, le=1.0)
    limit: int = Field(default=4, gt=0)
    allow_untrusted: bool = False


class Recall:
    """Searches one memory; keeps its keys at hand until the memory changes.

    Parameters
    ----------
    memory
        `reweaving.Memory`, or anything that shows its keys like one.
    config
        Settings; None for the defaults.
    """

    def __init__(self, memory: KeySource, config: RecallConfig | None = None) -> None:
        self.config = config or RecallConfig()
        self._memory = memory
        self._reader = CatalogueReader(memory, allow_untrusted=self.config.allow_untrusted)
        self._strategies: dict[str, RetrievalStrategy] = {}
        self._strategy(self.config.strategy)

    def search(
        self,
        query_states: torch.Tensor,
        query_text: str = "",
        *,
        budget_tokens: int,
        limit: int | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
        query_words: Sequence[str] = (),
        exclude_sessions: Collection[int | str] = (),
        exclude_ids: Collection[str] = (),
    ) -> list[Recollection]:
        """The entries worth weaving into a request, best first; empty when nothing is relevant.

        Parameters
        ----------
        query_states
            Key-layer states of the request's own words, shape ``(tokens, hidden)``.
        query_text
            The request as text, for word search.
        budget_tokens
            Most tokens in all; spans that no longer fit are passed over.
        limit
            Most spans; None for the configured number.
        strategy
            Name in the table of strategies; None for the configured one.
        task_type
            For strategies that know task types.
        query_words
            The text of each of the request's tokens: function words then count little.
        exclude_sessions, exclude_ids
            What must not be found.

        Raises
        ------
        InputError
            For a budget or limit below one, or states that do not fit the stored keys.
        RegistryError
            For an unknown strategy.
        """
        context = RetrievalContext(
            current_sequence_id=None,
            current_layer_idx=0,
            current_hidden_states=query_states,
            retrieval_budget=budget_tokens,
            task_type=task_type,
            query_text=query_text,
            query_words=tuple(query_words),
            exclude_sessions=frozenset(exclude_sessions),
            exclude_ids=frozenset(exclude_ids),
        )
        return self.find(context, limit=limit, strategy=strategy)

    def find(
        self, context: RetrievalContext, *, limit: int | None = None, strategy: str | None = None
    ) -> list[Recollection]:
        """`search` for a request that is already put together."""
        most = self.config.limit if limit is None else limit
        if context.retrieval_budget < 1 or most < 1:
            raise InputError(
                f"budget = {context.retrieval_budget} tokens, limit = {most} spans: "
                "a recall needs at least one of each"
            )
        chosen = self._strategy(strategy or self.config.strategy)
        catalogue = self._reader.latest()
        if not len(catalogue) or not len(context.states()):
            return []
        scores = chosen.score(context, catalogue)
        allowed = _allowed(catalogue, context, frozenset(self._memory.expired()))
        ranked = passing(scores, self.config.threshold, self.config.share, allowed)
        ids = self._cut(catalogue, ranked, context, most)
        found = {entry.id: entry for entry in self._memory.get_many(list(ids))}
        return [
            Recollection(found[key], float(scores.rank[at]))
            for key, at in ids.items()
            if key in found
        ]

    def _strategy(self, name: str) -> RetrievalStrategy:
        if name not in self._strategies:
            self._strategies[name] = STRATEGIES.get(name)()
        return self._strategies[name]

    @staticmethod
    def _cut(
        catalogue: Catalogue, ranked: torch.Tensor, context: RetrievalContext, most: int
    ) -> dict[str, int]:
        """Ids of the best spans that fit the budget together, with their places."""
        chosen: dict[str, int] = {}
        room = context.retrieval_budget
        for at in ranked.tolist():
            span = catalogue.spans[at]
            if span.tokens > room:
                continue
            chosen[span.id] = at
            room -= span.tokens
            if len(chosen) == most or room < 1:
                break
        return chosen


def _allowed(
    catalogue: Catalogue, context: RetrievalContext, expired: Collection[str]
) -> torch.Tensor:
    """Which spans hold at this moment, are not excluded, and fit the budget alone, ``(spans,)``."""
    allowed = catalogue.lengths <= context.retrieval_budget
    barred = context.exclude_ids.union(expired)
    if context.exclude_sessions or barred:
        for at, span in enumerate(catalogue.spans):
            if span.session in context.exclude_sessions or span.id in barred:
                allowed[at] = False
    for at, successor in catalogue.superseded:
        if successor not in expired:
            allowed[at] = False
    return allowed
