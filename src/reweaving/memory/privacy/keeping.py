"""What a message is kept with: labels, where it came from, how far it is believed, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError
from reweaving.types import MemoryEntry

Trust = Literal["trusted", "user", "untrusted"]


class Keeping(Settings):
    """What every entry of one call to `remember` is kept with.

    Parameters
    ----------
    metadata
        The user's own JSON-compatible values.
    tags
        Short labels.
    source
        Where the text came from: a person, a page, a tool.
    trust
        ``"trusted"``, ``"user"`` or ``"untrusted"``; None is ``"user"``. From a source that the memory
        does not trust, only ``"trusted"`` keeps an entry out of quarantine.
    ttl_seconds
        How long it is kept, and for how long each use prolongs that; None for the memory's own time.
    """

    metadata: dict[str, Any] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    source: str = ""
    trust: Trust | None = None
    ttl_seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    def mark(self, entries: Iterable[MemoryEntry]) -> None:
        """Write all this into entries that are not stored yet."""
        for entry in entries:
            entry.metadata = dict(self.metadata)
            entry.tags, entry.source, entry.ttl_seconds = self.tags, self.source, self.ttl_seconds
            entry.trust = self.trust or entry.trust


def is_kept(message: Mapping[str, Any]) -> bool:
    """Whether a message may be stored: ``"remember": False`` says that it is read and not kept.

    Raises
    ------
    InputError
        For anything but True and False: a wish for privacy is not guessed at.
    """
    kept = message.get("remember", True)
    if not isinstance(kept, bool):
        raise InputError(
            f'a message has "remember": {kept!r}, which is neither True nor False; nothing was stored'
        )
    return kept
