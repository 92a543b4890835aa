"""What a memory and its stores hand each other besides entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Selection:
    """Which entries a scan yields: every condition that is set must hold.

    Parameters
    ----------
    session
        The entry's ``sequence_id``; 1 and ``"1"`` are different sessions.
    text
        Occurs in the entry's text, upper and lower case alike.
    before
        The entry was read earlier than this, in seconds since the epoch.
    newest_first
        Order by age instead of by (session, position).
    limit
        At most so many.
    """

    session: int | str | None = None
    text: str | None = None
    before: float | None = None
    newest_first: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Deletion:
    """What a deletion took away: ids, tokens, and what happened to each file concerned.

    Attributes
    ----------
    files
        File name inside the store to ``"unlinked"``, ``"rewritten"``, ``"truncated"`` or, when
        another process was reading for longer than the busy timeout, ``"busy"``.
    """

    ids: tuple[str, ...] = ()
    tokens: int = 0
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holding:
    """What capacity and tiers need to know of an entry: its size, its use, its place; not its content.

    Attributes
    ----------
    tokens, bytes
        Length of the span, and what payload and retrieval key take; equal payloads count each time.
    created, last_access
        Seconds since the epoch.
    """

    id: str
    layers: tuple[int, ...]
    tier: str
    pinned: bool
    tokens: int
    bytes: int
    relevance: float
    created: float
    access_count: int
    last_access: float


@dataclass(frozen=True)
class Room:
    """What has to happen in the transaction that stores new entries, so that they fit.

    Attributes
    ----------
    generation
        Of the namespace, when this was worked out; at any other one it is not valid any more.
    evicted
        Ids of entries that go; each is an event ``"evicted"``.
    moved
        Ids of entries to the tier that they move to.
    """

    generation: int
    evicted: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class KeyState:
    """The retrieval key of one entry, and where the entry stands in its session."""

    id: str
    session: int | str
    position: int
    state: torch.Tensor  # (tokens, hidden)


@dataclass(frozen=True, slots=True)
class KeyMark:
    """That an entry has a retrieval key, and which.

    Attributes
    ----------
    mark
        Another number for another key of the same entry.
    trust
        The entry's trust tier.
    """

    id: str
    mark: int
    trust: str
