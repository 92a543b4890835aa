"""What a store knows of a namespace besides its entries: generation, notes, events, counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One thing that happened to an entry; never holds its content.

    Attributes
    ----------
    what
        ``"added"``, ``"updated"``, ``"evicted"`` (to make room) or ``"forgotten"``.
    at
        Seconds since the epoch.
    detail
        Names of changed fields, or counts.
    """

    entry_id: str
    what: str
    at: float
    detail: dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How much a namespace holds."""

    entries: int
    tokens: int
    sessions: int
    pinned: int
    key_bytes: int
    payload_bytes: int


class Ledger(ABC):
    """The book that a store keeps beside its entries.

    Life: made by the store and valid until the store is closed. The store itself enters events
    and raises generations, in the transaction of the change they belong to; `reweaving.Memory`
    reads them, and writes notes. Called from any thread.
    """

    @abstractmethod
    def generation(self, namespace: str) -> int:
        """A number that grows with every change of what could be recalled; it never falls."""

    @abstractmethod
    def note(self, namespace: str, key: str) -> Any:
        """The JSON value kept under `key`, or None."""

    @abstractmethod
    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a small JSON value under `key`; None removes it."""

    @abstractmethod
    def history(self, namespace: str, entry_id: str) -> list[Event]:
        """What happened to an entry, oldest first; it outlives the entry."""

    @abstractmethod
    def counts(self, namespace: str) -> Counts:
        """How much the namespace holds."""

    @abstractmethod
    def clear(self, namespace: str, keep: Sequence[str] = ()) -> None:
        """Remove events of a namespace, and its notes but those under `keep`; its generation goes on.

        All of it or nothing: whoever is killed meanwhile loses no note that was to be kept.
        """
