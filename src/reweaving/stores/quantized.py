"""Keys and values in 8 or 4 bits: per-group scales, keys by channel, values by token, outliers kept apart.

A key's channels differ in size by orders of magnitude and keep it from token to token, values have no such channels:
so keys share a scale along a channel, values within a token (KIVI, Liu et al., 2024, §3.1). Keys are taken before
rotation, which would mix channels, and the few numbers that would stretch a group's range are kept apart (KVQuant,
Hooper et al., 2024, §3.2 and §3.4). A packed tensor says by itself how it is to be read.
"""

from __future__ import annotations

import struct
from typing import Literal

import torch

from reweaving.errors import DamagedEntryError, InputError

BITS = {"int8": 8, "int4": 4}
"""Codec to bits for each number."""

Side = Literal["key", "value"]

_FORMAT = 1
_HEADER = struct.Struct(
    "<4sBBBBHHHHI"
)  # magic, format, bits, axis, dtype, heads, tokens, width, -, outliers
_MAGIC = b"RWQ1"
_DTYPES = (torch.float32, torch.float16, torch.bfloat16)
_SHORTEST = 8  # in fewer tokens a scale for each channel costs more than it saves
_OUTLIERS = {8: 0.0, 4: 0.0025}
_OCTAVE, _SCALE_ZERO = (
    8,
    192,
)  # scales are 2 ** ((code - 192) / 8): 2**-24 … 2**7.9, an eighth octave apart
_FARTHEST = 32_000  # zero points are 16-bit


def pack(states: torch.Tensor, codec: str, side: Side) -> torch.Tensor:
    """Quantise one layer's keys or values.

    Parameters
    ----------
    states
        Shape ``(kv_heads, tokens, head_dim)``; keys before rotation.
    codec
        ``"int8"`` or ``"int4"``.
    side
        What they are.

    Returns
    -------
    torch.Tensor
        Bytes, shape ``(bytes,)``, uint8, on the device of `states`.

    Raises
    ------
    InputError
        For another shape or dtype, or states that are not finite.
    """
    if states.ndim != 3 or states.dtype not in _DTYPES or max(states.shape) > 65_535:
        raise InputError(
            f"{codec} keeps keys and values (kv_heads, tokens, head_dim) of {_DTYPES}, got {states.dtype} "
            f"{tuple(states.shape)}"
        )
    if not bool(torch.isfinite(states).all()):
        raise InputError(f"a {side} of codec {codec!r} holds NaN or infinity; nothing was stored")
    bits, numbers = BITS[codec], states.detach().float()
    axis = 1 if side == "key" and states.shape[1] >= _SHORTEST else 2
    places = _outliers(numbers, axis, int(_OUTLIERS[bits] * numbers.numel()))  # (outliers,)
    scale_codes, zeros = _groups(numbers, axis, places, 2**bits - 1)
    codes = _codes(numbers, _scales(scale_codes), zeros, 2**bits - 1)
    rest = numbers - _numbers(codes, scale_codes, zeros)
    header = _HEADER.pack(
        _MAGIC, _FORMAT, bits, axis, _DTYPES.index(states.dtype), *states.shape, 0, len(places)
    )
    return torch.cat(
        [
            torch.frombuffer(bytearray(header), dtype=torch.uint8).to(states.device),
            places.to(torch.int32).view(torch.uint8),
            zeros.to(torch.int16).flatten().view(torch.uint8),
            rest.flatten()[places].to(torch.bfloat16).view(torch.uint8),
            scale_codes.flatten(),
            codes.flatten() if bits == 8 else _paired(codes.flatten()),
        ]
    )


def unpack(
    packed: torch.Tensor, device: torch.device | None = None, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """The states of `pack`, as far as their bits tell.

    Parameters
    ----------
    device, dtype
        Where and as what they are wanted; None as they were packed.

    Returns
    -------
    torch.Tensor
        Shape ``(kv_heads, tokens, head_dim)``.

    Raises
    ------
    DamagedEntryError
        For bytes that `pack` did not write, or in a format of a later version.
    """
    bits, axis, kind, shape, outliers = _read_header(packed)
    heads, tokens, width = shape
    groups = (heads, 1, width) if axis == 1 else (heads, tokens, 1)
    count, size = heads * width if axis == 1 else heads * tokens, heads * tokens * width
    parts = (4 * outliers, 2 * count, 2 * outliers, count, size if bits == 8 else (size + 1) // 2)
    body = packed[_HEADER.size :].to(device)
    if body.numel() != sum(parts):
        raise _unreadable(f"it has {body.numel()} bytes where {sum(parts)} were written")
    # Cloned: a view of other numbers must begin where they may begin.
    places, zeros, rest, scales, codes = (part.clone() for part in body.split(parts))
    levels = codes if bits == 8 else _unpaired(codes)[:size]
    numbers = _numbers(
        levels.view(shape), scales.view(groups), zeros.view(torch.int16).view(groups).float()
    )
    if outliers:
        flat = numbers.view(-1)
        where = places.view(torch.int32).long()
        if int(where.min()) < 0 or int(where.max()) >= size:
            raise _unreadable("an outlier lies outside of it")
        flat[where] += rest.view(torch.bfloat16).float()
    return numbers.to(dtype or kind)


def shape_of(packed: torch.Tensor) -> tuple[int, int, int]:
    """``(kv_heads, tokens, head_dim)`` of packed states, from their header alone."""
    return _read_header(packed)[3]


def _outliers(numbers: torch.Tensor, axis: int, count: int) -> torch.Tensor:
    """Flat places of the numbers that stand out most from their group, ascending."""
    if not count:
        return torch.empty(0, dtype=torch.long, device=numbers.device)
    spread = numbers.std(axis, correction=0, keepdim=True).clamp_min(1e-12)
    away = ((numbers - numbers.mean(axis, keepdim=True)) / spread).abs()
    return away.flatten().topk(count).indices.sort().values


def _groups(
    numbers: torch.Tensor, axis: int, places: torch.Tensor, most: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes of the groups' scales, and their zero points in steps; outliers do not stretch a range."""
    inner = numbers
    if len(places):
        inner = numbers.flatten().clone()
        means = numbers.mean(axis, keepdim=True).expand_as(numbers).flatten()
        inner[places] = means[places]
        inner = inner.view(numbers.shape)
    low, high = inner.amin(axis, keepdim=True), inner.amax(axis, keepdim=True)
    step = torch.maximum((high - low) / most, torch.maximum(low.abs(), high.abs()) / _FARTHEST)
    exact = _SCALE_ZERO + _OCTAVE * step.clamp_min(2.0**-24).log2()
    codes = exact.ceil().clamp(0, 255)
    if bool((exact > 255).any()):
        raise InputError(
            f"states reach {float(numbers.abs().max()):.3g}, too far for a quantised codec; "
            "use the codec 'kv'"
        )
    return codes.to(torch.uint8), (low / _scales(codes)).round()


def _scales(codes: torch.Tensor) -> torch.Tensor:
    return torch.exp2((codes.float() - _SCALE_ZERO) / _OCTAVE)


def _codes(
    numbers: torch.Tensor, scales: torch.Tensor, zeros: torch.Tensor, most: int
) -> torch.Tensor:
    return ((numbers / scales).round() - zeros).clamp(0, most).to(torch.uint8)


def _numbers(codes: torch.Tensor, scale_codes: torch.Tensor, zeros: torch.Tensor) -> torch.Tensor:
    return (codes.float() + zeros) * _scales(scale_codes)


def _paired(codes: torch.Tensor) -> torch.Tensor:
    """Two codes to a byte, the first in the lower half."""
    even = torch.nn.functional.pad(codes, (0, codes.numel() % 2))
    return even[0::2] | (even[1::2] << 4)


def _unpaired(halves: torch.Tensor) -> torch.Tensor:
    return torch.stack([halves & 15, halves >> 4], dim=1).flatten()


def _read_header(
    packed: torch.Tensor,
) -> tuple[int, int, torch.dtype, tuple[int, int, int], int]:
    """Bits, axis, dtype, shape and number of outliers."""
    if packed.dtype != torch.uint8 or packed.ndim != 1 or packed.numel() < _HEADER.size:
        raise _unreadable(f"it is {packed.dtype} {tuple(packed.shape)}")
    magic, version, bits, axis, kind, heads, tokens, width, _, outliers = _HEADER.unpack(
        bytes(packed[: _HEADER.size].tolist())
    )
    if magic != _MAGIC or version > _FORMAT:
        raise _unreadable(
            f"it is of format {version}, and this version reads up to {_FORMAT}: update reweaving"
            if magic == _MAGIC
            else "it does not begin as packed states do"
        )
    if bits not in BITS.values() or axis not in (1, 2) or kind >= len(_DTYPES):
        raise _unreadable(f"it says {bits} bits, axis {axis}, dtype {kind}")
    return bits, axis, _DTYPES[kind], (heads, tokens, width), outliers


def _unreadable(why: str) -> DamagedEntryError:
    return DamagedEntryError(f"packed states cannot be read: {why}", why)
