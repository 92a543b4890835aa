"""How much of memory a request takes in: which tokens each layer keeps, and with what weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from reweaving.weaving.integrate import ReconstructionIntegrator

_LAST_QUERIES = 32
_NEIGHBOURS = 5


@dataclass(frozen=True)
class Kept:
    """The slots that a layer attends to.

    Attributes
    ----------
    slots
        Indices of slots, shape ``(batch, kept)``.
    real
        False where a row keeps fewer than the others, shape ``(batch, kept)``.
    """

    slots: torch.Tensor
    real: torch.Tensor

    def take(self, states: torch.Tensor) -> torch.Tensor:
        """The kept part of keys or values ``(batch, kv_heads, slots, head_dim)``."""
        at = self.slots[:, None, :, None].expand(-1, states.shape[1], -1, states.shape[3])
        return states.gather(2, at.to(states.device))  # (batch, kv_heads, kept, head_dim)

    def take_mask(self, mask: torch.Tensor, slots: int) -> torch.Tensor:
        """The kept part of a mask ``(batch, heads, queries, slots + keys)``, boolean or additive."""
        mask = mask.expand(self.slots.shape[0], -1, -1, -1)
        at = self.slots[:, None, None, :].expand(-1, mask.shape[1], mask.shape[2], -1)
        seen = mask[..., :slots].gather(3, at.to(mask.device))  # (batch, heads, queries, kept)
        real = self.real[:, None, None, :].to(mask.device)
        closed = False if mask.dtype == torch.bool else torch.finfo(mask.dtype).min
        return torch.cat([seen.masked_fill(~real, closed), mask[..., slots:]], dim=-1)


class ContextBlender:
    """Compresses memory to the tokens that the request attends to, and sets its weight.

    Each layer keeps the tokens that the last 32 tokens of the request attend to most, summed over heads and
    averaged over five neighbouring slots (SnapKV, Li et al. 2024, equations 1–3, there for the prompt's own
    keys). The choice is made while the request is read and holds for what is generated after it. The start
    token is always kept: attention parks on it what it has no use for.

    Parameters
    ----------
    layers
        Decoder layers of the model.
    integrator
        How memory is joined with the request's own context; None for a weighted sum.
    memory_weight
        Of that weighted sum; an integrator brings its own.
    max_memory_tokens
        Most tokens in any layer, the start token included; None for no limit.
    compression_ratio
        Share of the woven tokens that layers keep on average. Shares grow linearly from the bottom to the top,
        as memory in lower layers matters least: from ``r - d`` to ``r + d`` with ``d = min(r, 1 - r)``.
    """

    def __init__(
        self,
        layers: int,
        integrator: ReconstructionIntegrator | None = None,
        *,
        memory_weight: float = 0.3,
        max_memory_tokens: int | None = 128,
        compression_ratio: float = 0.6,
    ) -> None:
        self.integrator = integrator or ReconstructionIntegrator(
            layers, memory_weight=memory_weight
        )
        self.max_memory_tokens = max_memory_tokens
        spread = min(compression_ratio, 1.0 - compression_ratio)
        steps = [2 * layer / (layers - 1) - 1 if layers > 1 else 0.0 for layer in range(layers)]
        self.shares: Sequence[float] = [compression_ratio + spread * step for step in steps]

    def tokens_kept(self, layer: int, counts: torch.Tensor) -> torch.Tensor:
        """How many of each row's woven tokens a layer keeps, shape ``(rows,)``; at least one of any."""
        # Rounded first: shares such as 0.6 + 0.4 must not become one token more than all.
        kept = (counts * self.shares[layer]).mul(1e6).round().div(1e6).ceil().long()
        kept = torch.minimum(kept.clamp_min(1), counts)
        return kept if self.max_memory_tokens is None else kept.clamp_max(self.max_memory_tokens)

    def cuts(self, layer: int, counts: torch.Tensor) -> bool:
        """Whether the layer keeps fewer tokens than some row has."""
        return bool((self.tokens_kept(layer, counts) < counts).any())

    def choose(
        self, layer: int, counts: torch.Tensor, valid: torch.Tensor, attention: torch.Tensor
    ) -> Kept:
        """The slots that a layer keeps.

        Parameters
        ----------
        counts
            Woven tokens per row, shape ``(batch,)``.
        valid
            Slots that hold a token, filled from the right, shape ``(batch, slots)``.
        attention
            What the request paid to each slot, shape ``(batch, slots)``; see `attention_to_memory`.
        """
        most = self.tokens_kept(layer, counts)  # (batch,)
        score = torch.nn.functional.avg_pool1d(
            attention[:, None], _NEIGHBOURS, stride=1, padding=_NEIGHBOURS // 2
        )[:, 0]  # (batch, slots)
        start = valid & (valid.cumsum(-1) == 1)
        score = score.masked_fill(start, torch.inf).masked_fill(~valid, -torch.inf)
        kept = score.topk(int(most.max()), dim=-1).indices  # (batch, kept), best first
        real = torch.arange(kept.shape[1], device=kept.device)[None] < most[:, None]
        return Kept(kept, real)


@torch.no_grad()
def attention_to_memory(
    query: torch.Tensor,
    key: torch.Tensor,
    slots: int,
    mask: torch.Tensor | None,
    scaling: float,
    real_queries: torch.Tensor | None = None,
    softcap: float | None = None,
) -> torch.Tensor:
    """Attention that the request's last tokens pay to each slot, summed over heads and queries.

    Parameters
    ----------
    query
        Shape ``(batch, heads, queries, head_dim)``, rotated.
    key
        Slots, then the request's own keys, shape ``(batch, kv_heads, slots + keys, head_dim)``, rotated.
    mask
        Shape ``(batch, 1 or heads, queries, slots + keys)``, boolean or additive; None where all is seen.
    real_queries
        False for padding, shape ``(batch, queries)``; None where there is none.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, slots)``, float32.
    """
    batch, heads, queries, _ = query.shape
    if real_queries is None:
        real_queries = torch.ones(batch, queries, dtype=torch.bool, device=query.device)
    # The last of the real ones, wherever padding lies.
    from_end = real_queries.flip(-1).cumsum(-1).flip(-1)  # (batch, queries)
    votes = real_queries & (from_end <= _LAST_QUERIES)
    first = int(votes.any(0).to(torch.int8).argmax())
    keys = key.repeat_interleave(heads // key.shape[1], dim=1).float()
    total = torch.zeros(batch, slots, device=query.device)
    for at in range(first, queries, _LAST_QUERIES):  # in pieces: a whole prompt's scores are large
        until = min(at + _LAST_QUERIES, queries)
        scores = query[:, :, at:until].float() @ keys.transpose(2, 3) * scaling
        if softcap is not None:
            scores = torch.tanh(scores / softcap) * softcap
        if mask is not None:
            seen = mask[:, :, at:until]
            scores = (
                scores.masked_fill(~seen, torch.finfo(torch.float32).min)
                if mask.dtype == torch.bool
                else scores + seen.float()
            )
        weights = scores.softmax(-1)[..., :slots]  # (batch, heads, queries, slots)
        total += (weights.sum(1) * votes[:, at:until, None]).sum(1)
    return total
