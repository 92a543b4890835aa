"""The first stage's gate: how much evidence keeps ordinary requests without a memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from reweaving.experiments.histories import Probe
from reweaving.memory.memory import Memory
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.types import Recollection

_EVERYTHING = 1_000_000
_THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(1, 41))


@dataclass(frozen=True, eq=False)
class AskedProbe:
    """A probe as the model read it: states ``(layers, tokens, hidden)`` of its own words."""

    probe: Probe
    ids: tuple[int, ...]
    states: torch.Tensor
    words: tuple[str, ...]


def search(recall: Recall, asked: AskedProbe, layer: int, limit: int) -> list[Recollection]:
    """What the first stage finds for a probe by the keys of one layer, best first."""
    return recall.search(
        asked.states[layer],
        asked.probe.text,
        query_words=asked.words,
        budget_tokens=_EVERYTHING,
        limit=limit,
    )


def _woven_shares(
    memory: Memory, asked: Sequence[AskedProbe], layer: int, threshold: float
) -> tuple[float, float]:
    """Shares of the answered questions and of the ordinary requests for which anything is found."""
    recall = Recall(memory, RecallConfig(threshold=threshold))
    shares = []
    for ordinary in (False, True):
        requests = [
            one
            for one in asked
            if (one.probe.kind == "ordinary" if ordinary else bool(one.probe.values))
        ]
        opened = [bool(search(recall, one, layer, 1)) for one in requests]
        shares.append(sum(opened) / max(len(opened), 1))
    return shares[0], shares[1]


def least_evidence(memory: Memory, asked: Sequence[AskedProbe], layer: int, rate: float) -> float:
    """The least evidence to ask for so that few ordinary requests get a memory."""
    low, high = 0, len(_THRESHOLDS) - 1
    while low < high:
        middle = (low + high) // 2
        if _woven_shares(memory, asked, layer, _THRESHOLDS[middle])[1] <= rate:
            high = middle
        else:
            low = middle + 1
    return _THRESHOLDS[low]


def gate_figures(
    memory: Memory, asked: Sequence[AskedProbe], layer: int, threshold: float
) -> dict[str, float]:
    """Shares of answered questions and ordinary requests that get a memory, with and without calibration."""
    default = RecallConfig().threshold
    kept, woven = _woven_shares(memory, asked, layer, threshold)
    kept_before, woven_before = _woven_shares(memory, asked, layer, default)
    return {
        "known_woven": kept,
        "ordinary_woven": woven,
        "known_woven_at_default_threshold": kept_before,
        "ordinary_woven_at_default_threshold": woven_before,
    }
