"""Attention over a laid-out scene without the pairs that may not see each other.

Most of a scene's (token, token) pairs are masked. Here blocks attend inside themselves, and each
request attends to what is woven and to itself: the same result as the dense mask at about a quarter
of the cost. Used for training plain rotary decoders; other families take the dense mask.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import scaled_dot_product_attention

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    blocks_bias : Tensor, (groups, width, width)
        Added to the scores: 0 where a row sees another one, else the lowest number.
    requests : Tensor, (requests, length)
        Rows of each request, padded likewise.
    memory : Tensor, (slots,)
        Rows that some request sees besides its own.
    requests_bias : Tensor, (requests, length, slots + length)
    order : Tensor, (tokens,)
        Where each row's result lies in [blocks flattened, requests flattened].
    woven : Tensor, (requests, slots, 2)
        1 for the woven rows that answer a request, and for those it sees that do not.
    saying : Tensor of bool, (requests, length)
        Rows that predict a token of an answer.
    looked_up : dict of int to Tensor
        For each layer in it, filled while attending: attention of the `saying` rows summed over all
        heads, on either kind of woven rows; (rows, 2).
    """

    blocks: Tensor
    blocks_bias: Tensor
    requests: Tensor
    memory: Tensor
    requests_bias: Tensor
    order: Tensor
    woven: Tensor
    saying: Tensor
    looked_up: dict[int, Tensor] = field(default_factory=dict)

    def to(self, device: torch.device) -> ScenePlan:
        """Return the same plan on `device`."""
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "looked_up"}
        return replace(self, **{name: tensor.to(device) for name, tensor in tensors.items()})


def register() -> None:
    """Make the attention known to transformers under `NAME`; needed once per process."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, scene_attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def plan_scene(layout: Layout, dtype: torch.dtype, watched: Sequence[int] = ()) -> ScenePlan:
    """Turn a layout into padded tables for scores of that dtype; `watched` layers fill `looked_up`."""
    visible = layout.visible
    split = layout.memory_groups
    blocks, blocks_mask, at = _table(layout.groups[:split], visible)
    requests, own, at_request = _table(layout.groups[split:], visible)
    edge = layout.groups[split][0] if split < len(layout.groups) else len(visible)
    memory = visible[edge:, :edge].any(dim=0).nonzero()[:, 0]  # (slots,)
    seen = visible[requests][:, :, memory]  # (requests, length, slots)
    order = torch.cat([at, at_request + blocks.numel()])
    sinks = [first for first, stop in layout.groups[:split] if stop == first + 1]
    reached = seen.any(dim=1) & ~torch.isin(memory, torch.tensor(sinks, dtype=torch.long))
    answering = layout.answered_by[:, memory] & reached  # (requests, slots)
    return ScenePlan(
        blocks,
        _bias(blocks_mask, dtype),
        requests,
        memory,
        _bias(torch.cat([seen, own], dim=2), dtype),
        order,
        torch.stack([answering, reached & ~answering], dim=2).to(dtype),
        (layout.asked >= 0)[requests],
        dict.fromkeys(watched, torch.zeros(0, 2)),
    )


def _bias(visible: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.zeros(visible.shape, dtype=dtype).masked_fill(~visible, torch.finfo(dtype).min)


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
    module: nn.Module,
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
    q = q * (q.shape[-1] ** -0.5 if scaling is None else scaling)
    of_q, of_k, of_v = (_rows(x, plan.blocks) for x in (q, k, v))
    inner = _within(of_q, of_k, of_v, plan.blocks_bias)
    asked = _with_memory(q, k, v, plan, getattr(module, "layer_idx", -1))
    flat = torch.cat([inner.flatten(0, 1), asked.flatten(0, 1)])
    return flat.index_select(0, plan.order)[None], None


def _rows(x: Tensor, table: Tensor) -> Tensor:
    """Rows of x, (tokens, heads, head_dim), by a table: (groups, length, heads, head_dim)."""
    return x.index_select(0, table.flatten()).view(*table.shape, *x.shape[1:])


def _grouped(q: Tensor, kv_heads: int) -> Tensor:
    """(groups, length, heads, head_dim) as (groups · kv_heads, query heads of each · length, head_dim)."""
    groups, length, heads, width = q.shape
    apart = q.view(groups, length, kv_heads, heads // kv_heads, width).permute(0, 2, 3, 1, 4)
    return apart.reshape(groups * kv_heads, -1, width)


def _within(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Attend within each group; k and v of shape (groups, length, kv_heads, head_dim)."""
    groups, length, heads, width = q.shape
    kv_heads = k.shape[2]
    keys, values = (x.transpose(1, 2).flatten(0, 1) for x in (k, v))
    scores = _grouped(q, kv_heads) @ keys.mT  # (groups · kv_heads, query heads · length, length)
    shaped = scores.view(groups, kv_heads, heads // kv_heads, length, length)
    weights = shaped.add(bias[:, None, None]).softmax(dim=-1).to(v.dtype)
    out = weights.view_as(scores) @ values
    return out.view(groups, heads, length, width).transpose(1, 2)


def _with_memory(q: Tensor, k: Tensor, v: Tensor, plan: ScenePlan, layer: int) -> Tensor:
    """Let each request attend to the memory rows, which all requests share, and to itself."""
    requests, length = plan.requests.shape
    heads, kv_heads, width = q.shape[1], k.shape[1], k.shape[2]
    shape = (requests, kv_heads, heads // kv_heads, length)
    asking = _grouped(
        _rows(q, plan.requests), kv_heads
    )  # (requests · kv, heads of each · length, width)
    own_k, own_v = (_rows(x, plan.requests).transpose(1, 2).flatten(0, 1) for x in (k, v))
    slots_k, slots_v = (x.index_select(0, plan.memory).transpose(0, 1) for x in (k, v))
    whole = asking.view(requests, kv_heads, -1, width).transpose(0, 1).flatten(1, 2)
    far = (whole @ slots_k.mT).view(kv_heads, requests, -1, len(plan.memory)).transpose(0, 1)
    near = asking @ own_k.mT
    scores = torch.cat([far.reshape(*shape, -1), near.view(*shape, -1)], dim=-1)
    weights = scores.add_(plan.requests_bias[:, None, None]).softmax(dim=-1).to(v.dtype)
    of_far, of_near = weights.split([len(plan.memory), length], dim=-1)
    if layer in plan.looked_up:
        mass = of_far.flatten(1, 3).float() @ plan.woven.float()  # (requests, heads · length, 2)
        summed = mass.view(requests, heads, length, 2).sum(dim=1)
        plan.looked_up[layer] = summed[plan.saying]
    by_slots = of_far.flatten(2, 3).transpose(0, 1).flatten(1, 2) @ slots_v
    by_own = of_near.flatten(0, 1).flatten(1, 2) @ own_v
    out = by_slots.view(kv_heads, requests, -1, width).transpose(0, 1)
    both: Tensor = out + by_own.view(requests, kv_heads, -1, width)
    return both.reshape(requests, heads, length, width).transpose(1, 2)
