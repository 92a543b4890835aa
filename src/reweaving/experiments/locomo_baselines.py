"""What others would do with the same turns: words, sentence embeddings, and both by their ranks."""

from __future__ import annotations

from pathlib import Path

import torch

from reweaving.experiments.locomo_data import Dialogue
from reweaving.experiments.sentence_embeddings import SentenceEmbeddings
from reweaving.retrieval.bm25 import WordIndex
from reweaving.retrieval.fusion import reciprocal_rank_fusion
from reweaving.retrieval.words import stems

NAMES = ("bm25", "minilm", "bm25 + minilm")


class Baselines:
    """Scores of every turn of a dialogue for a question, by each of `NAMES`.

    Parameters
    ----------
    dialogue
        Its turns are read with the name of their speaker, as the memory's are.
    folder
        Of a sentence-transformers model.
    """

    def __init__(self, dialogue: Dialogue, folder: Path) -> None:
        said = [turn.said() for turn in dialogue.turns]
        self._words = WordIndex([stems(text) for text in said])
        self._embeddings = SentenceEmbeddings(folder)
        self._turns = self._embeddings.of(said)

    def scores(self, question: str) -> dict[str, torch.Tensor]:
        """One tensor ``(turns,)`` for each baseline; higher is better."""
        words = self._words.scores(stems(question))
        likeness = self._turns @ self._embeddings.of([question])[0]
        fused = reciprocal_rank_fusion([words, likeness])
        return dict(zip(NAMES, (words, likeness, fused), strict=True))
