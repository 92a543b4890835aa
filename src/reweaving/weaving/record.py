"""What was woven into the last answer, and how much attention it got."""

from __future__ import annotations

from typing import Any

import torch

from reweaving.adapters.base import evaluating
from reweaving.errors import InputError
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving.attribution import AttentionMass
from reweaving.weaving.weave import Weave, weaving


class WeaveRecord:
    """One `generate`: its recollections, their positions, and on demand their attention.

    Attention is measured only when asked for, by running the finished sequences once more with the same
    memory; generating costs nothing extra.
    """

    def __init__(self, rows: list[list[Recollection]], weave: Weave | None, model: Any) -> None:
        self._rows, self.weave, self._model = rows, weave, model
        self._sequences: torch.Tensor | None = None
        self._mask: torch.Tensor | None = None
        self._prompt = 0
        self._attention: torch.Tensor | None = None

    def finish(self, sequences: torch.Tensor, mask: torch.Tensor | None, prompt: int) -> None:
        """Keep what came out; called when `generate` returns."""
        self._sequences, self._mask, self._prompt = sequences, mask, prompt

    def recollections(self, row: int = 0) -> list[Recollection]:
        """What was woven into a row, best first."""
        return list(self._rows[row])

    def entries(self, row: int = 0) -> list[MemoryEntry]:
        """What was woven into a row, in the order of its positions."""
        return [] if self.weave is None else self.weave.layouts[row].entries

    def positions(self, row: int = 0) -> dict[str, list[int]]:
        """Entry id to the positions of its tokens, counted back from the request's first token (-1, -2, …)."""
        if self.weave is None:
            return {}
        layout = self.weave.layouts[row]
        return {
            key: [slot - layout.slots for slot in slots]
            for key, slots in layout.slot_ranges().items()
        }

    def attention_per_token(self, row: int = 0) -> dict[str, list[float]]:
        """Entry id to its share of attention for each generated token, averaged over woven layers and heads.

        Raises
        ------
        InputError
            When nothing has been generated with this weave yet.
        """
        if self.weave is None:
            return {}
        shares = self._measured()
        layout = self.weave.layouts[row]
        pad = self.weave.slots - layout.slots
        return {
            key: shares[row][:, [pad + slot for slot in slots]].sum(-1).tolist()
            for key, slots in layout.slot_ranges().items()
        }

    def attention(self, row: int = 0) -> dict[str, float]:
        """Entry id to its mean share of attention over the generated tokens."""
        return {
            key: sum(shares) / max(len(shares), 1)
            for key, shares in self.attention_per_token(row).items()
        }

    def _measured(self) -> torch.Tensor:
        if self._attention is None:
            if self.weave is None or self._sequences is None:
                raise InputError(
                    "attention is measured over generated tokens; call model.generate first"
                )
            mass = AttentionMass()
            ids = self._sequences[:, :-1]
            mask = self._mask
            if mask is not None:
                times = ids.shape[0] // mask.shape[0]
                mask = mask.repeat_interleave(times, 0)
                mask = torch.nn.functional.pad(mask, (0, ids.shape[1] - mask.shape[1]), value=1)
            self.weave.attention = mass
            try:
                with torch.no_grad(), evaluating(self._model), weaving(self.weave):
                    self._model(input_ids=ids, attention_mask=mask, use_cache=False)
            finally:
                self.weave.attention = None
            # The token at t was chosen by the query at t - 1.
            self._attention = mass.mean()[:, self._prompt - 1 :]  # (batch, generated, slots)
        return self._attention
