"""Attention over a laid-out scene without the pairs that may not see each other.

Most of a scene's (token, token) pairs are masked. Here blocks attend inside themselves, and each
request attends to what is woven and to itself: the same result as the dense mask at about a quarter
of the cost. Used for training plain rotary decoders; other families take the dense mask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import scaled_dot_product_attention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from reweaving.embedded.layout import Layout

NAME = "reweaving_scene"


@dataclass(frozen=True)
class Asked:
    """Requests of about the same length, as padded tables.

    Attributes
    ----------
    rows : Tensor, (requests, length)
        Rows of each request, padded with its first row.
    bias : Tensor, (requests, length, slots + length)
        Added to the scores: 0 where a row sees another one, else the lowest number.
    woven : Tensor, (requests, slots, 2)
        1 for the woven rows that answer a request, and for those it sees that do not.
    """

    rows: Tensor
    bias: Tensor
    woven: Tensor


@dataclass(frozen=True)
class ScenePlan:
    """Which rows of a sequence attend to which, as padded tables of indices.

    Attributes
    ----------
    blocks : list of (rows, bias)
        Blocks and copies of the sink of about the same length: rows of each, (groups, width), padded
        with its first row, and what is added to the scores, (groups, width, width).
    memory : Tensor, (slots,)
        Rows that some request sees besides its own.
    requests : list of Asked
    order : Tensor, (tokens,)
        Where each row's result lies in all tables of blocks and then of requests, flattened.
    saying : Tensor, (rows,)
        Where the rows that predict a token of an answer lie in the tables of requests, flattened.
    answering : Tensor of bool, (rows,)
        Whether anything that those rows see answers their request.
    looked_up : dict of int to Tensor
        For each layer in it, filled while attending: attention of the `saying` rows summed over all
        heads, on woven rows that answer and on those that do not; (rows, 2).
    """

    blocks: list[tuple[Tensor, Tensor]]
    memory: Tensor
    requests: list[Asked]
    order: Tensor
    saying: Tensor
    answering: Tensor
    looked_up: dict[int, Tensor] = field(default_factory=dict)

    def to(self, device: torch.device) -> ScenePlan:
        """Return the same plan on `device`."""
        return ScenePlan(
            [(rows.to(device), bias.to(device)) for rows, bias in self.blocks],
            self.memory.to(device),
            [
                Asked(one.rows.to(device), one.bias.to(device), one.woven.to(device))
                for one in self.requests
            ],
            self.order.to(device),
            self.saying.to(device),
            self.answering.to(device),
            self.looked_up,
        )


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
    edge = layout.groups[split][0] if split < len(layout.groups) else len(visible)
    memory = visible[edge:, :edge].any(dim=0).nonzero()[:, 0]  # (slots,)
    sinks = [first for first, stop in layout.groups[:split] if stop == first + 1]
    no_sink = ~torch.isin(memory, torch.tensor(sinks, dtype=torch.long))  # (slots,)
    order = torch.zeros(len(visible), dtype=torch.long)
    blocks, requests, used = [], [], 0
    for numbers in _alike(layout.groups[:split]):
        rows, mask, at = _table([layout.groups[n] for n in numbers], visible)
        order[rows.flatten()[at]] = at + used
        used += rows.numel()
        blocks.append((rows, _bias(mask, dtype)))
    asked_from = used
    for numbers in _alike(layout.groups[split:]):
        rows, own, at = _table([layout.groups[split + n] for n in numbers], visible)
        order[rows.flatten()[at]] = at + used
        used += rows.numel()
        seen = visible[rows][:, :, memory]  # (requests, length, slots)
        reached = seen.any(dim=1) & no_sink
        answering = layout.answered_by[numbers][:, memory] & reached  # (requests, slots)
        woven = torch.stack([answering, reached & ~answering], dim=2).to(dtype)
        requests.append(Asked(rows, _bias(torch.cat([seen, own], dim=2), dtype), woven))
    says = (layout.asked >= 0).nonzero()[:, 0]  # (rows,)
    return ScenePlan(
        blocks,
        memory,
        requests,
        order,
        order[says] - asked_from,
        layout.answered_by.any(dim=1)[layout.asked[says]],
        dict.fromkeys(watched, torch.zeros(0, 2)),
    )


def _alike(groups: list[tuple[int, int]], stretch: float = 1.4) -> list[list[int]]:
    """Part the numbers of groups by length, so that padding lengthens none by more than `stretch`."""
    parts: list[list[int]] = []
    lengths = [stop - first for first, stop in groups]
    for number in sorted(range(len(groups)), key=lengths.__getitem__):
        if not parts or lengths[number] > stretch * lengths[parts[-1][0]]:
            parts.append([])
        parts[-1].append(number)
    return parts


def _bias(visible: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.zeros(visible.shape, dtype=dtype).masked_fill(~visible, torch.finfo(dtype).min)


def _table(groups: list[tuple[int, int]], visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return rows and mask of groups, padded, and where in the flattened rows each true row lies."""
    width = max(stop - first for first, stop in groups)
    first = torch.tensor([first for first, _ in groups])[:, None]
    length = torch.tensor([stop - first for first, stop in groups])[:, None]
    inside = torch.arange(width)[None, :] < length  # (groups, width)
    rows = torch.where(inside, first + torch.arange(width)[None, :], first)
    mask = visible[rows[:, :, None], rows[:, None, :]] & inside[:, None, :]
    mask = mask | (torch.eye(width, dtype=torch.bool)[None] & ~inside[:, :, None])
    return rows, mask, inside.flatten().nonzero()[:, 0]


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
    parts = []
    for rows, bias in plan.blocks:
        of_q, of_k, of_v = (_rows(x, rows) for x in (q, k, v))
        parts.append(_within(of_q, of_k, of_v, bias))
    watched = getattr(module, "layer_idx", -1) in plan.looked_up
    slots = tuple(x.index_select(0, plan.memory).transpose(0, 1) for x in (k, v))
    masses = []
    for asked in plan.requests:
        out, mass = _with_memory(q, k, v, slots, asked, watched)
        parts.append(out)
        masses.append(mass)
    if watched:
        plan.looked_up[module.layer_idx] = torch.cat(masses).index_select(0, plan.saying)  # type: ignore[index]
    flat = torch.cat([part.flatten(0, 1) for part in parts])
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


def _with_memory(
    q: Tensor, k: Tensor, v: Tensor, slots: Sequence[Tensor], asked: Asked, watched: bool
) -> tuple[Tensor, Tensor]:
    """Let requests attend to the memory rows, which all of them share, and each to itself.

    Returns
    -------
    Tensor, (requests, length, heads, head_dim)
    Tensor, (requests · length, 2)
        Attention on woven rows that answer and on those that do not, where `watched`; else empty.
    """
    requests, length = asked.rows.shape
    heads, kv_heads, width = q.shape[1], k.shape[1], k.shape[2]
    slots_k, slots_v = slots  # (kv_heads, slots, head_dim)
    count = slots_k.shape[1]
    shape = (requests, kv_heads, heads // kv_heads, length)
    asks = heads // kv_heads * length  # query rows of a request that share a key head
    asking = _grouped(_rows(q, asked.rows), kv_heads)
    own_k, own_v = (_rows(x, asked.rows).transpose(1, 2).flatten(0, 1) for x in (k, v))
    whole = asking.view(requests, kv_heads, asks, width).transpose(0, 1).flatten(1, 2)
    far = (whole @ slots_k.mT).view(kv_heads, requests, asks, count).transpose(0, 1)
    near = asking @ own_k.mT  # (requests · kv_heads, query heads · length, length)
    scores = torch.cat([far.reshape(*shape, count), near.view(*shape, length)], dim=-1)
    weights = scores.add_(asked.bias[:, None, None]).softmax(dim=-1).to(v.dtype)
    of_far, of_near = weights.split([count, length], dim=-1)
    mass = torch.zeros(0, 2)
    if watched:
        of_rows = of_far.flatten(1, 3).float() @ asked.woven.float()
        mass = of_rows.view(requests, heads, length, 2).sum(dim=1).flatten(0, 1)
    by_slots = of_far.flatten(2, 3).transpose(0, 1).flatten(1, 2) @ slots_v
    by_own = of_near.flatten(0, 1).flatten(1, 2) @ own_v
    out = by_slots.view(kv_heads, requests, asks, width).transpose(0, 1)
    both: Tensor = out + by_own.view(requests, kv_heads, asks, width)
    return both.reshape(requests, heads, length, width).transpose(1, 2), mass
