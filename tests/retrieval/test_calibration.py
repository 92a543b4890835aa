"""A calibration belongs to exactly one model, is kept with the memory, and changes nothing without asking."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, ReweavingConfig
from reweaving.errors import ConfigurationError
from reweaving.retrieval import calibration as calibrations
from reweaving.retrieval.calibration import Calibration, find_calibration, likeness
from reweaving.retrieval.calibration_use import recall_settings, settled_key_layer
from reweaving.retrieval.retriever import RecallConfig

MADE = tokenizer()


def calibrated(fingerprint: str = "f", **fields: object) -> Calibration:
    values = {
        "model": "tiny",
        "key_layer": 2,
        "threshold": 0.37,
        "false_weave_rate": 0.05,
        "heads": ((1, 0, 0.9), (0, 1, 0.5)),
        "centre": (0.25, -1.5),
        "judge": {"first": 1.0, "unknown": 2.0, "question": 0.5, "most_unknown": 0.4},
        "figures": {"right_first": 0.9},
    }
    return Calibration(fingerprint=fingerprint, **{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory.open(":memory:") as opened:
        yield opened


def test_what_is_kept_is_what_is_found(memory: Memory) -> None:
    model = make("llama", "sdpa")
    calibrated().keep(memory)
    assert find_calibration(model, "f", memory) == calibrated()
    assert find_calibration(model, "another", memory) is None


def test_a_calibration_in_the_package_is_known_by_its_weights(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make("llama", "sdpa")
    shipped = calibrated(likeness=likeness(model))
    monkeypatch.setattr(calibrations, "_shipped", lambda: (shipped,))
    assert find_calibration(model, "any", memory) == shipped
    half = make("llama", "sdpa").to(torch.bfloat16)
    assert find_calibration(half, "any", memory) == shipped, "the same weights, rounded"
    other = make("llama", "sdpa")
    with torch.no_grad():
        next(p for p in other.parameters() if p.ndim == 2).mul_(1.001)
    assert find_calibration(other, "any", memory) is None
    kept = calibrated("mine", threshold=0.11)
    kept.keep(memory)
    assert find_calibration(model, "mine", memory) == kept, "a memory's own comes first"


def test_what_comes_with_the_package_can_be_read() -> None:
    for shipped in calibrations._shipped():
        assert shipped.likeness
        assert 0 < shipped.threshold < 1


def test_bad_values_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="threshold"):
        calibrated(threshold=-1.0)
    with pytest.raises(ConfigurationError, match="most_unknown"):
        calibrated(judge={"first": 1.0, "unknown": 1.0, "question": 1.0, "most_unknown": 2.0})


def attached(memory: Memory, **config: object) -> reweaving.Reweaver:
    return reweaving.attach(make("llama", "sdpa"), MADE, memory, ReweavingConfig(**config))


def test_attach_takes_over_what_its_user_has_not_set(memory: Memory) -> None:
    with attached(memory) as woven:
        calibrated(woven.fingerprint).keep(memory)
        default = woven.key_layer
    assert default != 2
    with attached(memory) as woven:
        assert woven.key_layer == 2
        assert woven._requests._recall.config.threshold == 0.37
    given = RecallConfig(threshold=0.5)
    with attached(memory, key_layer=0, recall=given) as woven:
        assert woven.key_layer == 0
        assert woven._requests._recall.config.threshold == 0.5
    with attached(memory, calibrated=False) as woven:
        assert woven.calibration is None


def test_the_keys_of_one_memory_are_of_one_layer(memory: Memory) -> None:
    with attached(memory) as woven:
        before = woven.key_layer
        woven.remember("my cat is called Tom")
        calibrated(woven.fingerprint).keep(memory)
    with attached(memory) as woven:
        assert woven.key_layer == before, "entries with that layer's keys are there already"
        found = settled_key_layer(None, woven.layers, 9, memory, woven.fingerprint, calibrated())
        assert found == before
    with Memory.open(":memory:") as empty:
        assert settled_key_layer(None, (0, 1, 2), 3, empty, "x", calibrated()) == 2
        assert settled_key_layer(None, (0, 1, 2), 3, empty, "x", None) == 1
        assert settled_key_layer(0, (0, 1, 2), 3, empty, "x", None) == 0


def test_another_key_layer_than_that_of_the_entries_is_refused(memory: Memory) -> None:
    with attached(memory) as woven:
        woven.remember("my cat is called Tom")
        there = woven.key_layer
    other = next(layer for layer in range(3) if layer != there)
    with pytest.raises(ConfigurationError, match=f"layer {there}"):
        attached(memory, key_layer=other)
    with attached(memory, key_layer=there):
        pass


def test_a_namespace_that_was_forgotten_keeps_the_layer_of_who_writes_into_it(
    memory: Memory,
) -> None:
    with attached(memory, key_layer=0) as woven:
        woven.remember("my cat is called Tom")
        memory.forget(namespace=True)
        woven.remember("my dog is called Rex")
    with attached(memory) as woven:
        assert woven.key_layer == 0


def test_a_gate_that_was_measured_at_another_layer_is_not_used() -> None:
    found, given = calibrated(), RecallConfig()
    assert recall_settings(given, found, found.key_layer).threshold == found.threshold
    assert recall_settings(given, found, found.key_layer + 1).threshold == given.threshold
