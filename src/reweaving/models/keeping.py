"""From what one sequence left behind to what is held of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from reweaving.errors import CapacityError
from reweaving.events import span
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models.out_of_memory import MEMORY_ERRORS, first_line, is_out_of_memory, shrink
from reweaving.models.settings import CMRConfig
from reweaving.scoring.relevance import RelevanceScorer
from reweaving.types import MemoryEntry

_BEST_SHARE = 4


@dataclass(frozen=True)
class SpanKeeper:
    """Scores what one pass captured, and holds what is worth it.

    Attributes
    ----------
    scorer
        Callable ``(hidden_states, attention_mask)``.
    layer
        At whose input states are scored.
    model
        Whose states they are; events name it.
    """

    scorer: nn.Module
    layer: int
    settings: CMRConfig
    buffer: LayeredMemoryBuffer
    model: nn.Module

    def rows(
        self,
        captured: Sequence[Sequence[MemoryEntry]],
        next_sequence: Callable[[], int],
        logits: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> list[MemoryEntry]:
        """Hold what reaches the threshold; when memory runs out, the buffer is made smaller.

        Parameters
        ----------
        captured
            One list of entries per row; each is a sequence of its own.
        next_sequence
            Numbers the sequences.
        logits
            What the model predicted behind each token, ``(batch, tokens, vocab)``.
        mask
            0 for padding, ``(batch, tokens)``.
        """
        kept: list[MemoryEntry] = []
        failure = ""
        try:
            for row, entries in enumerate(captured):
                if not entries:  # nothing but padding
                    continue
                number = next_sequence()
                seen = None
                if logits is not None:
                    seen = logits[row] if mask is None else logits[row][mask[row] != 0]
                kept += self._one(entries, number, seen)
        except MEMORY_ERRORS as error:
            if not is_out_of_memory(error):
                raise
            failure = first_line(error)
        if failure:
            shrink(self.buffer, failure)
        return [entry for entry in kept if entry.id in self.buffer]

    def _one(
        self, entries: Sequence[MemoryEntry], number: int, logits: torch.Tensor | None
    ) -> list[MemoryEntry]:
        with span("remember", self.model) as told:
            with span("score", self.model):
                scores = token_scores(self.scorer, entries, self.layer, logits)
            with span("store", self.model):
                kept = keep(entries, scores, number, self.settings, self.buffer)
            told.count(tokens=sum(entry.tokens for entry in entries), entries=len(kept))
        return kept


def token_scores(
    scorer: nn.Module, entries: Sequence[MemoryEntry], layer: int, logits: torch.Tensor | None
) -> torch.Tensor:
    """One score per token of a sequence, ``(tokens,)``.

    Parameters
    ----------
    scorer
        Callable ``(hidden_states, attention_mask)``; our own also sees token ids and logits.
    entries
        The sequence, with residual states.
    layer
        At whose input the states are scored.
    logits
        What the model predicted behind each token, ``(tokens, vocab)``.
    """
    held = [
        entry.hidden_state[entry.layers.index(layer)]
        for entry in entries
        if entry.hidden_state is not None
    ]
    states = torch.cat(held)[None]  # (1, tokens, hidden)
    mask = torch.ones(states.shape[:2], dtype=torch.long, device=states.device)
    if isinstance(scorer, RelevanceScorer):
        ids = torch.tensor([[token for entry in entries for token in entry.token_ids]])
        more = {"token_ids": ids.to(states.device)}
        if logits is not None:
            more["logits"] = logits[None]
        scores = scorer(states, mask, **more)
    else:
        scores = scorer(states, mask)
    return torch.as_tensor(scores)[0]


def span_relevance(scores: torch.Tensor) -> float:
    """Relevance of a span: the mean of its best quarter, at least one token.

    What a span is remembered for is said in a few of its words; the mean over all of them would sink
    with every word around.

    Parameters
    ----------
    scores
        Of the span's tokens, in [0, 1], shape ``(tokens,)``.
    """
    best = scores.float().topk(-(-len(scores) // _BEST_SHARE)).values
    return float(best.mean())


def keep(
    entries: Sequence[MemoryEntry],
    scores: torch.Tensor,
    sequence_id: int,
    settings: CMRConfig,
    buffer: LayeredMemoryBuffer,
) -> list[MemoryEntry]:
    """Mark a sequence's entries and hold those that reach the threshold; returns these.

    Parameters
    ----------
    scores
        Of all their tokens, ``(tokens,)``.
    """
    of_each = scores.split([entry.tokens for entry in entries])
    for entry, of_tokens in zip(entries, of_each, strict=True):
        entry.relevance_score = span_relevance(of_tokens)
        entry.sequence_id = sequence_id
    worth = [e for e in entries if e.relevance_score >= settings.relevance_threshold]
    kept = []
    for entry in _most_relevant(worth, settings.max_states_per_layer):
        try:
            buffer.add_entry(entry)
        except CapacityError:
            break  # what is held is pinned: there is no room for more
        kept.append(entry)
    return kept


def _most_relevant(entries: Sequence[MemoryEntry], most_tokens: int | None) -> list[MemoryEntry]:
    """The most relevant entries that have no more tokens together, in their own order."""
    if most_tokens is None:
        return list(entries)
    chosen: set[str] = set()
    room = most_tokens
    for entry in sorted(entries, key=lambda entry: -entry.relevance_score):
        if entry.tokens <= room:
            chosen.add(entry.id)
            room -= entry.tokens
    return [entry for entry in entries if entry.id in chosen]
