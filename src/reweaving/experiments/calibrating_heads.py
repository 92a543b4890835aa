"""Retrieval heads: those that look at the right one of many woven spans while they read a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import torch

from reweaving.adapters.base import evaluating
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry
from reweaving.weaving.attribution import AttentionMass

Question = tuple[list[int], list[MemoryEntry], tuple[frozenset[int], ...]]
"""A question's own tokens, what is woven for it, and for each value it needs where that is told."""


class HeadAttention(AttentionMass):
    """Keeps what each head of each woven layer looks at, instead of the mean over them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: list[torch.Tensor] = []

    def add(self, weights: torch.Tensor) -> None:
        """Take one layer's weights on the slots, ``(1, heads, queries, slots)``; layers come in order."""
        self.layers.append(weights.detach()[0].float().cpu())


def retrieval_heads(woven: Reweaver, questions: Sequence[Question]) -> list[tuple[int, int, float]]:
    """Heads by the share of questions for which a right span got most of their attention, best first.

    Attention is summed over the question's tokens and a span's slots, so a span is not favoured for
    being short; all spans of a question are of about one length.
    """
    hits: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for ids, entries, needed in questions:
        right = frozenset().union(*needed)
        if not right or len(right) == len(entries):
            continue
        places = {entry.id: at for at, entry in enumerate(entries)}
        for layer, looked in enumerate(_looked_at(woven, ids, entries, places)):
            for head, best in enumerate(looked.argmax(dim=1).tolist()):
                hits[layer, head].append(best in right)
    shares = [(layer, head, round(sum(h) / len(h), 4)) for (layer, head), h in hits.items()]
    return sorted(shares, key=lambda share: (-share[2], share[0], share[1]))


@torch.no_grad()
def _looked_at(
    woven: Reweaver, words: Sequence[int], entries: Sequence[MemoryEntry], places: dict[str, int]
) -> list[torch.Tensor]:
    """For each layer the attention of each head on each span, ``(heads, spans)``."""
    ids, start, stop = woven.chat.asking(words)
    seen = HeadAttention()
    with woven.weaving(entries), evaluating(woven.model):
        record = woven.last_weave
        if record is None:
            raise LookupError("nothing is woven")
        record.weave.attention = seen
        given = torch.tensor([ids], device=woven.adapter.entry_device)
        woven.model(input_ids=given, use_cache=False)
        slots = record.weave.layouts[0].slot_ranges()
    found = []
    for weights in seen.layers:  # (heads, queries, slots)
        mass = weights[:, start:stop].sum(dim=1)
        spans = torch.zeros(len(mass), len(places))
        for key, at in places.items():
            spans[:, at] = mass[:, slots.get(key, [])].sum(dim=1)
        found.append(spans)
    return found
