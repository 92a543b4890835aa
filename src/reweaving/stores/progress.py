"""How a long call tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told by a long call how far it is; called on the thread that does the work."""

    def __call__(self, done: int, total: int, what: str = "", /) -> None:
        """`done` of `total` steps are behind, 0 for an unknown total; `what` is being done."""


def silent(done: int, total: int, what: str = "", /) -> None:
    """Tell nobody."""
    del done, total, what
