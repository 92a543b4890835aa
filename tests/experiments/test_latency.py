"""What is timed as read from the memory's files is, and ways of other rounds are compared with a median."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from reweaving.experiments import latency
from reweaving.experiments.latency import _Case, _measure, _rows
from reweaving.experiments.shapes import small_llama
from reweaving.experiments.timing import Times
from reweaving.reweaver import Reweaver


def test_a_round_finds_nothing_at_hand_and_the_same_request_again_finds_its_spans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[int] = []
    timed = latency._woven

    def noted(woven: Reweaver, ids: torch.Tensor) -> None:
        assert woven.memory.buffer is not None
        held.append(len(woven.memory.buffer))
        timed(woven, ids)

    monkeypatch.setattr(latency, "_woven", noted)
    case = _Case("tiny", small_llama(160), (512,), ("kv", "hidden"))
    times = _measure(case, 2, seed=0)
    assert {"woven kv", "woven kv again", "woven hidden", "woven hidden again"} <= set(times)
    assert len(held) == 2 * 2 * 3, "two codecs, first and again, two rounds and one before them"
    assert not any(held[::2])
    assert all(held[1::2])


def test_only_what_was_timed_in_the_same_rounds_is_compared_pair_by_pair() -> None:
    base, other = [1.0, 2.0, 9.0], [3.0, 2.0, 9.0]
    model: Any = None
    times = {
        "woven kv": Times(base, base),
        "request alone": Times(other, other),
        "woven hidden": Times(other, other),
        "re-read 512": Times([8.0], [8.0]),
    }
    rows = {row["way"]: row for row in _rows(_Case("m", model, (512,), ("kv", "hidden")), times)}
    assert rows["request alone"]["times_woven"] == 1.0  # of 3, 1, 1
    assert rows["woven hidden"]["times_woven"] == 1.5  # of 1.5, 1, 4.5
    assert rows["woven hidden"]["cpu_times_woven"] == 1.5
    assert rows["re-read 512"]["times_woven"] == 4.0
