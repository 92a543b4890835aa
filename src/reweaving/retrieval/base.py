"""What recall reads, what a strategy is, and the table of strategies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import torch

from reweaving.errors import InputError
from reweaving.registry import Registry
from reweaving.retrieval.filters import RecallFilters

if TYPE_CHECKING:
    from reweaving.retrieval.catalogue import Catalogue
    from reweaving.stores.base import KeyState
    from reweaving.types import MemoryEntry


class KeySource(Protocol):
    """What recall needs of a memory; `reweaving.Memory` is one.

    It shows one namespace only, so nothing of another one can reach a score, a mean or a count.
    """

    @property
    def namespace(self) -> str:
        """Whose memory it is."""

    @property
    def generation(self) -> int:
        """Grows with every change of what could be recalled."""

    def entries(self) -> list[MemoryEntry]:
        """All entries without their states."""

    def key_states(self) -> Iterator[KeyState]:
        """Retrieval keys of all entries that have one."""

    def get_many(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries with their states, in the order of `ids`; unknown ids are left out."""

    def expired(self) -> list[str]:
        """Ids of entries whose time has run out by now; asked at every request."""


@dataclass(frozen=True, eq=False)
class RetrievalContext:
    """One request, as recall sees it.

    Parameters
    ----------
    current_sequence_id
        The session that asks; its own spans are found as well unless it is in `exclude_sessions`.
    current_layer_idx
        The key layer, at whose input the states were taken.
    current_hidden_states
        Residual stream of the request's tokens, shape ``(tokens, hidden)`` or ``(1, tokens, hidden)``.
    attention_mask
        Shape ``(tokens,)`` or ``(1, tokens)``; 0 for tokens that do not count.
    sequence_position
        Index of the request's first token in its session.
    retrieval_budget
        Most entries to recall.
    task_type
        What the answer is for; read by strategies that know task types.
    budget_tokens
        Most tokens to recall, all entries together; None for no limit of tokens.
    threshold
        Evidence below which nothing is found; None for the configured one.
    share
        Part of the best span's evidence that a span needs; None for the configured one.
    filters
        Conditions that a span must meet to be found.
    query_text
        The request as text, for word search; may be empty.
    query_words
        The text of each token, from which function words are told; empty where it is not known.
    exclude_sessions, exclude_ids
        What must not be found.
    """

    current_sequence_id: int | str | None
    current_layer_idx: int
    current_hidden_states: torch.Tensor
    attention_mask: torch.Tensor | None = None
    sequence_position: int = 0
    retrieval_budget: int = 10
    task_type: str | None = None
    budget_tokens: int | None = None
    threshold: float | None = None
    share: float | None = None
    filters: RecallFilters = field(default_factory=RecallFilters)
    query_text: str = ""
    query_words: tuple[str, ...] = ()
    exclude_sessions: frozenset[int | str] = field(default_factory=frozenset)
    exclude_ids: frozenset[str] = field(default_factory=frozenset)

    def states(self) -> torch.Tensor:
        """States of the tokens that count, in fp32 on the CPU, shape ``(tokens, hidden)``.

        Raises
        ------
        InputError
            For another shape, or states that are not finite.
        """
        states = self._single(self.current_hidden_states, 2)
        if self.attention_mask is not None:
            states = states[self._single(self.attention_mask, 1).to(states.device) != 0]
        states = states.detach().to("cpu", torch.float32)
        if not bool(torch.isfinite(states).all()):
            raise InputError("the request's states hold NaN or infinity; nothing can be compared")
        return states

    @staticmethod
    def _single(tensor: torch.Tensor, dimensions: int) -> torch.Tensor:
        if tensor.ndim == dimensions + 1 and tensor.shape[0] == 1:
            tensor = tensor[0]
        if tensor.ndim != dimensions:
            raise InputError(
                f"recall serves one request at a time, got a tensor of shape {tuple(tensor.shape)}; "
                "search for each row of a batch by itself"
            )
        return tensor


@dataclass(frozen=True, eq=False)
class Scores:
    """What a strategy thinks of each span of a catalogue.

    Attributes
    ----------
    rank
        Orders the spans; higher is better, the scale is the strategy's own. Shape ``(spans,)``.
    evidence
        How well the request's content is met by the span, on one scale for stores of all sizes: what
        the gate compares with its threshold. Shape ``(spans,)``.
    parts
        What each criterion adds to `rank`, by its name, each ``(spans,)``; together they are `rank`.
    """

    rank: torch.Tensor
    evidence: torch.Tensor
    parts: Mapping[str, torch.Tensor] = field(default_factory=dict)

    def explanation(self, span: int) -> dict[str, float]:
        """What each criterion adds to the rank of one span."""
        return {name: float(part[span]) for name, part in self.parts.items()}


class RetrievalStrategy(ABC):
    """A way to score all spans of a namespace for one request.

    Life: `Recall` makes it once, without arguments, and for each request calls `score`, lets the gate
    choose, and calls `arrange` with what has passed, on the thread of the request. Where the prompt
    turns out to hold some of that still, gate and `arrange` are asked again without it, and `score` too
    where it `heeds_exclusions`. It keeps nothing between calls: what belongs to the spans is kept by the
    `Catalogue`, which is made anew when the memory changes.
    """

    @abstractmethod
    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """Score every span of a catalogue that holds at least one."""

    def heeds_exclusions(self) -> bool:
        """Whether `score` depends on what a request excludes; scores that do not are kept when more is."""
        return True

    def arrange(
        self,
        context: RetrievalContext,  # noqa: ARG002 - for strategies that look at the request again
        catalogue: Catalogue,  # noqa: ARG002 - for strategies that compare spans with each other
        scores: Scores,
        passed: torch.Tensor,
    ) -> tuple[Scores, torch.Tensor]:
        """Put what has passed the gate in another order; left as it is unless a strategy says otherwise.

        Parameters
        ----------
        passed
            Indices of spans, best first, shape ``(passed,)``.

        Returns
        -------
        scores, passed
            In agreement with each other: ranks fall along the new order.
        """
        return scores, passed


STRATEGIES: Registry[type[RetrievalStrategy]] = Registry(
    "strategy",
    {
        "semantic_similarity": "reweaving.retrieval.semantic_similarity:SemanticSimilarity",
        "lexical": "reweaving.retrieval.lexical:Lexical",
        "fused": "reweaving.retrieval.fusion:Fused",
        "contextual_relevance": "reweaving.retrieval.contextual_relevance:ContextualRelevance",
        "multi_criteria": "reweaving.retrieval.multi_criteria:MultiCriteria",
        "hierarchical": "reweaving.retrieval.hierarchical:Hierarchical",
        "task_specific": "reweaving.retrieval.task_specific:TaskSpecific",
        "hybrid_ensemble": "reweaving.retrieval.hybrid_ensemble:HybridEnsemble",
    },
    group="reweaving.strategies",
)
