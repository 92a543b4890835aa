"""What was woven into the last answer, and how much attention it got."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from reweaving.adapters.base import evaluating
from reweaving.capture.hooks import recording
from reweaving.errors import InputError
from reweaving.types import Findings, MemoryEntry, Recollection, Verdict
from reweaving.weaving.active import weaving
from reweaving.weaving.attribution import AttentionMass
from reweaving.weaving.weave import Weave


@dataclass
class _Answer:
    """Sequences that `generate` finished, prompt included, shape ``(batch, tokens)``."""

    sequences: torch.Tensor
    mask: torch.Tensor | None
    prompt: int
    ends: tuple[int, ...]

    def length(self, sequence: int) -> int:
        """Tokens that one sequence generated, with the one that ended it and without padding behind it."""
        made = self.sequences[sequence, self.prompt :]
        ended = torch.isin(made, made.new_tensor(self.ends)).nonzero()
        return int(ended[0]) + 1 if len(ended) else len(made)


class WovenRow:
    """What was woven into one row of a request."""

    def __init__(
        self, record: WeaveRecord, row: int, recollections: Sequence[Recollection]
    ) -> None:
        self._record, self._row = record, row
        self.recollections = list(recollections)
        """What was woven, best first."""
        self.judged = recollections.judged if isinstance(recollections, Findings) else None
        """What the model said of its memories, and what asking it cost; None where it was not asked."""

    @property
    def entries(self) -> list[MemoryEntry]:
        """The woven entries, in the order of their positions."""
        return self._record.weave.layouts[self._row].entries if self.recollections else []

    @property
    def positions(self) -> dict[str, list[int]]:
        """Entry id to its tokens' positions, counted back from the request's first token: …, -2, -1."""
        if not self.recollections:
            return {}
        layout = self._record.weave.layouts[self._row]
        return {
            key: [slot - layout.slots for slot in slots]
            for key, slots in layout.slot_ranges().items()
        }

    @property
    def attention(self) -> dict[str, float]:
        """Entry id to its share of attention, averaged over generated tokens, woven layers and heads."""
        return {
            key: sum(shares) / max(len(shares), 1)
            for key, shares in self.attention_per_token.items()
        }

    @property
    def attention_per_token(self) -> dict[str, list[float]]:
        """Entry id to its share of attention for each generated token.

        With several returned sequences or beams per row, of the first.

        Raises
        ------
        InputError
            When nothing has been generated with this weave yet.
        AttachmentError
            When the memory has been detached from its model since.
        """
        if not self.recollections:
            return {}
        weave = self._record.weave
        mine = self._record.measured(self._row)  # (generated, slots)
        layout = weave.layouts[self._row]
        pad = weave.slots - layout.slots
        return {
            key: mine[:, [pad + slot for slot in slots]].sum(-1).tolist()
            for key, slots in layout.slot_ranges().items()
        }


@dataclass(eq=False)
class WeaveRecord:
    """One request: its recollections, their positions and, on demand, their attention.

    For the usual request of one row `recollections`, `positions` and `attention` are at hand; a batch has them
    row by row in `rows`. Attention is measured when it is asked for, by running the finished sequences once
    more with the same memory, so generating costs nothing extra. ``len()`` is how many spans were woven.

    Parameters
    ----------
    found
        What was woven, per row.
    weave
        The memory itself.
    require_attached
        Raises when the model has been given back.
    """

    found: Sequence[Sequence[Recollection]]
    weave: Weave
    model: Any
    require_attached: Callable[[], None]
    _answer: _Answer | None = field(default=None, init=False)
    _shares: torch.Tensor | None = field(default=None, init=False)

    def __len__(self) -> int:
        return sum(len(row) for row in self.found)

    @property
    def rows(self) -> list[WovenRow]:
        """The request's rows."""
        return [WovenRow(self, row, found) for row, found in enumerate(self.found)]

    @property
    def recollections(self) -> list[Recollection]:
        """What was woven, best first."""
        return self._only.recollections

    @property
    def judged(self) -> Verdict | None:
        """See `WovenRow.judged`."""
        return self._only.judged

    @property
    def entries(self) -> list[MemoryEntry]:
        """See `WovenRow.entries`."""
        return self._only.entries

    @property
    def positions(self) -> dict[str, list[int]]:
        """See `WovenRow.positions`."""
        return self._only.positions

    @property
    def attention(self) -> dict[str, float]:
        """See `WovenRow.attention`."""
        return self._only.attention

    @property
    def attention_per_token(self) -> dict[str, list[float]]:
        """See `WovenRow.attention_per_token`."""
        return self._only.attention_per_token

    @property
    def _only(self) -> WovenRow:
        if len(self.found) != 1:
            raise InputError(f"this request has {len(self.found)} rows; ask last_weave.rows[i]")
        return self.rows[0]

    def finish(
        self,
        sequences: torch.Tensor,
        mask: torch.Tensor | None,
        prompt: int,
        ends: Sequence[int],
    ) -> None:
        """Keep what came out, for attribution; called when `generate` returns."""
        self._answer, self._shares = _Answer(sequences, mask, prompt, tuple(ends)), None

    def measured(self, row: int) -> torch.Tensor:
        """One row's shares of attention, of its first sequence: ``(generated, slots)``."""
        self.require_attached()
        if self._answer is None:
            raise InputError(
                "attention is measured over generated tokens; call model.generate first"
            )
        if self._shares is None:
            self._shares = self._measure(self._answer)  # (batch, generated, slots)
        first = row * (self._shares.shape[0] // self.weave.rows)
        return self._shares[first, : self._answer.length(first)]

    def _measure(self, answer: _Answer) -> torch.Tensor:
        ids, mask = answer.sequences[:, :-1], answer.mask
        if mask is not None:
            mask = mask.repeat_interleave(ids.shape[0] // mask.shape[0], 0)
            mask = torch.nn.functional.pad(mask, (0, ids.shape[1] - mask.shape[1]), value=1)
        mass = AttentionMass()
        self.weave.attention = mass
        try:
            with torch.no_grad(), evaluating(self.model), weaving(self.weave), recording(None):
                # Without the output layer: nobody asks for logits here.
                self.weave.adapter.decoder(input_ids=ids, attention_mask=mask, use_cache=False)
        finally:
            self.weave.attention = None
        # The token at t was chosen by the query at t - 1.
        return mass.mean()[:, answer.prompt - 1 :]
