"""What a buffer holds for a batch of prompts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from reweaving.events import span
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models.requests import weavable
from reweaving.retrieval.advanced import AdvancedMemoryRetriever
from reweaving.retrieval.base import RetrievalContext
from reweaving.reweaver import Reweaver
from reweaving.types import Recollection

_SPARE = 4


@dataclass(frozen=True)
class BufferRecall:
    """Finds what each prompt of one pass is read with.

    Attributes
    ----------
    layer
        Whose states are compared.
    budget
        Most entries woven into one prompt.
    tokenizer
        Gives prompts their words; None where entries have no text either.
    """

    woven: Reweaver
    retriever: AdvancedMemoryRetriever
    buffer: LayeredMemoryBuffer
    layer: int
    budget: int
    tokenizer: Any = None

    def rows(
        self,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        sequence_id: int,
        task_type: str | None,
    ) -> list[list[Recollection]]:
        """What can be woven into each row of ids ``(batch, tokens)``, best first.

        Parameters
        ----------
        sequence_id
            Number of the first row's sequence.
        """
        with span("recall", self.woven.model) as told:
            found = [
                weavable(
                    self._found(read, states, sequence_id, task_type),
                    row,
                    self.woven.woven_layers,
                    self.budget,
                )
                for row, (read, states) in zip(
                    ids.tolist(), self.woven.request_states(ids, mask), strict=True
                )
            ]
            hits = list(itertools.chain.from_iterable(found))
            for hit in hits:
                self.buffer.get(hit.entry.id)  # notes that it was used
            told.count(rows=len(found), entries=len(hits), tokens=sum(hit.tokens for hit in hits))
        return found

    def _found(
        self, ids: Sequence[int], states: torch.Tensor, sequence_id: int, task_type: str | None
    ) -> list[Recollection]:
        """What is held for a request of token ids and states ``(tokens, hidden)``, best first."""
        words = () if self.tokenizer is None else tuple(self.tokenizer.decode([i]) for i in ids)
        context = RetrievalContext(
            current_sequence_id=sequence_id,
            current_layer_idx=self.layer,
            current_hidden_states=states,
            # More than are woven: some may not fit, or stand in the prompt already.
            retrieval_budget=_SPARE * self.budget,
            task_type=task_type,
            query_text="".join(words),
            query_words=words,
        )
        return self.retriever.retrieve_memories(context)
