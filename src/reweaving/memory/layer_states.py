"""The states of many entries at one layer, compared with a query all at once."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reweaving.errors import InputError
from reweaving.types import MemoryEntry


def state_at(entry: MemoryEntry, layer: int) -> torch.Tensor | None:
    """What an entry holds of a layer, as ``(tokens, hidden)``; its retrieval key where that is all it has."""
    state = entry.hidden_state
    if state is None:
        return entry.key_state
    if state.ndim == 3:  # (layers, tokens, hidden)
        return state[entry.layers.index(layer)]
    return state if state.ndim == 2 else state.reshape(1, -1)


class LayerStates:
    """States of entries at one layer as one matrix, centred on their mean.

    Parameters
    ----------
    states
        One tensor ``(tokens, hidden)`` per entry.
    device
        Where they are compared, in fp32.
    """

    def __init__(self, states: Sequence[torch.Tensor], device: torch.device) -> None:
        widths = {state.shape[-1] for state in states}
        if len(widths) != 1 or any(state.ndim != 2 or not len(state) for state in states):
            raise InputError(
                "states of one layer must all be (tokens, hidden) with one hidden size, got "
                f"{sorted({tuple(state.shape) for state in states})[:4]}"
            )
        every = torch.cat([state.detach().to(device, torch.float32) for state in states])
        self._mean = every.mean(dim=0)  # (hidden,)
        self._unit = torch.nn.functional.normalize(every - self._mean, dim=1)  # (total, hidden)
        lengths = torch.tensor([len(state) for state in states], device=device)
        self._owner = torch.repeat_interleave(lengths)  # (total,)
        self._entries = len(states)

    def similarities(self, query: torch.Tensor) -> torch.Tensor:
        """Mean over the query's states of the best cosine inside each entry.

        Late interaction (Khattab and Zaharia, 2020, eq. 3) on centred states: one query state that
        meets its own kind counts more than many that meet an average.

        Parameters
        ----------
        query
            Shape ``(hidden,)``, ``(tokens, hidden)`` or ``(1, tokens, hidden)``.

        Returns
        -------
        torch.Tensor
            Shape ``(entries,)``, on the CPU.
        """
        hidden = self._mean.shape[0]
        flat = query.detach().to(self._mean.device, torch.float32)
        if flat.ndim not in (1, 2, 3) or flat.shape[-1] != hidden or not flat.numel():
            raise InputError(
                f"a query of shape {tuple(query.shape)} cannot be compared with states of "
                f"{hidden} numbers; give (hidden,) or (tokens, hidden)"
            )
        flat = flat.reshape(-1, hidden)  # (tokens, hidden)
        cosine = torch.nn.functional.normalize(flat - self._mean, dim=1) @ self._unit.T
        best = cosine.new_full((len(flat), self._entries), -1.0)  # (tokens, entries)
        best.scatter_reduce_(1, self._owner.expand(len(flat), -1), cosine, "amax")
        return best.mean(dim=0).cpu()
