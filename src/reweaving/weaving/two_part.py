"""Attention to memory and to the request's own keys, each by the fast kernel, merged by log-sum-exp.

Softmax over two sets of keys is the mean of the two softmaxes, weighted by ``exp`` of their log-sum-exps (Milakov and
Gimelshein, 2018; FlashAttention-2, §3.1). So woven keys need not be joined with the request's own ones for every layer
and every token, which copies both, and no mask is needed: every query sees all of memory.
"""

from __future__ import annotations

from typing import Any

import torch

KeysValues = tuple[torch.Tensor, torch.Tensor]

# Others change the scores in ways that the kernel does not know.
_KNOWN = {"scaling", "dropout", "is_causal", "sliding_window", "position_ids", "use_cache"}
_DTYPES = (torch.float32, torch.bfloat16, torch.float16)


def serves(query: torch.Tensor, key: torch.Tensor, memory: KeysValues, options: Any) -> bool:
    """Whether `attend` gives what one attention over all keys would give.

    Parameters
    ----------
    query, key
        Shape ``(batch, heads, queries, head_dim)`` and ``(batch, kv_heads, keys, head_dim)``.
    memory
        Woven keys and values ``(batch, kv_heads, slots, head_dim)``; all of them are seen by all queries.
    options
        What the model gives its attention function besides.
    """
    queries, keys = query.shape[2], key.shape[2]
    tracked = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, memory[0]))
    return (
        query.device.type == "cpu"
        and query.dtype in _DTYPES
        and query.dtype == key.dtype == memory[0].dtype
        and query.shape[-1] == memory[1].shape[-1]
        and queries in (1, keys)  # else a causal mask would not begin at the corner
        and not tracked  # the log-sum-exp carries no gradient
        and not options.get("dropout")
        and options.get("is_causal") in (None, True)
        and all(value is None for name, value in options.items() if name not in _KNOWN)
    )


def attend(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    memory: KeysValues,
    scaling: float | None,
) -> torch.Tensor:
    """Attention of a request to memory and, causally, to itself.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, queries, heads, head_dim)``, as attention functions of transformers return it.
    """
    groups = query.shape[1] // key.shape[1]
    batch, heads, queries, width = query.shape
    packed = query.reshape(batch, heads // groups, groups * queries, width)
    to_memory, memory_mass = _kernel(packed, *memory, False, scaling)
    if queries == 1:
        own, own_mass = _kernel(packed, key, value, False, scaling)
    else:
        own, own_mass = _kernel(
            query,
            key.repeat_interleave(groups, 1) if groups > 1 else key,
            value.repeat_interleave(groups, 1) if groups > 1 else value,
            True,
            scaling,
        )
    shape = (batch, heads, queries, width)
    # The kernel lays its output out query by query, which is also how it is handed on: nothing is copied.
    mine, theirs = (
        each.reshape(shape).transpose(1, 2) for each in (own, to_memory)
    )  # (batch, queries, heads, head_dim)
    share = torch.sigmoid(memory_mass.reshape(shape[:3]) - own_mass.reshape(shape[:3]))
    share = share.transpose(1, 2)[..., None]  # (batch, queries, heads, 1)
    return torch.lerp(mine.float(), theirs.float(), share.float()).to(query.dtype)


def _kernel(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    causal: bool,
    scaling: float | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The CPU's flash kernel: output as `query`, log-sum-exp ``(batch, heads, queries)``."""
    output, mass = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, 0.0, causal, scale=scaling
    )
    return output, mass
