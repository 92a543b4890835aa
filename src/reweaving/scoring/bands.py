"""Attention near the diagonal: of every query only the weights on the tokens right before it."""

from __future__ import annotations

import torch

BLOCK_QUERIES = 128
"""Queries whose weights on all keys are held at once."""


def band(rows: torch.Tensor, window: int, first_query: int = 0, first_key: int = 0) -> torch.Tensor:
    """Weights of consecutive queries on the tokens before them.

    Parameters
    ----------
    rows
        Shape ``(batch, queries, keys)``.
    window
        How many tokens before a query.
    first_query, first_key
        Which tokens the first row and the first column stand for.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, queries, window)``; column ``j`` of query ``q`` is key ``q - window + j``. What
        stands for keys before the first column means nothing.
    """
    queries = torch.arange(first_query, first_query + rows.shape[1], device=rows.device)
    keys = keys_of(queries, window) - first_key
    return rows.gather(2, keys.clamp_min(0).expand(rows.shape[0], -1, -1))


def keys_of(queries: torch.Tensor, window: int) -> torch.Tensor:
    """The keys that a band's columns stand for: ``(queries,)`` to ``(queries, window)``."""
    return queries[:, None] - window + torch.arange(window, device=queries.device)


def summed_by_key(banded: torch.Tensor) -> torch.Tensor:
    """Sum over the queries behind each token: ``(batch, seq, window)`` to ``(batch, seq)``."""
    seq, window = banded.shape[1:]
    behind = torch.nn.functional.pad(banded, (0, 0, 0, window))  # (batch, seq + window, window)
    back = torch.arange(1, window + 1, device=banded.device)
    queries = torch.arange(seq, device=banded.device)[:, None] + back  # (seq, window)
    return behind[:, queries, window - back].sum(-1)
