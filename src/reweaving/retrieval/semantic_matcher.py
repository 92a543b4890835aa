"""`SemanticMemoryMatcher`: how alike in meaning a request and memories are, by late interaction."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.base import Scores
from reweaving.retrieval.episodes import inherit
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.late_interaction import chance_level, energy, standing_out, weighted


class SemanticMemoryMatcher:
    """Compares states: each state of a query looks for its own best match inside each memory.

    States are centred on the mean of all memories, and a query state counts by how much its best match
    stands out of chance.

    Parameters
    ----------
    hidden_size
        Width of the states.
    similarity_threshold
        Least similarity, in [-1, 1], that `match` lets through.
    sharpness
        Power to which standing out counts; 0 weighs all query states alike.
    context_share, context_reach
        How much of a match in earlier spans of its session a span inherits, and from how far back;
        see `inherit`.

    Raises
    ------
    ConfigurationError
        For a threshold outside [-1, 1].
    """

    def __init__(
        self,
        hidden_size: int,
        similarity_threshold: float = 0.7,
        *,
        sharpness: float = 2.0,
        context_share: float = 0.0,
        context_reach: int = 16,
    ) -> None:
        if not -1 <= similarity_threshold <= 1:
            raise ConfigurationError(
                f"similarity_threshold = {similarity_threshold}: a cosine lies in [-1, 1]"
            )
        self.hidden_size, self.similarity_threshold = hidden_size, similarity_threshold
        self._sharpness = sharpness
        self._context_share, self._context_reach = context_share, context_reach

    def compare(
        self,
        query: torch.Tensor,
        memories: KeyMatrix,
        *,
        counts: torch.Tensor | None = None,
        shares: torch.Tensor | None = None,
        previous: torch.Tensor | None = None,
    ) -> Scores:
        """Similarity and evidence of every memory.

        Parameters
        ----------
        query
            Shape ``(tokens, hidden)``, fp32.
        memories
            Their states.
        counts, shares
            How much each query state may count for the similarity, and for the evidence, ``(tokens,)``;
            None for all alike.
        previous
            For each memory the one before it in its session, ``(spans,)``, -1 for none.

        Returns
        -------
        Scores
            ``rank`` is the similarity, a weighted mean of cosines; ``evidence`` the energy of the
            matches above chance.
        """
        if query.shape[-1] != self.hidden_size:
            raise InputError(
                f"the query's states have {query.shape[-1]} numbers, hidden_size is {self.hidden_size}"
            )
        own = memories.best_matches(query)  # (tokens, spans)
        chance = chance_level(own)
        alike = torch.ones(len(own))
        weights = (alike if counts is None else counts) * standing_out(
            own, chance
        ) ** self._sharpness
        met = own
        if previous is not None:
            met = inherit(own, previous, share=self._context_share, reach=self._context_reach)
        rank = weighted(met, weights)
        evidence = energy(met, chance, alike if shares is None else shares)
        return Scores(rank, evidence, {"similarity": rank})

    def match(
        self, query: torch.Tensor, memories: Sequence[torch.Tensor], k: int | None = None
    ) -> list[tuple[int, float]]:
        """The memories that are alike enough, best first, each as its index and similarity.

        Parameters
        ----------
        query
            Shape ``(tokens, hidden)`` or ``(hidden,)``.
        memories
            Each ``(tokens, hidden)`` or ``(hidden,)``.
        k
            At most so many; None for all.
        """
        if not memories:
            return []
        states = [memory.reshape(-1, memory.shape[-1]) for memory in memories]
        flat = query.detach().to("cpu", torch.float32).reshape(-1, query.shape[-1])
        found = self.compare(flat, KeyMatrix(states)).rank
        order = torch.argsort(found, descending=True, stable=True).tolist()
        kept = [(at, float(found[at])) for at in order if found[at] >= self.similarity_threshold]
        return kept if k is None else kept[:k]
