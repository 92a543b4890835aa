"""Packed states: what comes back, how far it is off, and what they weigh."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from reweaving.errors import DamagedEntryError, InputError
from reweaving.stores.quantized import BITS, Side, pack, shape_of, unpack


def states(shape: tuple[int, int, int], seed: int, dtype: torch.dtype) -> torch.Tensor:
    """Like real keys: channels of very different size and mean."""
    draw = torch.Generator().manual_seed(seed)
    heads, _, width = shape
    sizes = torch.exp(torch.randn(heads, 1, width, generator=draw) * 1.5)
    means = torch.randn(heads, 1, width, generator=draw) * sizes * 3
    return (torch.randn(shape, generator=draw) * sizes + means).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("codec", list(BITS))
@pytest.mark.parametrize("side", ["key", "value"])
@settings(max_examples=15, deadline=None)
@given(
    shape=some.tuples(some.integers(1, 3), some.integers(1, 40), some.integers(1, 33)),
    seed=some.integers(0, 99),
)
def test_every_number_is_within_half_a_step_of_its_group(
    codec: str, side: Side, dtype: torch.dtype, shape: tuple[int, int, int], seed: int
) -> None:
    given_states = states(shape, seed, dtype)
    packed = pack(given_states, codec, side)
    got = unpack(packed)
    assert (got.dtype, got.shape, shape_of(packed)) == (dtype, given_states.shape, shape)
    axis = 1 if side == "key" and shape[1] >= 8 else 2
    numbers = given_states.double()
    reach = numbers.amax(axis, keepdim=True) - numbers.amin(axis, keepdim=True)
    largest = numbers.abs().amax(axis, keepdim=True)
    # A step is at most an eighth octave coarser than the range asks for, or as fine as zero points allow; a zero
    # point is rounded as well, and rounding to the dtype comes on top.
    step = 2**0.125 * torch.maximum(reach / (2 ** BITS[codec] - 1), largest / 32_000)
    slack = {torch.float32: 1e-5, torch.float16: 1e-3, torch.bfloat16: 8e-3}[dtype]
    assert ((got.double() - numbers).abs() <= step + slack * largest + 1e-6).all()


@pytest.mark.parametrize("codec", list(BITS))
def test_what_is_loaded_can_be_packed_again_without_moving_far(codec: str) -> None:
    once = unpack(pack(states((2, 32, 16), 0, torch.float32), codec, "key"))
    twice = unpack(pack(once, codec, "key"))
    assert (once - twice).norm() <= 0.1 * once.norm()


def test_keys_by_channel_beat_keys_by_token() -> None:
    keys = states((2, 48, 32), 1, torch.float32)
    per_channel = (unpack(pack(keys, "int4", "key")) - keys).norm()
    per_token = (unpack(pack(keys, "int4", "value")) - keys).norm()
    assert per_channel < 0.3 * per_token


def test_an_outlier_is_kept_and_spoils_nobody_else() -> None:
    values = torch.randn(2, 64, 64, generator=torch.Generator().manual_seed(0))
    values[1, 5, 7] = 300.0
    got = unpack(pack(values, "int4", "value"))
    assert (got[1, 5, 7] - 300.0).abs() <= 1.5  # its rest is kept in bfloat16
    others = torch.ones_like(values, dtype=torch.bool)
    others[1, 5, 7] = False
    assert (got - values)[others].abs().max() <= 0.5


@pytest.mark.parametrize(("codec", "most"), [("int8", 0.53), ("int4", 0.28)])
def test_size_at_the_shape_of_an_8b_model(codec: str, most: float) -> None:
    shape = (8, 64, 128)  # Llama 3.1 8B: eight heads of keys and values, a full span
    made = states(shape, 2, torch.bfloat16)
    packed = pack(made, codec, "key").nbytes + pack(made, codec, "value").nbytes
    assert packed <= most * 2 * made.nbytes


def test_damage_and_later_formats_are_named() -> None:
    packed = pack(states((2, 16, 8), 0, torch.float32), "int4", "key")
    with pytest.raises(DamagedEntryError, match="bytes"):
        unpack(packed[:-1])
    later = packed.clone()
    later[4] = 9
    with pytest.raises(DamagedEntryError, match="format 9"):
        unpack(later)
    with pytest.raises(DamagedEntryError, match="begin"):
        unpack(packed.roll(1))


def test_what_cannot_be_kept_is_refused() -> None:
    with pytest.raises(InputError, match="NaN"):
        pack(torch.full((1, 2, 3), torch.nan), "int8", "key")
    with pytest.raises(InputError, match="too far"):
        pack(torch.randn(1, 16, 4) * 1e12, "int4", "key")
    with pytest.raises(InputError, match="head_dim"):
        pack(torch.zeros(2, 3), "int8", "key")
