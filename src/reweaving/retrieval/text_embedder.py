"""A text embedder's token states, through sentence-transformers: another model's view of the spans."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import torch

from reweaving.errors import ConfigurationError, WeightsNotFoundError

_ROWS = 32
_INSTALL = "pip install 'reweaving[embed]'"


class Embedder(Protocol):
    """Reads texts into token states; `TextEmbedder` is one."""

    def states(self, texts: Sequence[tuple[str, str]]) -> list[torch.Tensor]:
        """Token states of the second text of each pair, read behind the first, ``(tokens, hidden)``."""

    def words(self, text: str) -> tuple[str, ...]:
        """The text of each token that `states` gives a state for."""


class TextEmbedder:
    """A sentence-transformers model, asked for the states of single tokens.

    Parameters
    ----------
    model
        A folder, or a name that sentence-transformers knows.

    Raises
    ------
    ConfigurationError
        When sentence-transformers is not installed.
    WeightsNotFoundError
        When the model cannot be loaded.
    """

    def __init__(self, model: str | Path) -> None:
        if importlib.util.find_spec("sentence_transformers") is None:
            raise ConfigurationError(
                f"the text embedder {str(model)!r} needs sentence-transformers: {_INSTALL}"
            )
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(str(model)).eval()
        except (OSError, ValueError) as error:
            raise WeightsNotFoundError(
                f"the text embedder {str(model)!r} cannot be loaded: {error}; give the folder of a "
                "sentence-transformers model, or a name where its hub can be reached"
            ) from error
        self._tokenizer: Any = self._model.tokenizer
        self._longest = int(self._model.max_seq_length or self._tokenizer.model_max_length)

    def words(self, text: str) -> tuple[str, ...]:
        """The text of each token that `states` gives a state for, in lower case where the model reads so."""
        return tuple(
            self._tokenizer.decode([token]).removeprefix("##") for token in self._ids(text)
        )

    @torch.no_grad()
    def states(self, texts: Sequence[tuple[str, str]]) -> list[torch.Tensor]:
        """Token states of texts, each read behind what was said before it.

        Parameters
        ----------
        texts
            Pairs of what comes before, and the text. What does not fit the model's window is cut off:
            the beginning of the one, then the end of the other.

        Returns
        -------
        list of torch.Tensor
            ``(tokens, hidden)`` in fp16 on the CPU, without special tokens; of a text without words, the
            state of the special token that opens it.
        """
        head, tail = self._around()
        room = self._longest - len(head) - len(tail)
        rows: list[tuple[list[int], int, int]] = []
        for before, text in texts:
            own = self._ids(text)[:room]
            context = self._ids(before)[max(len(self._ids(before)) - (room - len(own)), 0) :]
            start = len(head) + len(context) if own else 0
            rows.append(([*head, *context, *own, *tail], start, max(len(own), 1)))
        states: list[torch.Tensor] = [torch.empty(0)] * len(rows)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at][0]))
        for first in range(0, len(order), _ROWS):
            batch = order[first : first + _ROWS]
            read = self._read([rows[at][0] for at in batch])  # (rows, tokens, hidden)
            for held, at in zip(read, batch, strict=True):
                _, start, length = rows[at]
                states[at] = held[start : start + length].to("cpu", torch.float16, copy=True)
        return states

    def _read(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        width = max(map(len, rows))
        ids = torch.full((len(rows), width), self._tokenizer.pad_token_id or 0)
        mask = torch.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = torch.tensor(row)
            mask[at, : len(row)] = 1
        device = self._model.device
        features = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
        return torch.as_tensor(self._model(features)["token_embeddings"])

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _around(self) -> tuple[list[int], list[int]]:
        """Special tokens that stand before and behind a text."""
        inner = self._ids("a")
        whole = list(self._tokenizer("a")["input_ids"])
        at = next(i for i in range(len(whole)) if whole[i : i + len(inner)] == inner)
        return whole[:at], whole[at + len(inner) :]
