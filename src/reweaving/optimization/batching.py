"""Requests of about one length in one batch, so that little of it is padding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError


class BatchConfig(Settings):
    """How large a batch may be.

    Parameters
    ----------
    max_rows
        Most requests in one.
    max_tokens
        Most tokens in one, padding included; a single longer request goes alone.
    """

    max_rows: int = Field(default=16, gt=0)
    max_tokens: int = Field(default=8192, gt=0)


class BatchProcessingOptimizer:
    """Plans batches by length and gives results back in the order in which they were asked for."""

    def __init__(self, config: BatchConfig | None = None) -> None:
        self.config = config or BatchConfig()
        self._real = self._padded = self._as_given = 0
        self._batches = 0

    def plan(self, lengths: Sequence[int]) -> list[list[int]]:
        """Batches of places in `lengths`, each row in exactly one.

        By length, longest first; in the order of arrival where that pads less, which only a last batch that
        is not full can bring about.

        Raises
        ------
        InputError
            For a request without tokens.
        """
        if any(length < 1 for length in lengths):
            raise InputError(f"a request has {min(lengths)} tokens; leave empty ones out")
        given = range(len(lengths))
        by_length = self._cut(lengths, sorted(given, key=lambda at: -lengths[at]))
        return min(
            (by_length, self._cut(lengths, given)),
            key=lambda batches: padding_share(lengths, batches),
        )

    def _cut(self, lengths: Sequence[int], order: Iterable[int]) -> list[list[int]]:
        """Fill batches in that order, up to the most rows and the most tokens, padding counted."""
        batches: list[list[int]] = []
        width = 0
        for at in order:
            width = max(width, lengths[at])
            batch = batches[-1] if batches else []
            full = len(batch) == self.config.max_rows
            if not batch or full or (len(batch) + 1) * width > self.config.max_tokens:
                batches.append([at])
                width = lengths[at]
            else:
                batch.append(at)
        return batches

    def run(
        self,
        call: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
        rows: Sequence[torch.Tensor],
        pad_id: int = 0,
    ) -> list[torch.Tensor]:
        """Run requests in planned batches.

        Parameters
        ----------
        call
            Given ids and their mask ``(batch, tokens)``, padded on the right; gives ``(batch, tokens, …)``.
        rows
            Token ids, each of shape ``(tokens,)``.

        Returns
        -------
        list of torch.Tensor
            For each request ``(tokens, …)``, without padding.
        """
        results: dict[int, torch.Tensor] = {}
        for batch in self.plan([len(row) for row in rows]):
            width = max(len(rows[at]) for at in batch)
            ids = torch.full((len(batch), width), pad_id, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for place, at in enumerate(batch):
                ids[place, : len(rows[at])] = rows[at]
                mask[place, : len(rows[at])] = 1
            made = call(ids, mask)
            for place, at in enumerate(batch):
                results[at] = made[place, : len(rows[at])]
            self._real += int(mask.sum())
            self._padded += mask.numel()
            self._batches += 1
        self._as_given += len(rows) * max((len(row) for row in rows), default=0)
        return [results[at] for at in range(len(rows))]

    def stats(self) -> dict[str, Any]:
        """Share of padding in what was run, and what it would have been in the batches as they came."""
        return {
            "batches": self._batches,
            "padding_share": _padding(self._real, self._padded),
            "padding_share_before": _padding(self._real, self._as_given),
        }


def padding_share(lengths: Sequence[int], batches: Sequence[Sequence[int]]) -> float:
    """How much of some batches is padding, in [0, 1)."""
    room = sum(len(batch) * max(lengths[at] for at in batch) for batch in batches if batch)
    return _padding(sum(lengths), room)


def _padding(real: int, room: int) -> float:
    return 1 - real / room if room else 0.0
