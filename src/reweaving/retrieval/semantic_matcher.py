"""`SemanticMemoryMatcher`: how alike in meaning a request and memories are, by late interaction."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.base import Scores
from reweaving.retrieval.episodes import inherit
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.late_interaction import Matches, energy, weighted


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

    def matches(self, query: torch.Tensor, memories: KeyMatrix) -> Matches:
        """Best match of each query state, ``(tokens, hidden)`` in fp32, inside each memory.

        Raises
        ------
        InputError
            For states of another width.
        """
        if query.shape[-1] != self.hidden_size:
            raise InputError(
                f"the query's states have {query.shape[-1]} numbers, hidden_size is {self.hidden_size}"
            )
        alike = torch.ones(len(query))
        return Matches(memories.best_matches(query), alike, alike)

    def compare(self, matches: Matches, previous: torch.Tensor | None = None) -> Scores:
        """Similarity and evidence of every memory.

        Parameters
        ----------
        matches
            From `matches`, with other counts and shares where tokens do not count alike.
        previous
            For each memory the one before it in its session, ``(spans,)``, -1 for none; None where
            memories stand alone.

        Returns
        -------
        Scores
            ``rank`` is the similarity, a weighted mean of cosines; ``evidence`` the energy of the
            matches above chance.
        """
        met = matches.best
        if previous is not None:
            met = inherit(met, previous, share=self._context_share, reach=self._context_reach)
        rank = weighted(met, matches.weights(self._sharpness))
        evidence = energy(met, matches.chance(), matches.shares)
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
        found = self.compare(self.matches(flat, KeyMatrix(states))).rank
        order = torch.argsort(found, descending=True, stable=True).tolist()
        kept = [(at, float(found[at])) for at in order if found[at] >= self.similarity_threshold]
        return kept if k is None else kept[:k]
