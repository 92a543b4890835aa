"""What was said just before a span, in the same session, helps to find it."""

from __future__ import annotations

import torch


def inherit(
    best: torch.Tensor, previous: torch.Tensor, *, share: float, reach: int
) -> torch.Tensor:
    """Let spans answer for words of a request that earlier spans of their session met.

    "About my car." … "It is green." — the second span holds the answer, the first one the word.
    For each query token a span gets the larger of its own best match and ``share`` of the best
    positive match of the ``reach`` spans before it.

    Parameters
    ----------
    best
        Best match of each query token in each span, shape ``(tokens, spans)``.
    previous
        Index of the span before each span in its session, -1 where there is none; ``(spans,)``.
    share
        In [0, 1]; 0 for spans that stand alone.
    reach
        How many spans back.

    Returns
    -------
    torch.Tensor
        Shape ``(tokens, spans)``.
    """
    if share <= 0 or reach < 1:
        return best
    nothing = best.new_full((len(best), 1), float("-inf"))
    padded = torch.cat([best, nothing], dim=1)  # index -1 is "no span"
    links = torch.cat([previous, previous.new_tensor([-1])])
    before = torch.full_like(padded, float("-inf"))
    step = links
    for _ in range(reach):
        if bool((step < 0).all()):
            break
        before = torch.maximum(before, padded[:, step])
        step = links[step]
    inherited = share * before[:, :-1]
    return torch.where(inherited > 0, torch.maximum(best, inherited), best)
