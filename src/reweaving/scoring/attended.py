"""What a layer attended to while it read: its own queries and keys, so that no projection is run again."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from reweaving.errors import UnsupportedModelError
from reweaving.scoring.bands import BLOCK_QUERIES, band


@dataclass(frozen=True, eq=False)
class Attended:
    """One layer's queries of a message, and its keys of the session up to there, both at their positions.

    Parameters
    ----------
    module
        The layer's attention module.
    query
        Shape ``(1, heads, queries, head_dim)``.
    key
        Shape ``(1, kv_heads, keys, head_dim)``; the last keys are the queries' own.
    options
        What the model gave its attention function besides.
    """

    module: nn.Module
    query: torch.Tensor
    key: torch.Tensor
    options: Mapping[str, Any]

    def band(self, window: int, tokens: int) -> torch.Tensor | None:
        """Attention of the last `tokens` tokens of the session to each other, averaged over heads.

        Parameters
        ----------
        window
            How many tokens before each query are wanted.
        tokens
            Those of the message, and of its context before it.

        Returns
        -------
        torch.Tensor or None
            Shape ``(1, tokens, window)``, laid out as by `band`, 0 for the context's own queries, which nobody kept;
            None where the layer has let go of some of these keys.
        """
        earlier = tokens - self.query.shape[2]
        if earlier < 0 or self.key.shape[2] < tokens:
            return None
        found = banded_weights(
            self.module, self.query, self.key[:, :, -tokens:], window, earlier, self.options
        )
        return torch.nn.functional.pad(found, (0, 0, earlier, 0))


def joined_attention(chunks: Sequence[Attended | None]) -> Attended | None:
    """What a layer attended to in a message that was read in chunks; None where it was not seen in one of them."""
    known = [chunk for chunk in chunks if chunk is not None]
    if not known or len(known) != len(chunks):
        return None
    query = known[0].query if len(known) == 1 else torch.cat([each.query for each in known], dim=2)
    return replace(known[-1], query=query)


def banded_weights(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    window: int,
    earlier: int,
    options: Mapping[str, Any],
) -> torch.Tensor:
    """Causal attention by the family's eager function, averaged over heads, near the diagonal.

    Parameters
    ----------
    query, key
        Shape ``(batch, heads, queries, head_dim)`` and ``(batch, kv_heads, earlier + queries, head_dim)``.
    window
        How many tokens before each query are wanted.
    earlier
        Keys before the first query's own.

    Returns
    -------
    torch.Tensor
        Float32, shape ``(batch, queries, window)``, laid out as by `band`.

    Raises
    ------
    UnsupportedModelError
        For a family without an eager attention function.
    """
    eager = getattr(sys.modules[type(module).__module__], "eager_attention_forward", None)
    if eager is None:
        raise UnsupportedModelError(
            f"{type(module).__name__} comes without an eager attention function; give the scorer "
            "attention_weights="
        )
    bands = []
    # In blocks, so that a long text takes heads * block * keys and not heads * queries * keys.
    for at in range(0, query.shape[2], BLOCK_QUERIES):
        asked = query[:, :, at : at + BLOCK_QUERIES]
        seen = key[:, :, : earlier + at + asked.shape[2]]  # no query of the block sees further
        bias = _bias(earlier + at, asked, seen.shape[2], options.get("sliding_window"))
        # What is attended to is not looked at: one number of each key stands for the values.
        _, weights = eager(module, asked, seen, seen[..., :1], bias, **options)
        bands.append(band(weights.float().mean(1), window, first_query=earlier + at))
    return torch.cat(bands, dim=1)


def _bias(first: int, query: torch.Tensor, keys: int, window: int | None) -> torch.Tensor:
    """0 for keys that a query sees (not later, within the layer's window), shape ``(1, 1, queries, keys)``."""
    at = torch.arange(first, first + query.shape[2], device=query.device)
    back = at[:, None] - torch.arange(keys, device=query.device)
    hidden = back < 0
    if window is not None:
        hidden |= back >= window
    none = torch.zeros((), dtype=query.dtype, device=query.device)
    return none.masked_fill(hidden, torch.finfo(query.dtype).min)[None, None]
