"""Ctrl-C as a wish to stop the answer, not as an exception in the middle of whatever is running."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import StoppingCriteria


class Stop(StoppingCriteria):
    """Ends a generation after the token at which it was asked to."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:  # noqa: ARG002 - the name is transformers'
        """Whether each row, of ``(batch, tokens)``, is to end."""
        return torch.full((input_ids.shape[0],), self.asked, device=input_ids.device)


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Stop]:
    """The first Ctrl-C asks to stop, a second one interrupts as usual; only on the main thread."""
    stop = Stop()

    def handle(number: int, frame: Any) -> None:
        if stop.asked:
            signal.default_int_handler(number, frame)
        stop.asked = True

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
