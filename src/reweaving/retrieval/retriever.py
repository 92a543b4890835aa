"""`Recall`: from a request's states to the few entries worth weaving."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError
from reweaving.retrieval.base import STRATEGIES, KeySource, RetrievalContext, RetrievalStrategy
from reweaving.retrieval.cache import CacheKey, RetrievalCache, content_digest
from reweaving.retrieval.candidates import CandidateReader, IndexedSource
from reweaving.retrieval.catalogue import Catalogue, CatalogueReader
from reweaving.retrieval.choosing import Choice, Chosen
from reweaving.retrieval.contextual_scorer import HeadProjection
from reweaving.retrieval.filters import RecallFilters
from reweaving.retrieval.judge import JudgeConfig
from reweaving.retrieval.text_embedder import Embedder, TextEmbedder
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
    embedder
        Folder or name of a sentence-transformers model whose token states are compared as well; None
        for the model's own states and words alone. Needs ``reweaving[embed]``.
    cache_size
        Results kept for requests that come again while nobody writes; 0 for none.
    judge
        What the model itself may be asked about the candidates, where it is calibrated for that.
    """

    strategy: str = "fused"
    threshold: float = Field(default=0.2, ge=0.0)
    share: float = Field(default=0.6, ge=0.0, le=1.0)
    limit: int = Field(default=4, gt=0)
    allow_untrusted: bool = False
    embedder: str | None = None
    cache_size: int = Field(default=1000, ge=0)
    judge: JudgeConfig = Field(default_factory=JudgeConfig)


class Recall:
    """Searches one memory; keeps its keys at hand until the memory changes.

    Parameters
    ----------
    memory
        `reweaving.Memory`, or anything that shows its keys like one.
    config
        Settings; None for the defaults.
    embedder
        A text embedder that is loaded already; None for the configured one, if any.
    heads
        Attention heads of the model at the key layer, for ``contextual_relevance``; None where the model
        is not at hand.
    strategies
        Strategies with settings of their own, by name; all others are made from the table.

    Attributes
    ----------
    cache
        Results of this memory alone.
    scored_spans
        How many spans were scored for all requests so far.
    """

    def __init__(
        self,
        memory: KeySource,
        config: RecallConfig | None = None,
        *,
        embedder: Embedder | None = None,
        heads: HeadProjection | None = None,
        strategies: Mapping[str, RetrievalStrategy] | None = None,
    ) -> None:
        self.config = config or RecallConfig()
        if embedder is None and self.config.embedder is not None:
            embedder = TextEmbedder(self.config.embedder)
        self.cache = RetrievalCache(self.config.cache_size)
        self.scored_spans = 0
        self._memory = memory
        self._reader = CatalogueReader(
            memory,
            allow_untrusted=self.config.allow_untrusted,
            embedder=embedder,
            heads=heads,
        )
        self._strategies: dict[str, RetrievalStrategy] = dict(strategies or {})
        self._candidates = (
            CandidateReader(memory, allow_untrusted=self.config.allow_untrusted, heads=heads)
            if embedder is None and isinstance(memory, IndexedSource)
            else None
        )
        self._strategy(self.config.strategy)

    def search(
        self,
        query_states: torch.Tensor,
        query_text: str = "",
        *,
        budget_tokens: int,
        limit: int | None = None,
        threshold: float | None = None,
        share: float | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
        filters: RecallFilters | Mapping[str, Any] | None = None,
        query_words: Sequence[str] = (),
        exclude_sessions: Collection[int | str] = (),
        exclude_ids: Collection[str] = (),
        held: Callable[[Sequence[int]], bool] | None = None,
        explain: bool = False,
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
        threshold
            Evidence below which nothing is found; None for the configured one.
        share
            Part of the best span's evidence that a span needs; None for the configured one.
        strategy
            Name in the table of strategies; None for the configured one.
        task_type
            For strategies that know task types.
        filters
            Conditions that a span must meet.
        query_words
            The text of each of the request's tokens: function words then count little.
        exclude_sessions, exclude_ids
            What must not be found.
        held
            Tells of a span's token ids whether the prompt holds them still. Such a span opens no gate and
            takes no place: what is found is what would be found without it.
        explain
            Whether each recollection says what each criterion added to its score.

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
            retrieval_budget=self.config.limit if limit is None else limit,
            task_type=task_type,
            budget_tokens=budget_tokens,
            threshold=threshold,
            share=share,
            filters=RecallFilters.of(filters),
            query_text=query_text,
            query_words=tuple(query_words),
            exclude_sessions=frozenset(exclude_sessions),
            exclude_ids=frozenset(exclude_ids),
        )
        return self.find(context, strategy=strategy, held=held, explain=explain)

    def find(
        self,
        context: RetrievalContext,
        *,
        strategy: str | None = None,
        held: Callable[[Sequence[int]], bool] | None = None,
        explain: bool = False,
    ) -> list[Recollection]:
        """`search` for a request that is already put together."""
        _check_budgets(context)
        name = strategy or self.config.strategy
        self._strategy(name)
        if not len(context.states()):
            return []
        expired = frozenset(self._memory.expired())
        # Asked before anything is read: in a large memory, to find candidates is most of the work. What is read
        # behind this look may be newer, never older; then nobody asks for this generation again.
        key = self._key(context, name, self._memory.generation, expired)
        choice: Choice | None = None
        while True:
            found: tuple[Chosen, ...] | None = self.cache.get(key)
            if found is None:
                choice = choice or self._choice(context, self._strategy(name), expired)
                found = choice.best(context)
                self.cache.put(key, found)
            still = [one.id for one in found if held is not None and held(one.token_ids)]
            if not still:
                break
            # Chosen anew without them: they took the places of others.
            context = replace(context, exclude_ids=context.exclude_ids.union(still))
            key = replace(key, conditions=_conditions(context, name, expired))
        self.scored_spans += 0 if choice is None else choice.scored_spans
        entries = {entry.id: entry for entry in self._memory.get_many([one.id for one in found])}
        return [
            Recollection(entries[one.id], one.score, dict(one.explanation) if explain else None)
            for one in found
            if one.id in entries
        ]

    def _catalogue(self, context: RetrievalContext) -> Catalogue:
        """Candidates out of a large memory; everything of a small one, or where an embedder reads texts."""
        found = None if self._candidates is None else self._candidates.catalogue(context)
        return self._reader.latest() if found is None else found

    def _choice(
        self, context: RetrievalContext, strategy: RetrievalStrategy, expired: frozenset[str]
    ) -> Choice:
        return Choice(
            self._catalogue(context),
            strategy,
            self.config.threshold if context.threshold is None else context.threshold,
            self.config.share if context.share is None else context.share,
            expired,
        )

    def _key(
        self, context: RetrievalContext, strategy: str, generation: int, expired: frozenset[str]
    ) -> CacheKey:
        return CacheKey(
            self._memory.namespace,
            generation,
            content_digest(
                context.states(),
                texts=(context.query_text, *context.query_words),
            ),
            _conditions(context, strategy, expired),
        )

    def _strategy(self, name: str) -> RetrievalStrategy:
        if name not in self._strategies:
            self._strategies[name] = STRATEGIES.get(name)()
        return self._strategies[name]


def _conditions(context: RetrievalContext, strategy: str, expired: frozenset[str]) -> str:
    """What a result depends on besides the request's content and the memory's."""
    return repr(
        (
            (strategy, context.task_type, context.filters, context.threshold, context.share),
            (context.retrieval_budget, context.budget_tokens),
            (context.current_sequence_id, context.current_layer_idx),
            sorted(map(repr, context.exclude_sessions)),
            sorted(context.exclude_ids.union(expired)),
        )
    )


def _check_budgets(context: RetrievalContext) -> None:
    entries, tokens = context.retrieval_budget, context.budget_tokens
    if entries < 1 or (tokens is not None and tokens < 1):
        raise InputError(
            f"budget = {tokens} tokens, limit = {entries} spans: a recall needs at least one of each"
        )
