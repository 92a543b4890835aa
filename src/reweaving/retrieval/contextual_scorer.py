"""`ContextualRelevanceScorer`: what attention heads would look at, if all of memory lay before them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch

from reweaving.errors import ConfigurationError, InputError

_BLOCK = 2**24  # products that are held at once
_SAMPLE = 4096  # states whose queries are averaged


class HeadProjection(Protocol):
    """Queries and keys of attention heads; `reweaving.adapters.attention_heads.AttentionHeads` is one."""

    def queries(self, states: torch.Tensor) -> torch.Tensor:
        """What each head asks for, of states ``(tokens, hidden)``; ``(heads, tokens, head_dim)``."""

    def keys(self, states: torch.Tensor) -> torch.Tensor:
        """What is offered to the heads, ``(kv_heads, tokens, head_dim)``."""

    def key_of(self, kv_heads: int) -> list[int]:
        """For each head the one of the keys that it reads."""


class StatesAsHeads:
    """Heads without weights: the states themselves, cut into as many parts of equal width.

    Parameters
    ----------
    hidden_size, num_heads
        Width of the states, and number of parts.

    Raises
    ------
    ConfigurationError
        When the width cannot be cut so.
    """

    def __init__(self, hidden_size: int, num_heads: int) -> None:
        if num_heads < 1 or hidden_size % num_heads:
            raise ConfigurationError(
                f"num_heads = {num_heads}: states of {hidden_size} numbers are not cut into so many "
                "parts of equal width"
            )
        self._hidden, self._heads = hidden_size, num_heads

    def queries(self, states: torch.Tensor) -> torch.Tensor:
        """The parts of each state, ``(heads, tokens, head_dim)``."""
        return states.float().reshape(len(states), self._heads, -1).transpose(0, 1)

    keys = queries

    def key_of(self, kv_heads: int) -> list[int]:
        """Each head reads its own part."""
        return list(range(kv_heads))


class ContextualRelevanceScorer:
    """Scores memories by the heads' own products of query and key.

    What a token asks for is taken relative to what the tokens of the memories ask for themselves: the
    rest is the same for every request. A memory is as relevant to a head and a query token as its best
    key is, in standard deviations above the mean of all memories' best keys: heads and tokens differ too
    much in their scales to be added as they are. Tokens that single out a memory count more, by how far
    their best memory stands out.

    Parameters
    ----------
    hidden_size
        Width of the states.
    num_heads
        Into how many heads states are cut where there is no `projection`.
    projection
        A model's heads.

    Raises
    ------
    ConfigurationError
        When the width is no multiple of the number of heads.
    """

    def __init__(
        self, hidden_size: int, num_heads: int = 8, projection: HeadProjection | None = None
    ) -> None:
        self.hidden_size = hidden_size
        self.projection = (
            StatesAsHeads(hidden_size, num_heads) if projection is None else projection
        )

    def score(
        self,
        query: torch.Tensor,
        memories: Sequence[torch.Tensor],
        shares: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """How relevant each memory is, ``(memories,)``.

        Parameters
        ----------
        query
            States of the request, ``(tokens, hidden)``.
        memories
            States of each memory, ``(tokens, hidden)``.
        shares
            How much each query token may count, ``(tokens,)``; None for all alike.

        Raises
        ------
        InputError
            For states of another width.
        """
        if any(states.shape[-1] != self.hidden_size for states in (query, *memories)):
            raise InputError(f"all states must have hidden_size = {self.hidden_size} numbers")
        if not memories:
            return torch.empty(0)
        every = torch.cat([states.float() for states in memories])
        return self.relevance(
            query,
            self.projection.keys(every),
            [len(states) for states in memories],
            typical_queries(self.projection, every),
            shares,
        )

    def relevance(
        self,
        query: torch.Tensor,
        keys: torch.Tensor,
        lengths: Sequence[int],
        typical: torch.Tensor,
        shares: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """`score` for what is projected already.

        Parameters
        ----------
        query, shares
            As for `score`.
        keys, lengths
            Keys of all memories, ``(kv_heads, total_tokens, head_dim)``, and how many each has.
        typical
            From `typical_queries`.
        """
        queries = self.projection.queries(query) - typical  # (heads, tokens, head_dim)
        counts = torch.ones(queries.shape[1]) if shares is None else shares
        total = torch.zeros(len(lengths))
        for head, kv_head in enumerate(self.projection.key_of(len(keys))):
            step = max(_BLOCK // max(keys.shape[1], 1), 1)
            for first in range(0, queries.shape[1], step):
                asked = queries[head, first : first + step]
                best = _best_products(asked, keys[kv_head], lengths)  # (tokens, memories)
                deviation = best.std(dim=1, unbiased=False, keepdim=True)
                lead = (best - best.mean(dim=1, keepdim=True)) / deviation.clamp_min(1e-6)
                total += counts[first : first + step] @ (lead * lead.amax(dim=1, keepdim=True))
        return total / (len(queries) * counts.sum().clamp_min(1e-6))


def typical_queries(projection: HeadProjection, states: torch.Tensor) -> torch.Tensor:
    """Mean of what each head asks for on behalf of states, ``(heads, 1, head_dim)``.

    Of many states an even sample is taken.
    """
    step = max(len(states) // _SAMPLE, 1)
    return projection.queries(states[::step].float()).mean(dim=1, keepdim=True)


def _best_products(
    queries: torch.Tensor, keys: torch.Tensor, lengths: Sequence[int]
) -> torch.Tensor:
    products = (queries @ keys.T).numpy() / keys.shape[1] ** 0.5
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    return torch.from_numpy(np.maximum.reduceat(products, starts, axis=1))
