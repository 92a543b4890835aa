"""The codecs int8 and int4 in a real store: bit for bit what was packed, and nearly what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

import reweaving
from families import make, tokenizer, tokens
from reweaving import Memory, ReweavingConfig
from reweaving.errors import ConfigurationError, InputError

TEXT = "my cat is called Tom and lives in Rome, the dog is called Rex"


def _bytes(entries: list[Any]) -> list[bytes]:
    return [s.numpy().tobytes() for e in entries for s in (*(e.keys or ()), *(e.values or ()))]


@pytest.mark.parametrize("codec", ["int8", "int4"])
def test_a_store_keeps_what_was_packed(codec: Any, tmp_path: Path) -> None:
    model, words = make("llama", "sdpa"), tokenizer()
    with (
        Memory.open(tmp_path / "one") as memory,
        reweaving.attach(model, words, memory, ReweavingConfig(codec=codec)) as woven,
    ):
        kept = woven.remember(TEXT)
        memory.export(tmp_path / "archive.zip")
    assert {entry.codec for entry in kept} == {codec}
    with Memory.open(tmp_path / "one") as memory:
        loaded = memory.get_many([entry.id for entry in kept])
        assert _bytes(loaded) == _bytes(kept)
        assert not memory.verify().damaged
    with Memory.open(tmp_path / "two") as other:
        other.load(tmp_path / "archive.zip")
        assert _bytes(other.get_many([entry.id for entry in kept])) == _bytes(kept)


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "qwen3", "gpt2", "gemma3"])
@pytest.mark.parametrize(("codec", "most"), [("int8", 0.02), ("int4", 0.3)])
def test_woven_is_nearly_one_pass(name: str, codec: Any, most: float) -> None:
    model = make(name, "eager")
    read, asked = tokens(40, seed=1), tokens(9, seed=2)
    expected = model(torch.cat([read, asked], 1)).logits[:, 40:].log_softmax(-1)
    plain = model(asked).logits.log_softmax(-1)
    with (
        reweaving.attach(model, config=ReweavingConfig(codec=codec)) as woven,
        woven.weaving(woven.capture(read)),
    ):
        got = model(asked).logits.log_softmax(-1)

    def divergence(other: torch.Tensor) -> float:
        return float((expected.exp() * (expected - other)).sum(-1).mean())

    assert divergence(got) <= most * divergence(plain)


def test_what_reads_residual_states_refuses_them() -> None:
    from reweaving.adapters.resolve import resolve_adapter
    from reweaving.capture.entries import resolve_codec

    with pytest.raises(ConfigurationError, match="int8"):
        resolve_codec("int8", resolve_adapter(make("llama")), residual=True)


def test_bytes_are_no_states_of_another_codec() -> None:
    model = make("llama", "sdpa")
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, None, memory, ReweavingConfig(codec="int8")) as woven,
    ):
        (entry,) = woven.capture(tokens(20))
        entry.codec = "kv"
        with pytest.raises(InputError, match="uint8"):
            memory.add([entry])
