"""The model as judge: what it would say to a request with each memory alone before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from reweaving.adapters.base import BackboneAdapter, evaluating
from reweaving.capture.hooks import recording
from reweaving.types import MemoryEntry
from reweaving.weaving.active import weaving
from reweaving.weaving.weave import Weave

ABSTENTION = "I don't know"
"""How an answer begins that says that nothing is known."""

_LOGIT_BYTES = 256 * 2**20

Build = Callable[[Sequence[Sequence[MemoryEntry]]], Weave]
"""One list of entries per row to a weave."""


@dataclass(frozen=True, eq=False)
class Request:
    """What is judged.

    Attributes
    ----------
    ids
        The request's own message with what the chat template puts around it, up to where the answer
        begins.
    start, stop
        Where the asked words lie in it.
    """

    ids: tuple[int, ...]
    start: int
    stop: int

    @classmethod
    def of(cls, asked: tuple[Sequence[int], int, int]) -> Request:
        """From what `ChatFormat.asking` gives."""
        ids, start, stop = asked
        return cls(tuple(ids), start, stop)


@dataclass(frozen=True, eq=False)
class Hearing:
    """What the model says of each candidate, on the CPU in fp32.

    Attributes
    ----------
    unknown
        log p of the abstention's first tokens as the answer, with the candidate alone, ``(candidates,)``.
    asked
        log p of each asked word's tokens with the candidate alone, ``(candidates, tokens)``.
    unknown_alone, asked_alone
        The same with nothing woven: a number, and ``(tokens,)``.
    seconds, tokens
        What it cost: time, and tokens that were read.
    """

    unknown: torch.Tensor
    asked: torch.Tensor
    unknown_alone: float
    asked_alone: torch.Tensor
    seconds: float = 0.0
    tokens: int = 0

    @property
    def gains(self) -> torch.Tensor:
        """How much likelier each token of the question is with each candidate, in nats, ``(candidates, tokens)``."""
        return self.asked - self.asked_alone

    def and_then(self, more: Hearing) -> Hearing:
        """Add what was said of further candidates behind these."""
        return Hearing(
            torch.cat([self.unknown, more.unknown]),
            torch.cat([self.asked, more.asked]),
            self.unknown_alone,
            self.asked_alone,
            self.seconds + more.seconds,
            self.tokens + more.tokens,
        )


class Witness:
    """Reads a request behind each candidate alone, all in one batch.

    Parameters
    ----------
    adapter
        Of the attached model.
    tokenizer
        Its tokenizer, for the abstention.
    build
        Makes weaves; the attached model's own.
    longest
        Most tokens of the abstention that are looked at: the first ones decide.
    """

    def __init__(
        self, adapter: BackboneAdapter, tokenizer: Any, build: Build, longest: int = 4
    ) -> None:
        self._adapter, self._build = adapter, build
        encoded = tokenizer(ABSTENTION, add_special_tokens=False)["input_ids"]
        self._abstention = list(encoded)[:longest]

    def hear(self, request: Request, candidates: Sequence[Sequence[MemoryEntry]]) -> Hearing:
        """Read the request once per candidate, and once with nothing woven.

        Parameters
        ----------
        candidates
            Entries that are woven together into one row each.
        """
        began = time.perf_counter()
        ids = [*request.ids, *self._abstention[:-1]]
        rows: list[Sequence[MemoryEntry]] = [(), *candidates]
        vocabulary = int(self._adapter.config.vocab_size)
        at_once = max(1, _LOGIT_BYTES // (4 * len(ids) * vocabulary))
        read = [
            self._read(ids, request, rows[first : first + at_once])
            for first in range(0, len(rows), at_once)
        ]
        unknown = torch.cat([part for part, _ in read])  # (rows,)
        asked = torch.cat([part for _, part in read])  # (rows, tokens)
        return Hearing(
            unknown[1:],
            asked[1:],
            float(unknown[0]),
            asked[0],
            time.perf_counter() - began,
            len(rows) * len(ids),
        )

    def _read(
        self, ids: Sequence[int], request: Request, rows: Sequence[Sequence[MemoryEntry]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        weave = self._build(rows)
        batch = torch.tensor([list(ids)] * len(rows), device=self._adapter.entry_device)
        with torch.no_grad(), evaluating(self._adapter.model), weaving(weave), recording(None):
            logits = self._adapter.model(input_ids=batch, use_cache=False).logits
        first = max(request.start, 1)  # nothing predicts the very first token
        asked = _log_likelihoods(logits[:, first - 1 : request.stop - 1], ids[first : request.stop])
        answer = logits[:, len(request.ids) - 1 :]  # (rows, abstention, vocabulary)
        return _log_likelihoods(answer, self._abstention).sum(dim=1), asked


def _log_likelihoods(logits: torch.Tensor, ids: Sequence[int]) -> torch.Tensor:
    """Read off log p of the tokens ``ids``: ``(rows, tokens, vocabulary)`` to ``(rows, tokens)``, on the CPU."""
    logits = logits.float()
    chosen = torch.tensor(list(ids), device=logits.device)[None, :, None]
    picked = logits.gather(2, chosen.expand(len(logits), -1, 1))[:, :, 0]
    return (picked - logits.logsumexp(dim=2)).cpu()
