"""Which tokens of which entries are woven, in which order, at which positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from reweaving.types import MemoryEntry


@dataclass(frozen=True)
class Segment:
    """Tokens ``first … first + length`` of one entry, woven side by side."""

    entry: MemoryEntry
    first: int
    length: int

    @property
    def is_start(self) -> bool:
        """Whether this is the start-of-sequence token alone."""
        return self.entry.position_idx == 0 and self.first == 0 and self.length == 1


@dataclass(frozen=True)
class Layout:
    """The woven tokens of one request: one start token, then spans in (session, time) order."""

    segments: tuple[Segment, ...]

    @property
    def slots(self) -> int:
        """How many tokens are woven."""
        return sum(segment.length for segment in self.segments)

    @property
    def entries(self) -> list[MemoryEntry]:
        """The woven entries, each once, in order; a start token alone is no entry."""
        seen = {s.entry.id: s.entry for s in self.segments if not s.is_start}
        return list(seen.values())

    def slot_ranges(self) -> dict[str, list[int]]:
        """Entry id to the slots that it fills; the start token in front belongs to none."""
        ranges: dict[str, list[int]] = {}
        at = 0
        for segment in self.segments:
            if not segment.is_start:
                ranges.setdefault(segment.entry.id, []).extend(range(at, at + segment.length))
            at += segment.length
        return ranges

    def last_read_position(self) -> int:
        """Highest position, in its own session, of any woven token; -1 when nothing is woven."""
        return max(
            (s.entry.position_idx + s.first + s.length - 1 for s in self.segments), default=-1
        )


def lay_out(entries: Iterable[MemoryEntry], sink: MemoryEntry | None = None) -> Layout:
    """Order entries by (session, time) and keep exactly one start-of-sequence token, in front.

    Attention parks what it has no use for on the start token; without one, answers suffer (design §4), and with
    one per span they would attend to the wrong places. It sees only itself, so any session's will do.

    Parameters
    ----------
    entries
        What to weave, in any order. An entry woven twice is woven once.
    sink
        The model's start token as an entry of one token, for the case that no entry brings one.
    """
    unique = {entry.id: entry for entry in entries}
    ordered = in_reading_order(unique.values())
    if not ordered:
        return Layout(())
    start = next((entry for entry in ordered if entry.position_idx == 0), sink)
    segments = [] if start is None else [Segment(start, 0, 1)]
    for entry in ordered:
        first = 1 if entry.position_idx == 0 else 0
        if entry.tokens > first:
            segments.append(Segment(entry, first, entry.tokens - first))
    return Layout(tuple(segments))


def in_reading_order(entries: Iterable[MemoryEntry]) -> list[MemoryEntry]:
    """Sessions by the time of their earliest entry here, entries by their place in the session."""
    listed = list(entries)
    began: dict[int | str, float] = {}
    for entry in listed:
        began[entry.sequence_id] = min(
            entry.timestamp, began.get(entry.sequence_id, entry.timestamp)
        )
    return sorted(
        listed,
        key=lambda e: (began[e.sequence_id], str(e.sequence_id), e.position_idx, e.timestamp),
    )


def memory_positions(
    counts: torch.Tensor, slots: int, starts: torch.Tensor, request_length: int, trained_length: int
) -> torch.Tensor:
    """Rotary positions of woven tokens: contiguous, right before the request's first token.

    The request keeps its own positions, so `generate` and carried-over caches need no change. Where memory and
    request together exceed the trained length, the oldest tokens share the farthest trained position.

    Parameters
    ----------
    counts
        Woven tokens per row, shape ``(batch,)``; rows are padded on the left to ``slots``.
    starts
        Position of each row's first real request token, shape ``(batch,)``.
    request_length
        Tokens of the longest row's request, with what it may still generate.

    Returns
    -------
    torch.Tensor
        Shape ``(batch, slots)``; padded slots hold the row's first position.
    """
    at = torch.arange(-slots, 0, device=counts.device)[None, :]  # (1, slots)
    room = max(trained_length - request_length, 0)
    nearest = torch.clamp(counts, max=room)[:, None]  # (batch, 1)
    return starts[:, None] + torch.maximum(at, -nearest)  # (batch, slots)
