"""The seams in transformers that let memory in: attention functions, masks, positions.

One attention function and one mask function are registered per backend, under ``reweaving_<backend>``. With nothing
woven they call the backend's own with the arguments they were given, so the plain model stays itself, bit for bit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import nn
from transformers.masking_utils import (
    ALL_MASK_ATTENTION_FUNCTIONS,
    AttentionMaskInterface,
    causal_mask_function,
    sdpa_mask,
)
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, AttentionInterface

from reweaving.adapters.base import BackboneAdapter, tokens_seen
from reweaving.capture.hooks import note_attention, real_tokens
from reweaving.errors import InputError
from reweaving.weaving import two_part
from reweaving.weaving.active import active_weave, current_weave, woven_config
from reweaving.weaving.blend import attention_to_memory
from reweaving.weaving.masks import additive_mask, full_mask, raised_mask

PREFIX = "reweaving_"


def register_backend(base: str) -> str:
    """Make a woven twin of an attention backend known to transformers; returns its name."""
    name = PREFIX + base
    if name not in ALL_ATTENTION_FUNCTIONS:
        AttentionInterface.register(name, partial(_attention, base))
        AttentionMaskInterface.register(name, partial(_mask, base))
    return name


def plain_attention(base: str, module: nn.Module) -> Callable[..., Any]:
    """A backend's own attention function; the family's own one for ``eager``."""
    if base != "eager":
        return ALL_ATTENTION_FUNCTIONS[base]  # type: ignore[no-any-return]
    return sys.modules[type(module).__module__].eager_attention_forward  # type: ignore[no-any-return]


def _attention(
    base: str,
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: Any,
    **kwargs: Any,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    note_attention(module, query, key, kwargs)
    active = active_weave(module)
    if active is None:
        return plain_attention(base, module)(module, query, key, value, attention_mask, **kwargs)  # type: ignore[no-any-return]
    weave, layer = active
    batch, _, queries, _ = query.shape
    memory = weave.keys_values(layer, batch)
    if (
        memory is not None
        and attention_mask is None
        and base == "sdpa"
        and weave.full
        and weave.attention is None
        and weave.blender is None
        and two_part.serves(query, key, memory, kwargs)
    ):
        return two_part.attend(query, key, value, memory, kwargs.get("scaling")), None
    mask = full_mask(weave, attention_mask, batch, queries, key.shape[2], query.device)
    call = _Call(base, module, query, kwargs)
    if memory is None:
        return call(key, value, None if mask is None else mask[..., weave.slots :])
    memory = (memory[0].to(key), memory[1].to(value))
    whole = memory[0]  # (batch, kv_heads, slots, head_dim)
    kept = weave.kept(
        layer,
        batch,
        lambda: attention_to_memory(
            query,
            torch.cat([whole, key], dim=2),
            weave.slots,
            mask,
            call.scaling,
            weave.real_queries,
            kwargs.get("softcap"),
        ),
    )
    if kept is not None:
        memory = (kept.take(memory[0]), kept.take(memory[1]))
        mask = None if mask is None else kept.take_mask(mask, weave.slots)
    slots = memory[0].shape[2]
    joined = torch.cat([memory[0], key], dim=2)  # (batch, kv_heads, kept + keys, head_dim)
    values = torch.cat([memory[1], value], dim=2)  # (batch, kv_heads, kept + keys, head_dim)
    weights: torch.Tensor | None = None

    def attend(nats: float | None) -> torch.Tensor:
        nonlocal weights
        if nats is None:
            return call(key, value, None if mask is None else mask[..., slots:])[0]
        raised = raised_mask(mask, nats, slots, joined)
        output, weights = call(joined, values, raised, weave.attention is not None)
        return output

    output = (
        attend(0.0) if weave.blender is None else weave.blender.integrator.attend(layer, attend)
    )
    if weave.attention is not None and weights is not None:
        seen = weights[..., :slots]
        if kept is not None:
            none = seen.new_zeros(*seen.shape[:3], weave.slots)
            seen = none.scatter(3, kept.slots[:, None, None].expand_as(seen), seen)
        weave.attention.add(seen)
    return output, weights


class _Call:
    """One layer's own attention function over whatever keys and values."""

    def __init__(
        self, base: str, module: nn.Module, query: torch.Tensor, kwargs: dict[str, Any]
    ) -> None:
        self._module, self._query, self._kwargs = module, query, kwargs
        # Dense masks are for dense kernels; soft-capping and learned sinks exist only in the family's own eager one.
        self._eager = (
            base == "eager" or kwargs.get("softcap") is not None or kwargs.get("s_aux") is not None
        )
        given = kwargs.get("scaling")
        self.scaling = query.shape[-1] ** -0.5 if given is None else float(given)

    def __call__(
        self,
        key: torch.Tensor,
        value: torch.Tensor,
        mask: torch.Tensor | None,
        with_weights: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        if self._eager or with_weights:
            mask = additive_mask(mask, self._query.dtype)
            attention = plain_attention("eager", self._module)
        else:
            attention = ALL_ATTENTION_FUNCTIONS["sdpa"]
        return attention(self._module, self._query, key, value, mask, **self._kwargs)  # type: ignore[no-any-return]


def _mask(
    base: str,
    batch_size: int,
    q_length: int,
    kv_length: int,
    q_offset: Any = 0,
    kv_offset: int = 0,
    mask_function: Callable[..., Any] | None = None,
    attention_mask: torch.Tensor | None = None,
    local_size: int | None = None,
    dtype: torch.dtype = torch.float32,
    config: Any = None,
    device: Any = "cpu",
    **kwargs: Any,
) -> Any:
    given = {
        "batch_size": batch_size,
        "q_length": q_length,
        "kv_length": kv_length,
        "q_offset": q_offset,
        "kv_offset": kv_offset,
        "mask_function": mask_function,
        "attention_mask": attention_mask,
        "local_size": local_size,
        "device": device,
    }
    weave = woven_config(config)
    if weave is None or mask_function is None:
        return ALL_MASK_ATTENTION_FUNCTIONS[base](**given, dtype=dtype, config=config, **kwargs)
    padded = attention_mask is not None and not bool(attention_mask.all())
    inside = local_size is None or weave.slots + kv_length + kv_offset <= local_size
    causal = (q_length == 1 and inside) or (
        local_size is None and mask_function is causal_mask_function
    )
    whole = int(q_offset) + q_length == kv_length + kv_offset
    if causal and whole and not padded and weave.full:
        return None  # the attention function knows what each query sees
    dense: Any = sdpa_mask(
        **given, allow_is_causal_skip=False, use_vmap=kwargs.get("use_vmap", False)
    )
    # (batch, 1, queries, keys); now the same rule for the slots, which lie right before each row's first token
    valid = weave.expanded(weave.valid, batch_size).to(device)[
        :, None, None, :
    ]  # (batch, 1, 1, slots)
    first = torch.zeros(batch_size, dtype=torch.long, device=device)
    if attention_mask is not None:
        first = attention_mask.to(torch.int8).argmax(-1).to(device)  # (batch,)
    slot = first[:, None, None, None] + torch.arange(
        -weave.slots, 0, device=device
    )  # (batch, 1, 1, slots)
    rows = torch.arange(batch_size, device=device)[:, None, None, None]
    heads = torch.zeros(1, 1, 1, 1, dtype=torch.long, device=device)
    asked = (
        torch.arange(q_length, device=device)[None, None, :, None] + q_offset
    )  # (1, 1, queries, 1)
    seen = mask_function(rows, heads, asked, slot).expand(batch_size, 1, q_length, -1) & valid
    mask = torch.cat([seen, dense], dim=-1)  # (batch, 1, queries, slots + keys)
    return additive_mask(mask, dtype) if base == "eager" else mask


def _refuse_checkpointing(layer: nn.Module) -> None:
    """Refuse what runs layers again during ``backward()``, where nothing is woven any more."""
    if (
        layer.training
        and torch.is_grad_enabled()
        and getattr(layer, "gradient_checkpointing", False)
    ):
        raise InputError(
            "gradient checkpointing runs layers again during backward(), where nothing is woven: turn it off "
            "with model.gradient_checkpointing_disable() before weaving"
        )


def install_weaving_hooks(adapter: BackboneAdapter) -> list[Any]:
    """A hook that places memory before each request or, where it must, moves the request behind its memory.

    Returns
    -------
    list
        Handles whose ``remove()`` takes the hooks away.
    """
    moved: WeakKeyDictionary[Any, torch.Tensor] = WeakKeyDictionary()

    def before_decoder(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        weave = current_weave(adapter)
        cache = kwargs.get("past_key_values")
        if cache is not None and tokens_seen(cache) == 0:
            moved.pop(cache, None)  # new or reset: no key stands at a moved position
        shift = None if cache is None else moved.get(cache)  # (batch,)
        if weave is None and shift is None:
            return None
        if weave is not None:
            _refuse_checkpointing(adapter.layers[0])
        given = kwargs.get("input_ids", args[0] if args else None)
        given = kwargs["inputs_embeds"] if given is None else given
        batch, queries, seen = given.shape[0], given.shape[1], tokens_seen(cache)
        positions = kwargs.get("position_ids")
        if positions is None:
            positions = torch.arange(seen, seen + queries, device=given.device)[None]
        positions = positions.expand(batch, -1)  # (batch, queries)
        if weave is not None:
            starts = _first_positions(
                positions, kwargs.get("attention_mask"), queries, seen
            )  # (batch,)
            if adapter.moves_request and shift is None:
                shift = weave.shift(starts, int(positions.max()) + 1)
                if cache is not None:
                    # Its keys keep the positions they began with, so later turns must continue from them.
                    moved[cache] = shift
            ends = starts if shift is None else starts + shift
            if seen == 0 or not weave.placed:
                if weave.blender is not None:
                    ids = given if given.ndim == 2 else given[..., 0]
                    weave.real_queries = real_tokens(ids, kwargs.get("attention_mask"), weave.slots)
                length = int((positions if shift is None else positions + shift[:, None]).max()) + 1
                weave.place(ends, length)
        changed = dict(kwargs)
        if shift is not None:
            # Padding may fall below 0; and nothing lies behind the last learned position.
            last = adapter.trained_length - 1 if adapter.positions == "learned" else None
            changed["position_ids"] = (positions + shift[:, None]).clamp(0, last)
        if weave is not None and changed.get("attention_mask") is None and cache is None:
            # Without a mask, positions would be searched for packed sequences, which memory cannot precede.
            changed["attention_mask"] = torch.ones(batch, queries, device=given.device)
        return args, changed

    return [adapter.decoder.register_forward_pre_hook(before_decoder, with_kwargs=True)]


def _first_positions(positions: torch.Tensor, mask: Any, queries: int, seen: int) -> torch.Tensor:
    """Position of each row's first real token, also when it lies in the cache; shape ``(batch,)``."""
    if mask is None:
        return positions[:, 0] - seen
    if not isinstance(mask, torch.Tensor) or mask.ndim != 2:
        # `generate` turned the padding mask into dense ones (static caches); its positions count from 0.
        return torch.zeros_like(positions[:, 0])
    real = mask.to(positions.device, torch.bool)
    here = (
        real[:, -queries:].to(torch.int8).argmax(-1, keepdim=True)
    )  # (batch, 1): first real query
    before = real[:, : real.shape[1] - queries].sum(-1)  # (batch,): real tokens in the cache
    return positions.gather(1, here)[:, 0] - before
