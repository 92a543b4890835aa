"""Attention over a laid-out scene without the pairs that may not see each other.

Most of a scene's (token, token) pairs are masked. Here blocks attend inside themselves, and each
request attends to what is woven and to itself: the same result as the dense mask at about a quarter
of the cost. Used for training plain rotary decoders; other families take the dense mask.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import scaled_dot_product_attention

if TYPE_CHECKING:
    from torch import Tensor, nn

    from reweaving.embedded.layout import Layout

NAME = "reweaving_scene"


@dataclass(frozen=True)
class ScenePlan:
    """Which rows of a sequence attend to which, as padded tables of indices.

    Attributes
    ----------
    blocks : Tensor, (groups, width)
        Rows of each block or sink copy, padded with its first row.
    blocks_visible : Tensor of bool, (groups, 1, width, width)
    requests : Tensor, (requests, length)
        Rows of each request, padded likewise.
    memory : Tensor, (slots,)
        Rows that some request sees besides its own.
    requests_visible : Tensor of bool, (requests, 1, length, slots + length)
    order : Tensor, (tokens,)
        Where each row's result lies in [blocks flattened, requests flattened].
    """

    blocks: Tensor
    blocks_visible: Tensor
    requests: Tensor
    memory: Tensor
    requests_visible: Tensor
    order: Tensor

    def to(self, device: torch.device) -> ScenePlan:
        """Return the same plan on `device`."""
        return ScenePlan(*(getattr(self, field.name).to(device) for field in fields(self)))


def register() -> None:
    """Make the attention known to transformers under `NAME`; needed once per process."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, scene_attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def plan_scene(layout: Layout) -> ScenePlan:
    """Turn a layout into padded tables; `layout.groups` lists (first row, row behind the last)."""
    visible = layout.visible
    split = layout.memory_groups
    blocks, blocks_mask, at = _table(layout.groups[:split], visible)
    requests, own, at_request = _table(layout.groups[split:], visible)
    edge = layout.groups[split][0] if split < len(layout.groups) else len(visible)
    memory = visible[edge:, :edge].any(dim=0).nonzero()[:, 0]  # (slots,)
    seen = visible[requests][:, :, memory]  # (requests, length, slots)
    order = torch.cat([at, at_request + blocks.numel()])
    return ScenePlan(
        blocks,
        blocks_mask[:, None],
        requests,
        memory,
        torch.cat([seen, own], dim=2)[:, None],
        order,
    )


def _table(groups: list[tuple[int, int]], visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    width = max((stop - first for first, stop in groups), default=1)
    rows = torch.zeros(len(groups), width, dtype=torch.long)
    places = []
    for number, (first, stop) in enumerate(groups):
        rows[number] = first
        rows[number, : stop - first] = torch.arange(first, stop)
        places.append(torch.arange(stop - first) + number * width)
    mask = visible[rows[:, :, None], rows[:, None, :]]  # (groups, width, width)
    padded = torch.tensor([stop - first for first, stop in groups], dtype=torch.long)[:, None]
    inside = torch.arange(width)[None, :] < padded  # (groups, width)
    mask = mask & inside[:, None, :]
    mask = mask | (torch.eye(width, dtype=torch.bool)[None] & ~inside[:, :, None])
    return rows, mask, torch.cat(places) if places else torch.zeros(0, dtype=torch.long)


def scene_attention(
    module: nn.Module,  # noqa: ARG001 - transformers passes it
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    scene_plan: ScenePlan | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attend as a `ScenePlan` says.

    Parameters
    ----------
    query : Tensor, (1, heads, tokens, head_dim)
    key, value : Tensor, (1, kv_heads, tokens, head_dim)

    Returns
    -------
    Tensor, (1, tokens, heads, head_dim)
    """
    if scene_plan is None:
        out = scaled_dot_product_attention(
            query,
            key,
            value,
            attention_mask,
            is_causal=attention_mask is None,
            scale=scaling,
            enable_gqa=True,
        )
        return out.transpose(1, 2), None
    plan = scene_plan
    q, k, v = (x[0].transpose(0, 1) for x in (query, key, value))  # (tokens, heads, head_dim)
    inner = _attend(q[plan.blocks], k[plan.blocks], v[plan.blocks], plan.blocks_visible, scaling)
    count = len(plan.requests)

    def with_memory(x: Tensor) -> Tensor:
        shared = x[plan.memory].expand(count, -1, -1, -1)  # (requests, slots, kv_heads, head_dim)
        return torch.cat([shared, x[plan.requests]], dim=1)

    asked = _attend(
        q[plan.requests], with_memory(k), with_memory(v), plan.requests_visible, scaling
    )
    flat = torch.cat([inner.flatten(0, 1), asked.flatten(0, 1)])
    return flat[plan.order][None], None


def _attend(q: Tensor, k: Tensor, v: Tensor, visible: Tensor, scaling: float | None) -> Tensor:
    """Attend within each group; all of shape (groups, tokens, heads, head_dim)."""
    repeat = q.shape[2] // k.shape[2]
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    k, v = (x.repeat_interleave(repeat, dim=1) for x in (k, v))
    scale = q.shape[-1] ** -0.5 if scaling is None else scaling
    scores = (q * scale) @ k.transpose(2, 3)  # (groups, heads, tokens, keys)
    weights = scores.masked_fill(~visible, torch.finfo(scores.dtype).min).softmax(dim=-1)
    return (weights.to(v.dtype) @ v).transpose(1, 2)
