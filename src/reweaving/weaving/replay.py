"""Codec ``replay``: states are made again from token ids when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import torch

from reweaving.types import MemoryEntry

_Reread = tuple[int | tuple[int, ...], torch.Tensor]


def reread(
    entries: Sequence[MemoryEntry],
    session_of: Callable[[int | str], Iterable[MemoryEntry]],
    opening: Sequence[int],
    read: Callable[[torch.Tensor], list[MemoryEntry]],
    longest: int,
) -> list[MemoryEntry]:
    """Entries with states: those of codec ``replay`` are read again, behind what came before them.

    Parameters
    ----------
    entries
        What is to be woven. Entries with states are handed back as they are.
    session_of
        What else is known of a session.
    opening
        Tokens that sessions begin with and that are never stored (start token, system prompt).
    read
        Reads token ids ``(1, tokens)`` and returns entries of codec ``hidden``, all layers, in order.
    longest
        The model's window in tokens; of a longer session the part nearest to the span is read.
    """
    asked = [entry for entry in entries if entry.codec == "replay"]
    states: dict[str, _Reread] = {}
    for session in {entry.sequence_id for entry in asked}:
        mine = [entry for entry in asked if entry.sequence_id == session]
        states.update(_session_states(mine, session_of(session), opening, read, longest))
    return [
        replace(
            entry, codec="hidden", layer_idx=states[entry.id][0], hidden_state=states[entry.id][1]
        )
        if entry.id in states
        else entry
        for entry in entries
    ]


def _session_states(
    asked: Sequence[MemoryEntry],
    stored: Iterable[MemoryEntry],
    opening: Sequence[int],
    read: Callable[[torch.Tensor], list[MemoryEntry]],
    longest: int,
) -> dict[str, _Reread]:
    last = max(entry.position_idx for entry in asked)
    known = {entry.id: entry for entry in (*stored, *asked) if entry.position_idx <= last}
    ordered = sorted(known.values(), key=lambda entry: entry.position_idx)
    ids: list[int] = list(opening) if ordered[0].position_idx == len(opening) else []
    starts: dict[str, int] = {}
    for entry in ordered:
        starts[entry.id] = len(ids)
        ids.extend(entry.token_ids)
    found: dict[str, _Reread] = {}
    left = sorted(asked, key=lambda entry: starts[entry.id])
    while left:
        # The window that ends with the last one; what begins before it is left for the next round.
        stop = starts[left[-1].id] + left[-1].tokens
        cut = min(max(0, stop - longest), starts[left[-1].id])
        reading = read(torch.tensor([ids[cut:stop]]))
        pieces = [entry.hidden_state for entry in reading if entry.hidden_state is not None]
        states = torch.cat(pieces, dim=1)  # (layers, tokens, hidden)
        while left and starts[left[-1].id] >= cut:
            entry = left.pop()
            first = starts[entry.id] - cut
            # Layers are those that are read now: the entry may have been stored with others.
            found[entry.id] = (reading[0].layer_idx, states[:, first : first + entry.tokens])
    return found
