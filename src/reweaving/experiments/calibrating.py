"""Measures a model for `Calibration`: key layer, retrieval heads, gate, and whether it is a judge.

The probes are chat histories of `HistoryWriter` from training's half of the vocabulary, read by the
model in its own tokens; nothing that a bench asks is among them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from reweaving.embedded.dialogues.general import ordinary_request
from reweaving.embedded.dialogues.split import Side
from reweaving.experiments.base import Progress
from reweaving.experiments.calibrating_gate import (
    AskedProbe,
    gate_figures,
    least_evidence,
    search,
)
from reweaving.experiments.calibrating_heads import retrieval_heads
from reweaving.experiments.histories import KINDS, HistoryWriter, Probe
from reweaving.memory.memory import Memory
from reweaving.retrieval.calibration import Calibration, likeness
from reweaving.retrieval.calibration_fit import Judged, fit_judge
from reweaving.retrieval.judge_parts import asked_parts
from reweaving.retrieval.judge_witness import Request
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig
from reweaving.types import MemoryEntry, Recollection

_CANDIDATES = 16
_LAYER_SHARE = 0.7  # of the depth; nothing is found above it (docs/decisions/0002-recall.md)
_LAYERS_TRIED = 8
_LEAST_GAIN = (
    0.03  # by which another key layer must be better than the default one, and by more than chance
)
_HEADS = 16
_ANSWERED = tuple(kind for kind in KINDS if kind != "unknown")


@dataclass(frozen=True)
class CalibrationSize:
    """How much is read and asked.

    Attributes
    ----------
    history_tokens
        Length of the history.
    each_kind
        Questions of each kind; twice as many that nothing answers, and as many ordinary requests.
    """

    history_tokens: int = 4000
    each_kind: int = 14


def calibrate(
    model: Any,
    tokenizer: Any,
    name: str,
    progress: Progress,
    *,
    size: CalibrationSize | None = None,
    false_weave_rate: float = 0.05,
    seed: int = 0,
) -> Calibration:
    """Measure one model.

    Parameters
    ----------
    name
        What it is called.
    false_weave_rate
        Share of irrelevant requests for which the gate may let something through.
    """
    size = size or CalibrationSize()
    recall_all = RecallConfig(threshold=0.0, share=0.0)
    config = ReweavingConfig(codec="hidden", calibrated=False, recall=recall_all)
    with Memory.open(":memory:") as memory, attach(model, tokenizer, memory, config) as woven:
        progress(0, 5, "reading")
        writer = HistoryWriter(f"calibration {seed}", Side.TRAIN)
        _fill(woven, writer, size.history_tokens)
        entries = memory.entries(payload=True)
        asked = [_read(woven, probe) for probe in _probes(writer, size, seed)]
        progress(1, 5, "the key layer")
        default = woven.key_layer
        layer, found = _key_layer(woven, entries, asked)
        progress(2, 5, "the gate")
        threshold = least_evidence(_keyed(entries, layer), asked, layer, false_weave_rate)
        progress(3, 5, "heads")
        recall = Recall(_keyed(entries, layer), config.recall)
        candidates = [_candidates(recall, one, layer) for one in asked]
        by_id = {entry.id: entry for entry in entries}
        heads = retrieval_heads(
            woven,
            [
                (list(one.ids), [by_id[hit.entry.id] for hit in hits], _right(one.probe, hits))
                for one, hits in zip(asked, candidates, strict=True)
                if one.probe.kind in _ANSWERED
            ],
        )
        judged = []
        for done, (one, hits) in enumerate(zip(asked, candidates, strict=True)):
            if one.probe.kind == "joint" and len(asked_parts(one.words)) > 1:
                continue  # judged part by part: no question as a whole
            progress(4, 5, f"the judge, {done + 1} of {len(asked)}")
            judged.append(_judged(woven, one, [by_id[hit.entry.id] for hit in hits], hits))
        judge, judge_figures = fit_judge(judged)
        progress(5, 5)
        figures = {
            "right_first_at_default_layer": found[default],
            "right_first_at_key_layer": found[layer],
            "default_layer": float(default),
            **gate_figures(_keyed(entries, layer), asked, layer, threshold),
            **judge_figures,
        }
        states = torch.cat([_state(entry, layer).float() for entry in entries])
        return Calibration(
            model=name,
            fingerprint=woven.fingerprint,
            key_layer=layer,
            heads=tuple(heads[:_HEADS]),
            centre=tuple(round(float(value), 4) for value in states.mean(dim=0)),
            threshold=threshold,
            false_weave_rate=false_weave_rate,
            judge=judge,
            figures={key: round(value, 4) for key, value in figures.items()},
            likeness=tuple(float(f"{norm:.7g}") for norm in likeness(model)),
        )


# -- reading ---------------------------------------------------------------------------------------


def _fill(woven: Reweaver, writer: HistoryWriter, tokens: int) -> None:
    held = 0
    for session in writer.sessions():
        turns = [{"role": turn.role, "content": turn.text} for turn in session.turns]
        held += sum(entry.tokens for entry in woven.remember(turns, session=session.name))
        if held >= tokens:
            return


def _probes(writer: HistoryWriter, size: CalibrationSize, seed: int) -> list[Probe]:
    """Questions of every kind in turn, so that halves of the list are alike, and ordinary requests."""
    rng = random.Random(f"calibration requests {seed}")
    groups = [writer.probes(kind, size.each_kind) for kind in _ANSWERED]
    unknown = writer.probes("unknown", 2 * size.each_kind)
    ordinary = [Probe("ordinary", ordinary_request(rng, Side.TRAIN)) for _ in range(size.each_kind)]
    groups += [unknown[::2], unknown[1::2], ordinary]
    rounds = range(max(map(len, groups)))
    return [group[at] for at in rounds for group in groups if at < len(group)]


def _read(woven: Reweaver, probe: Probe) -> AskedProbe:
    ids = woven.chat.request(probe.text)
    start, stop = woven.chat.question_of(ids, longest=len(ids))
    held = [entry.hidden_state for entry in woven.capture(ids)]
    states = torch.cat([part for part in held if part is not None], dim=1)[:, start:stop].float()
    words = tuple(str(woven.tokenizer.decode([token])) for token in ids[start:stop])
    return AskedProbe(probe, tuple(ids[start:stop]), states, words)


def _state(entry: MemoryEntry, layer: int) -> torch.Tensor:
    """What one layer held for each token of a span, ``(tokens, hidden)``."""
    if entry.hidden_state is None:
        raise LookupError("calibration keeps hidden states")
    return entry.hidden_state[entry.layers.index(layer)]


def _keyed(entries: Sequence[MemoryEntry], layer: int) -> Memory:
    """The same memory with another layer's states as keys."""
    memory = Memory.open(":memory:")
    memory.add(
        replace(
            entry,
            hidden_state=None,
            codec="replay",
            key_state=_state(entry, layer).to(torch.bfloat16).clone(),
            namespace="",
            fingerprint="",
        )
        for entry in entries
    )
    return memory


# -- the first stage -------------------------------------------------------------------------------


def _candidates(recall: Recall, asked: AskedProbe, layer: int) -> list[Recollection]:
    return search(recall, asked, layer, _CANDIDATES)


def _right(probe: Probe, hits: Sequence[Recollection]) -> tuple[frozenset[int], ...]:
    """For each value that the answer needs, the places of the hits that tell it."""
    return tuple(
        frozenset(
            at
            for at, hit in enumerate(hits)
            if hit.entry.sequence_id == session and value in hit.entry.text
        )
        for value, (session, _) in zip(probe.values, probe.told, strict=True)
    )


def _key_layer(
    woven: Reweaver, entries: Sequence[MemoryEntry], asked: Sequence[AskedProbe]
) -> tuple[int, dict[int, float]]:
    """The layer that puts a right span first most often, and the shares of all that were tried."""
    depth = len(woven.layers)
    step = max(1, int(depth * _LAYER_SHARE) // _LAYERS_TRIED)
    tried = sorted({*range(0, max(1, int(depth * _LAYER_SHARE)), step), woven.key_layer})
    known = [one for one in asked if one.probe.values]
    found: dict[int, float] = {}
    for layer in tried:
        recall = Recall(_keyed(entries, layer), woven.config.recall)
        right = [
            any(0 in places for places in _right(one.probe, search(recall, one, layer, 1)))
            for one in known
        ]
        found[layer] = sum(right) / max(len(right), 1)
    best = max(tried, key=lambda layer: found[layer])
    if found[best] < found[woven.key_layer] + max(_LEAST_GAIN, len(known) ** -0.5):
        best = woven.key_layer
    return best, found


# -- the judge -------------------------------------------------------------------------------------


def _judged(
    woven: Reweaver,
    asked: AskedProbe,
    entries: Sequence[MemoryEntry],
    hits: Sequence[Recollection],
) -> Judged:
    request = Request.of(woven.chat.asking(asked.ids))
    heard = woven.witness().hear(request, [[entry] for entry in entries])
    first = torch.tensor([hit.score for hit in hits])
    needed = _right(asked.probe, hits) if asked.probe.values else ()
    return Judged(first, heard, needed, asked.probe.kind == "ordinary")
