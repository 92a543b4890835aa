"""The ways to answer a question about a history that `cmr bench recall` compares."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import torch

from reweaving.embedded.dialogues.scene import Question
from reweaving.experiments.embedded import right
from reweaving.experiments.histories import Probe
from reweaving.experiments.rereading import Rereader
from reweaving.retrieval.bm25 import WordIndex
from reweaving.retrieval.words import stems
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry
from reweaving.weaving.positions import in_reading_order

_ROWS = 16
_LONGEST_ANSWER_TOKENS = 32
_RANDOM_SPANS = 4


class Embeddings(Protocol):
    """What makes vectors of texts; see `SentenceEmbeddings`."""

    def of(self, texts: Sequence[str]) -> torch.Tensor:
        """Vectors of length one, ``(texts, width)``."""


class Columns:
    """Answers questions about what one memory holds, in every way that is compared.

    Parameters
    ----------
    woven
        A model with a memory that is full.
    seed
        Of the random memory.
    embeddings
        Of the spans' texts, for a search by likeness; None leaves its column out.
    """

    def __init__(self, woven: Reweaver, seed: int, embeddings: Embeddings | None = None) -> None:
        self._woven, self._rng = woven, random.Random(f"random memory {seed}")
        self._entries = in_reading_order(woven.memory.entries())
        texts = [entry.text for entry in self._entries]
        self._words = WordIndex([stems(text) for text in texts])
        self._embeddings = embeddings
        self._vectors = None if embeddings is None else embeddings.of(texts)  # (spans, width)
        self._rereader = Rereader(woven, _LONGEST_ANSWER_TOKENS)

    def answer(
        self, probes: Sequence[Probe], strategies: Sequence[str], *, whole: bool
    ) -> Iterator[dict[str, Any]]:
        """One row for each question: what was answered, and whether that is right, in each column.

        Parameters
        ----------
        strategies
            Names of strategies to compare.
        whole
            Whether the whole history is re-read as text as well.
        """
        for at in range(0, len(probes), _ROWS):
            batch = probes[at : at + _ROWS]
            columns: dict[str, list[Any]] = self._remembered(batch)
            columns["off"] = self._right(batch, self._generated(batch, [[] for _ in batch]))
            chosen = [self._some() for _ in batch]
            columns["random"] = self._right(batch, self._generated(batch, chosen))
            texts = [probe.text for probe in batch]
            for name, found in self._searched(texts).items():
                columns[name] = self._right(batch, self._rereader.answers(texts, found))
            if whole:
                columns["whole_text"] = self._right(
                    batch, self._rereader.answers_after(self._entries, texts)
                )
            for name in strategies:
                recalled = [self._woven.recall(text, strategy=name) for text in texts]
                columns[f"cmr {name}"] = self._right(batch, self._generated(batch, recalled))
            for row, probe in enumerate(batch):
                values = {name: column[row] for name, column in columns.items()}
                asked = {"kind": probe.kind, "question": probe.text}
                yield {**asked, "wanted": " · ".join(probe.values), **values}

    # -- by the product itself ---------------------------------------------------------------------

    def _remembered(self, batch: Sequence[Probe]) -> dict[str, list[Any]]:
        """What plain `generate` answers, and what it wove."""
        began = time.perf_counter()
        answers = self._continued(batch)
        seconds = time.perf_counter() - began
        record = self._woven.last_weave
        rows = [] if record is None else record.rows
        hits = [[hit.entry for hit in row.recollections] for row in rows]
        judged = [row.judged for row in rows]
        return {
            "cmr": self._right(batch, answers),
            "answer": list(answers),
            "found": [
                _holds(entries, probe) if probe.told else None
                for entries, probe in zip(hits, batch, strict=True)
            ],
            "woven": [len(entries) for entries in hits],
            "judge_milliseconds": [
                None if verdict is None else round(1000 * verdict.seconds, 1) for verdict in judged
            ],
            "milliseconds": [round(1000 * seconds / len(batch), 1)] * len(batch),
        }

    def _continued(self, batch: Sequence[Probe]) -> list[str]:
        chat, tokenizer = self._woven.chat, self._woven.tokenizer
        prompts = [chat.request(probe.text, self._woven.config.system) for probe in batch]
        pad = tokenizer.pad_token_id
        width = max(map(len, prompts))
        ids = torch.tensor([[pad] * (width - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
        with torch.no_grad():
            made = self._woven.model.generate(
                input_ids=ids, attention_mask=mask, do_sample=False, pad_token_id=pad,
                max_new_tokens=_LONGEST_ANSWER_TOKENS,
            )  # fmt: skip
        texts = tokenizer.batch_decode(made[:, width:], skip_special_tokens=True)
        return [text.strip() for text in texts]

    def _generated(self, batch: Sequence[Probe], woven: Sequence[Sequence[Any]]) -> list[str]:
        with self._woven.weaving([list(row) for row in woven]):
            return self._continued(batch)

    # -- by others ---------------------------------------------------------------------------------

    def _some(self) -> list[MemoryEntry]:
        return self._rng.sample(self._entries, min(_RANDOM_SPANS, len(self._entries)))

    def _searched(self, questions: Sequence[str]) -> dict[str, list[list[MemoryEntry]]]:
        """What each search of others finds for each question."""
        found = {"bm25": [self._best(self._words.scores(stems(text))) for text in questions]}
        if self._embeddings is not None and self._vectors is not None:
            likeness = self._embeddings.of(questions) @ self._vectors.T  # (questions, spans)
            found["embeddings"] = [self._best(row) for row in likeness]
        return found

    def _best(self, scores: torch.Tensor) -> list[MemoryEntry]:
        """The spans of the best scores ``(spans,)``, all above 0, that fit the budget of recall together."""
        room, chosen = self._woven.config.budget_tokens, []
        for at in scores.argsort(descending=True, stable=True).tolist():
            entry = self._entries[at]
            if float(scores[at]) <= 0 or room <= 0:
                break
            if entry.tokens <= room:
                chosen.append(entry)
                room -= entry.tokens
        return chosen

    @staticmethod
    def _right(batch: Sequence[Probe], answers: Sequence[str]) -> list[bool]:
        return [
            right(
                Question(probe.kind, 0, 0, None, (), probe.text, None, probe.values, probe.others),
                answer,
            )
            for probe, answer in zip(batch, answers, strict=True)
        ]


def _holds(entries: Sequence[MemoryEntry], probe: Probe) -> bool:
    """Whether every value asked for is in one of the entries, from the session that told it."""
    return all(
        any(entry.sequence_id == session and value in entry.text for entry in entries)
        for value, (session, _) in zip(probe.values, probe.told, strict=True)
    )
