"""Keys and values come from the pass that was run anyway, and are those of a projection of its states."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import make, tokenizer, tokens
from reweaving import Memory, ReweavingConfig
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.entries import keys_and_values
from reweaving.capture.hooks import install_capture_hooks
from reweaving.capture.reader import SessionReader


@pytest.mark.parametrize("name", ["llama", "qwen3", "gemma3", "mistral-sliding"])
@pytest.mark.parametrize("length", [30, 1300])
def test_pairs_of_the_pass_are_the_projections_of_its_states(name: str, length: int) -> None:
    adapter = resolve_adapter(make(name, "eager"))
    layers = tuple(range(len(adapter.layers)))
    handles = install_capture_hooks(adapter)
    reader = SessionReader(adapter)
    reading = reader.read(
        reader.begin("one", None, 0), tokens(length)[0].tolist(), layers, pairs=True
    )
    for handle in handles:
        handle.remove()
    assert reading.pairs is not None
    expected = keys_and_values(reading.states, layers, adapter)
    for got, wanted in zip(reading.pairs, expected, strict=True):
        for mine, theirs in zip(got, wanted, strict=True):
            assert mine.shape == theirs.shape
            assert (mine - theirs).abs().max() <= 1e-4


def test_families_without_projections_of_their_own_give_none() -> None:
    adapter = resolve_adapter(make("stablelm"))
    handles = install_capture_hooks(adapter)
    reader = SessionReader(adapter)
    reading = reader.read(reader.begin("one", None, 0), [5, 6, 7], (0, 1), pairs=True)
    for handle in handles:
        handle.remove()
    assert reading.pairs is None


def test_remembering_projects_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make("llama", "sdpa")
    with (
        Memory.open(":memory:") as memory,
        reweaving.attach(model, tokenizer(), memory, ReweavingConfig(codec="kv")) as woven,
    ):
        (known, *_) = woven.remember("my cat is called Tom", session="one")

        def never(*_: object) -> None:
            raise AssertionError("projected again")

        monkeypatch.setattr(woven.adapter, "project", never)
        (entry, *_) = woven.remember("my cat is called Tom", session="two")
        assert all(map(torch.equal, entry.keys or (), known.keys or ()))


@pytest.mark.parametrize("codec", ["hidden", "kv", "replay"])
def test_an_entry_keeps_nothing_alive_but_its_own_states(codec: str) -> None:
    model = make("llama").bfloat16()
    with reweaving.attach(model, config=ReweavingConfig(codec=codec)) as woven:
        for entry in woven.capture(tokens(100)):
            for state in entry.states():
                assert state.untyped_storage().nbytes() == state.nbytes
