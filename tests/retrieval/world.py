"""A small world whose states mean something: a word is a fixed vector, a token state a noisy copy."""

from __future__ import annotations

import re
import zlib

import numpy as np
import torch

from reweaving.retrieval.base import RetrievalContext
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.keys import KeyMatrix
from reweaving.types import MemoryEntry

HIDDEN = 48


def word_states(text: str, noise: float = 0.1, offset: float = 3.0) -> torch.Tensor:
    """One state per word, ``(words, hidden)``: equal words are near each other; all share an offset."""
    rows = []
    for at, word in enumerate(re.findall(r"\w+|[^\w\s]", text.casefold())):
        generator = torch.Generator().manual_seed(zlib.crc32(word.encode()))
        row = torch.randn(HIDDEN, generator=generator)
        jitter = torch.Generator().manual_seed(zlib.crc32(f"{text}{at}".encode()))
        rows.append(row + noise * torch.randn(HIDDEN, generator=jitter) + offset)
    return torch.stack(rows)


def words_of(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+|[^\w\s]", text))


def entry(text: str, session: str = "s", position: int = 1, **fields: object) -> MemoryEntry:
    states = word_states(text)
    values: dict[str, object] = {
        "hidden_state": None,
        "layer_idx": (0,),
        "sequence_id": session,
        "position_idx": position,
        "codec": "replay",
        "key_state": states.to(torch.bfloat16),
        "token_ids": tuple(range(len(states))),
        "text": text,
    }
    return MemoryEntry(**{**values, **fields})  # type: ignore[arg-type]


STORIES = (
    "The dog of Anna is called Rex and sleeps in the kitchen.",
    "Berlin was cold in winter and the trains were late.",
    "My favourite tea is jasmine from the small shop.",
    "Peter paints his fence green every spring.",
    "The locker of Clara opens with 4711.",
    "Clara drives a teal car to work.",
    "We walked along the river until evening.",
    "The printer makes a strange noise again.",
    "Anna works as a plumber near the harbour.",
    "Rice needs twice as much water.",
    "Tom reads the paper before breakfast.",
    "The meeting moved to room seven.",
)


def catalogue_of(texts: list[str], one_session: bool = False) -> Catalogue:
    spans = [
        SpanNote(str(at), "s" if one_session else str(at), at, len(words_of(text)), text)
        for at, text in enumerate(texts)
    ]
    return Catalogue(0, spans, KeyMatrix([word_states(text) for text in texts]))


def context_of(question: str, words: bool = True) -> RetrievalContext:
    return RetrievalContext(
        current_sequence_id=None,
        current_layer_idx=0,
        current_hidden_states=word_states(question),
        query_text=question,
        query_words=words_of(question) if words else (),
    )


def brute_force(queries: torch.Tensor, spans: list[torch.Tensor]) -> np.ndarray:
    """For each query and span, the largest cosine of centred vectors; loops, float64."""
    every = np.concatenate([span.float().numpy().astype(np.float64) for span in spans])
    mean = every.mean(axis=0)
    best = np.empty((len(queries), len(spans)))
    for i, query in enumerate(queries.numpy().astype(np.float64) - mean):
        for j, span in enumerate(spans):
            cosines = [
                query @ key / (np.linalg.norm(query) * np.linalg.norm(key))
                for key in span.float().numpy().astype(np.float64) - mean
            ]
            best[i, j] = max(cosines)
    return best
