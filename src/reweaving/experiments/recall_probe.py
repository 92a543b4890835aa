"""`cmr bench recall-probe`: what finds the right span, and when memory should keep silent.

The figures behind ``docs/decisions/0002-recall.md``: made-up histories read by the embedded model
without its adapter.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.recall_dialogues import make_history
from reweaving.experiments.recall_reading import Asked, ReadHistory, read
from reweaving.memory.memory import Memory
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.fusion import Fused, reciprocal_rank_fusion, z_scores
from reweaving.retrieval.gate import passing
from reweaving.retrieval.lexical import Lexical
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from reweaving.types import MemoryEntry

KNOWN = ("plain", "wordy", "context", "own")
SILENT = ("unknown", "unrelated", "text")
_KEY_LAYER = 6
_LAYERS = (2, 4, 6, 8, 10, 12, 15, 20)

Row = dict[str, Any]
Score = Callable[[RetrievalContext, Catalogue], torch.Tensor]


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Compare layers, weights, fusions and gates on one history; check the choice on another."""
    people, questions = (5, 60) if quick else (17, 240)
    layers = (_KEY_LAYER,) if quick else _LAYERS
    longer = () if quick else (23, 65)
    steps = 3 + len(longer)
    progress(0, steps, "reading")
    tuned = _read(seed, people, questions, layers)
    progress(1, steps, "comparing")
    rows = [*_layer_rows(tuned), *_method_rows(tuned)]
    rows += [_gate_row(tuned, "gate", threshold) for threshold in (0.1, 0.15, 0.2, 0.25, 0.3)]
    progress(2, steps, "another history")
    fresh = _fresh_rows(_read(seed + 1, people, questions, (_KEY_LAYER,)))
    rows += fresh
    for step, more in enumerate(longer):
        progress(3 + step, steps, "a longer history")
        rows += _fresh_rows(_read(seed + 2 + step, more, questions, (_KEY_LAYER,)))
    columns = ("variant", "spans", *KNOWN, *SILENT, "milliseconds")
    return BenchResult(_summary(*fresh), [{key: row.get(key) for key in columns} for row in rows])


def _read(seed: int, people: int, questions: int, layers: Sequence[int]) -> ReadHistory:
    model, tokenizer = load_embedded(adapter=False)
    history = make_history(seed=seed, people=people, questions=questions)
    return read(history, model, tokenizer, layers)


def _summary(found: Row, gate: Row, timed: Row) -> dict[str, Any]:
    missed = [1 - gate[kind] for kind in KNOWN if gate[kind] is not None]
    return {
        **{f"{kind}_at_1_2_4_8": found[kind] for kind in KNOWN},
        "threshold": RecallConfig().threshold,
        "false_weave": gate["unrelated"],
        "false_weave_text": gate["text"],
        "miss": round(statistics.mean(missed), 3),
        "milliseconds_usual_first_grown": timed["milliseconds"],
    }


def _fresh_rows(history: ReadHistory) -> list[Row]:
    """The defaults, on a history that they were not chosen on."""
    return [
        _found("default", history, _KEY_LAYER, _default),
        _gate_row(history, "default gate", RecallConfig().threshold),
        _timed(history),
    ]


# -- finding ---------------------------------------------------------------------------------------


def _strategy(strategy: RetrievalStrategy) -> Score:
    return lambda context, catalogue: strategy.score(context, catalogue).rank


_default = _strategy(Fused())


def _layer_rows(history: ReadHistory) -> list[Row]:
    alone = _strategy(SemanticSimilarity(context_share=0.0))
    rows = [_found("question's tokens", history, layer, alone) for layer in history.layers]
    rows += [
        _found("all tokens alike", history, _KEY_LAYER, alone, words=False),
        _found("whole prompt", history, _KEY_LAYER, alone, whole=True),
        _found("whole prompt, all alike", history, _KEY_LAYER, alone, whole=True, words=False),
        _found("keys in fp32", history, _KEY_LAYER, alone, dtype=torch.float32),
        _found("mean-pooled cosine", history, _KEY_LAYER, partial(_pooled, history)),
    ]
    return rows


def _method_rows(history: ReadHistory) -> list[Row]:
    methods: dict[str, Score] = {}
    for sharpness in (0.0, 1.0, 2.0, 3.0):
        alone = SemanticSimilarity(sharpness=sharpness, context_share=0.0)
        methods[f"states alone, sharpness {sharpness:g}"] = _strategy(alone)
    for share in (0.3, 0.5, 0.7):
        methods[f"states, context share {share}"] = _strategy(
            SemanticSimilarity(context_share=share)
        )
    methods["states, context reach 2"] = _strategy(SemanticSimilarity(context_reach=2))
    methods["session first, then its spans"] = _episode_first
    methods["words alone"] = _strategy(Lexical(context_share=0.0))
    methods["words, context share 0.5"] = _strategy(Lexical())
    for weight in (0.1, 0.2, 0.5, 1.0):
        fused = Fused(((SemanticSimilarity(), 1.0), (Lexical(), weight)))
        methods[f"states + {weight} words"] = _strategy(fused)
    plain_words = Fused(((SemanticSimilarity(), 1.0), (Lexical(context_share=0.0), 0.2)))
    methods["states + 0.2 words without context"] = _strategy(plain_words)
    methods["reciprocal ranks"] = _reciprocal
    return [_found(name, history, _KEY_LAYER, method) for name, method in methods.items()]


def _reciprocal(context: RetrievalContext, catalogue: Catalogue) -> torch.Tensor:
    parts = [SemanticSimilarity(), Lexical()]
    return reciprocal_rank_fusion([part.score(context, catalogue).rank for part in parts])


def _episode_first(context: RetrievalContext, catalogue: Catalogue) -> torch.Tensor:
    """Each span's own z-score plus the z-score of its session's best span for every word."""
    alone = SemanticSimilarity(context_share=0.0).score(context, catalogue).rank
    names = [span.session for span in catalogue.spans]
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    where = torch.tensor([place[name] for name in names])
    best = catalogue.keys.best_matches(context.states())
    start = best.new_full((len(best), len(place)), -1.0)
    met = start.scatter_reduce(1, where.expand(len(best), -1), best, "amax")  # (tokens, sessions)
    return z_scores(alone) + z_scores(met.mean(dim=0))[where]


def _pooled(history: ReadHistory, context: RetrievalContext, _: Catalogue) -> torch.Tensor:
    at = history.layers.index(context.current_layer_idx)
    spans = torch.stack([states[at].mean(dim=0) for states in history.states])
    return torch.cosine_similarity(spans, context.states().mean(dim=0)[None])


def _found(
    variant: str,
    history: ReadHistory,
    layer: int,
    score: Score,
    *,
    words: bool = True,
    whole: bool = False,
    dtype: torch.dtype = torch.bfloat16,
) -> Row:
    """Share of the questions whose answer is among the first 1, 2, 4 and 8 spans, for each kind."""
    catalogue = history.catalogue(layer, dtype)
    places: dict[str, list[int]] = {kind: [] for kind in KNOWN}
    for asked in history.asked:
        if asked.answers:
            context = history.context(asked, layer, words=words, whole=whole)
            places[asked.question.kind].append(_place(score(context, catalogue), asked))
    found = {
        kind: [_share([rank < k for rank in ranks]) for k in (1, 2, 4, 8)]
        for kind, ranks in places.items()
    }
    return {"variant": f"layer {layer}: {variant}", "spans": len(catalogue), **found}


def _place(scores: torch.Tensor, asked: Asked) -> int:
    """How many spans the product puts before the first one that holds the answer; of equals the earlier goes first."""
    order = torch.argsort(scores, descending=True, stable=True).tolist()
    return min(order.index(at) for at in asked.answers)


def _share(truths: list[bool]) -> float | None:
    return round(sum(truths) / len(truths), 3) if truths else None


# -- keeping silent --------------------------------------------------------------------------------


def _gate_row(history: ReadHistory, variant: str, threshold: float) -> Row:
    """How often something is woven, for each kind of request."""
    catalogue = history.catalogue(_KEY_LAYER)
    woven: dict[str, list[bool]] = {}
    for asked in history.asked:
        chosen = passing(_scores(history, asked, catalogue), threshold, RecallConfig().share)
        woven.setdefault(asked.question.kind, []).append(len(chosen) > 0)
    shares = {kind: _share(woven.get(kind, [])) for kind in (*KNOWN, *SILENT)}
    return {"variant": f"{variant} {threshold:g}: woven", "spans": len(catalogue), **shares}


def _scores(history: ReadHistory, asked: Asked, catalogue: Catalogue) -> Scores:
    return Fused().score(history.context(asked, _KEY_LAYER), catalogue)


# -- time ------------------------------------------------------------------------------------------


def _timed(history: ReadHistory) -> Row:
    """Milliseconds of one search: usual, the first, and the first after one more span."""
    at = history.layers.index(_KEY_LAYER)
    entries = [
        MemoryEntry(
            hidden_state=None,
            layer_idx=(_KEY_LAYER,),
            sequence_id=span.session,
            position_idx=span.position,
            codec="replay",
            key_state=states[at].to(torch.bfloat16),
            token_ids=(0,) * span.tokens,
            text=span.text,
        )
        for span, states in zip(history.spans, history.states, strict=True)
    ]
    asked = [item for item in history.asked if item.answers]
    with Memory.open(":memory:") as memory:
        memory.add(entries[:-1])
        recall = Recall(memory)
        first = _milliseconds(recall, history, asked[0])
        usual = statistics.median(_milliseconds(recall, history, item) for item in asked)
        memory.add(entries[-1:])
        grown = _milliseconds(recall, history, asked[0])
    milliseconds = [round(usual, 1), round(first, 1), round(grown, 1)]
    return {"variant": "one search", "spans": len(entries), "milliseconds": milliseconds}


def _milliseconds(recall: Recall, history: ReadHistory, asked: Asked) -> float:
    context = history.context(asked, _KEY_LAYER)
    start = time.perf_counter()
    recall.find(context)
    return 1000 * (time.perf_counter() - start)
