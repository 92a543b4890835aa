"""`cmr bench locomo`: finding the turns that answer questions about real, very long dialogues.

Nothing was tuned on these dialogues. The share of a question's evidence turns among the first k turns
found, mean over the questions; a turn is found where the first span is that holds something of it.
"""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from reweaving.adapters.attention_heads import AttentionHeads
from reweaving.embedded.loading import load_embedded
from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.locomo_answers import WAYS, answer_nll, drawn
from reweaving.experiments.locomo_baselines import NAMES, Baselines
from reweaving.experiments.locomo_data import Dialogue, Question, dialogues
from reweaving.experiments.locomo_reading import Asked, EmbedderOfRun, ReadDialogue, read
from reweaving.experiments.sentence_embeddings import embedder_folder
from reweaving.memory.memory import Memory
from reweaving.retrieval.base import STRATEGIES
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.retrieval.text_embedder import TextEmbedder
from reweaving.reweaver import attach
from reweaving.scoring.relevance import ScoringConfig
from reweaving.settings import ReweavingConfig

_AT = (5, 10, 25)
_SPANS = 100  # enough for 25 turns: a long turn has several spans
_ANSWERS = 100
_QUICK_DIALOGUES, _QUICK_SESSIONS, _QUICK_QUESTIONS, _QUICK_ANSWERS = 1, 4, 10, 4
# Ranks are measured, not the gate.
_OPEN = RecallConfig(threshold=0.0, share=0.0, cache_size=0)
_BY_STATES = ("semantic_similarity", "fused", "contextual_relevance", "hybrid_ensemble")

Shares = dict[tuple[str, str], list[tuple[Question, list[float]]]]


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Search five dialogues by every strategy, and measure what the found is worth for answers."""
    found = (
        [_small(dialogue) for dialogue in dialogues()[:_QUICK_DIALOGUES]] if quick else dialogues()
    )
    folder = embedder_folder()
    embedder = EmbedderOfRun(TextEmbedder(folder))
    model, tokenizer = load_embedded(adapter=False)
    answers = (_QUICK_ANSWERS if quick else _ANSWERS) // len(found)
    shares: Shares = defaultdict(list)
    likelihoods: list[dict[str, float]] = []
    # Worth is read off while reading; scorers that run the model again would take most of the time.
    config = ReweavingConfig(scoring=ScoringConfig(method="surprise"))
    for done, dialogue in enumerate(found):
        with (
            Memory.open(":memory:") as memory,
            attach(model, tokenizer, memory, config) as woven,
        ):
            progress(4 * done, 4 * len(found), f"{dialogue.name} read")
            held = read(woven, dialogue, dialogue.questions)
            progress(4 * done + 1, 4 * len(found), f"{dialogue.name} searched")
            _baselines(held, Baselines(dialogue, folder), shares)
            heads = AttentionHeads(woven.adapter, woven.key_layer)
            recall = Recall(held.spans, _OPEN, embedder=embedder, heads=heads)
            _search(recall, held, STRATEGIES.names(), "embedder", shares)
            progress(4 * done + 2, 4 * len(found), f"{dialogue.name} searched without embedder")
            _search(Recall(held.spans, _OPEN, heads=heads), held, _BY_STATES, "states", shares)
            progress(4 * done + 3, 4 * len(found), f"{dialogue.name} answered")
            chosen = drawn(held.asked, answers, random.Random(f"{seed} {dialogue.name}"))
            gated = Recall(memory, embedder=embedder)
            likelihoods += [answer_nll(woven, gated, held, asked) for asked in chosen]
    progress(1, 1)
    return BenchResult(_summary(shares, likelihoods), _rows(shares))


def _small(dialogue: Dialogue) -> Dialogue:
    """The first sessions of a dialogue, and a few of the questions that they answer."""
    kept = list(dialogue.sessions())[:_QUICK_SESSIONS]
    turns = tuple(turn for turn in dialogue.turns if turn.session in kept)
    known = {turn.id for turn in turns}
    asked = [question for question in dialogue.questions if question.evidence <= known]
    return Dialogue(dialogue.name, turns, tuple(asked[:_QUICK_QUESTIONS]))


def _search(
    recall: Recall, held: ReadDialogue, strategies: Iterable[str], what: str, shares: Shares
) -> None:
    for strategy in strategies:
        for asked in held.asked:
            turns = _turns(recall, held, asked, strategy)
            shares[what, strategy].append((asked.question, _found(turns, asked.question)))


def _turns(recall: Recall, held: ReadDialogue, asked: Asked, strategy: str) -> list[str]:
    """The turns found for a question, best first, those of one span in the order in which they were said."""
    hits = recall.search(
        asked.states,
        asked.question.text,
        query_words=asked.words,
        budget_tokens=10**9,
        limit=_SPANS,
        strategy=strategy,
    )
    return list(dict.fromkeys(part.turn for hit in hits for part in held.turns_of[hit.entry.id]))


def _baselines(held: ReadDialogue, baselines: Baselines, shares: Shares) -> None:
    for asked in held.asked:
        for name, scores in baselines.scores(asked.question.text).items():
            order = torch.argsort(scores, descending=True, stable=True).tolist()
            turns = [held.dialogue.turns[at].id for at in order]
            shares["baseline", name].append((asked.question, _found(turns, asked.question)))


def _found(turns: Sequence[str], question: Question) -> list[float]:
    """Share of the evidence among the first 5, 10 and 25 turns."""
    evidence = question.evidence
    return [len(evidence.intersection(turns[:k])) / len(evidence) for k in _AT]


def _summary(shares: Shares, likelihoods: Sequence[dict[str, float]]) -> dict[str, Any]:
    kinds = {
        "strategies": "embedder",
        "strategies_without_embedder": "states",
        "baselines": "baseline",
    }
    figures: dict[str, Any] = {
        key: {
            name: dict(zip(map(str, _AT), _means(found for _, found in items), strict=True))
            for (what, name), items in shares.items()
            if what == kind
        }
        for key, kind in kinds.items()
    }
    single = [one for one in likelihoods if one["evidence_spans"] == 1]
    figures["answer_nll"] = _nats(likelihoods)
    figures["answer_nll_one_span"] = _nats(single)
    figures["answers"], figures["answers_one_span"] = len(likelihoods), len(single)
    figures["questions"] = len(shares["baseline", NAMES[0]])
    return figures


def _nats(likelihoods: Sequence[dict[str, float]]) -> dict[str, float | None]:
    """Nats of all gold answers by all their tokens; None where none was measured."""
    tokens = sum(one["answer_tokens"] for one in likelihoods)
    if not tokens:
        return dict.fromkeys(WAYS)
    return {
        way: round(sum(one[way] * one["answer_tokens"] for one in likelihoods) / tokens, 4)
        for way in WAYS
    }


def _rows(shares: Shares) -> list[dict[str, Any]]:
    rows = []
    for (what, name), items in shares.items():
        for category in (None, *sorted({question.category for question, _ in items})):
            chosen = [found for question, found in items if category in (None, question.category)]
            rows.append(
                {
                    "searched_by": what,
                    "strategy": name,
                    "category": "all" if category is None else str(category),
                    "questions": len(chosen),
                    **{f"at_{k}": mean for k, mean in zip(_AT, _means(chosen), strict=True)},
                }
            )
    return rows


def _means(found: Iterable[Sequence[float]]) -> list[float]:
    return [round(statistics.mean(column), 4) for column in zip(*found, strict=True)]
