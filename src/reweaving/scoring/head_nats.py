"""Surprise from the last states of a decoder, without a table of all logits."""

from __future__ import annotations

import torch
from torch.nn import functional

from reweaving.scoring.surprise import SMALLEST_SUM

_BLOCK_TOKENS = (
    4096  # of the vocabulary: their logits for one chunk of text stay in the processor's cache
)


def head_nats(
    states: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, token_ids: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """``-log p`` of each token but the first, and the logits behind the last one.

    The vocabulary is gone through in blocks, of which only the sum of ``exp`` and the logit of the token that came are
    kept (Wijmans et al., "Cut Your Losses in Large-Vocabulary Language Models", 2025, §4.2). A table of logits of 512
    tokens takes longer to write and read again than all else that capturing does.

    Parameters
    ----------
    states
        What goes into the output projection, shape ``(tokens, hidden)``.
    weight, bias
        Of the projection, shape ``(vocab, hidden)`` and ``(vocab,)``.
    token_ids
        Shape ``(tokens,)``.

    Returns
    -------
    nats
        Shape ``(tokens - 1,)``, float32, at least 0.
    last
        Logits behind the last token, shape ``(1, vocab)``.
    """
    asked, wanted = states[:-1], token_ids[1:].to(states.device)
    total = torch.zeros(len(asked), device=states.device)
    chosen = torch.zeros(len(asked), device=states.device)
    for start in range(0, len(weight), _BLOCK_TOKENS):
        stop = min(start + _BLOCK_TOKENS, len(weight))
        of_block = None if bias is None else bias[start:stop]
        logits = functional.linear(
            asked, weight[start:stop], of_block
        ).float()  # (tokens - 1, block)
        places = ((wanted >= start) & (wanted < stop)).nonzero()[:, 0]
        chosen[places] = logits[places, wanted[places] - start]
        total += logits.exp_().sum(-1)
    nats = total.log() - chosen
    odd = ~((total > SMALLEST_SUM) & (total < torch.inf))
    if bool(odd.any()):
        whole = functional.linear(asked[odd], weight, bias).float()
        nats[odd] = functional.cross_entropy(whole, wanted[odd], reduction="none")
    return nats.clamp_min(0.0), functional.linear(states[-1:], weight, bias)
