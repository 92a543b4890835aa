"""Captured states as entries, in the codec that the memory keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.projections import KeysValues
from reweaving.errors import ConfigurationError, InputError
from reweaving.stores.quantized import BITS, pack
from reweaving.types import MemoryEntry

CODECS = ("auto", "hidden", "kv", "replay", "int8", "int4")


def resolve_codec(codec: str, adapter: BackboneAdapter, *, residual: bool = False) -> str:
    """`auto` becomes what takes fewer bytes per layer and token: ``hidden``, or ``kv`` where heads are shared.

    Parameters
    ----------
    residual
        Whether memory is made from the residual stream, which ``kv`` does not keep.

    Raises
    ------
    ConfigurationError
        For a codec of another name, or one that does not keep what is needed.
    """
    if codec not in CODECS:
        raise ConfigurationError(f"codec {codec!r} is not one of {', '.join(CODECS)}")
    if residual:
        if codec == "kv" or codec in BITS:
            raise ConfigurationError(
                f"codec {codec!r} keeps no residual states, which the reconstruction methods 'attention' and 'mlp' "
                "read; use 'hidden', 'replay' or 'auto'"
            )
        return "hidden" if codec == "auto" else codec
    if codec != "auto":
        return codec
    config = adapter.config
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    # At equal size kv wins: it is woven without any projection.
    return "kv" if 2 * heads * width <= config.hidden_size else "hidden"


def keys_and_values(
    states: torch.Tensor, layers: Sequence[int], adapter: BackboneAdapter
) -> list[KeysValues]:
    """Keys before rotation, and values, of a whole reading; one projection for each layer.

    Parameters
    ----------
    states
        Shape ``(layers, tokens, hidden)``.

    Returns
    -------
    list
        For each layer two tensors ``(kv_heads, tokens, head_dim)``.
    """
    pairs = [adapter.project(layer, states[at][None]) for at, layer in enumerate(layers)]
    return [(keys[0], values[0]) for keys, values in pairs]


def encode(
    entry: MemoryEntry, codec: str, pairs: Sequence[KeysValues] | None, start: int
) -> MemoryEntry:
    """Turn a freshly captured entry (codec ``hidden``) into the codec that is kept; changes it in place.

    Parameters
    ----------
    pairs
        Keys and values of the whole reading, layer by layer; None for codecs that keep none.
    start
        Where in it the entry begins.
    """
    if codec == "hidden" or entry.hidden_state is None:
        return entry
    if pairs is not None:
        stop = start + entry.hidden_state.shape[1]
        # Cloned: a slice would keep the whole reading alive.
        whole = torch.contiguous_format
        keys = [keys[:, start:stop].clone(memory_format=whole) for keys, _ in pairs]
        values = [values[:, start:stop].clone(memory_format=whole) for _, values in pairs]
        if codec in BITS:
            keys = [pack(state, codec, "key") for state in keys]
            values = [pack(state, codec, "value") for state in values]
        entry.keys, entry.values = tuple(keys), tuple(values)
    entry.hidden_state = None
    entry.codec = codec
    return entry


def check_finite(states: torch.Tensor, layers: Sequence[int]) -> None:
    """Refuse states that are not numbers before anything is stored.

    Parameters
    ----------
    states
        Shape ``(layers, tokens, hidden)``.

    Raises
    ------
    InputError
        Naming the first layer that holds NaN or infinity.
    """
    # NaN and infinity both show in the sum, which is one pass; only what shows there is looked at one by one.
    if bool(states.flatten(1).sum(1, dtype=torch.float32).isfinite().all()):
        return
    bad = (~torch.isfinite(states)).flatten(1).any(1)  # (layers,)
    if bool(bad.any()):
        layer = layers[int(bad.to(torch.int8).argmax())]
        raise InputError(
            f"the model's states hold NaN or infinity at the input of layer {layer}; nothing was stored. "
            "Check the weights and the dtype (float16 overflows where bfloat16 does not)"
        )


def part_of(entry: MemoryEntry, first: int, stop: int) -> list[MemoryEntry]:
    """The part of an entry of codec ``hidden`` that lies at tokens `first` … `stop - 1` of its session.

    Returns
    -------
    list of MemoryEntry
        One, or none where the entry has no part there.
    """
    begin = max(first - entry.position_idx, 0)
    end = min(stop - entry.position_idx, entry.tokens)
    if begin >= end or entry.hidden_state is None:
        return []
    part = replace(
        entry,
        hidden_state=entry.hidden_state[:, begin:end],  # (layers, tokens, hidden)
        key_state=None,
        position_idx=entry.position_idx + begin,
        token_ids=entry.token_ids[begin:end],
    )
    return [part]
