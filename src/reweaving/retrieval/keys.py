"""The retrieval keys of all spans as one matrix, and each span's best match with each query state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from reweaving.errors import InputError

_BLOCK_TOKENS = 16_384
_FP32_BYTES = 512 * 2**20  # beyond this size keys are held as they are stored


class _Rows:
    """Rows with room behind them: those that come later leave the ones before them where they are.

    Whoever looks at the first rows may go on while others are added. Only one thread may add.
    """

    def __init__(self, capacity: int, hidden: int, dtype: torch.dtype) -> None:
        # A tensor made in inference mode could not be added to outside of it.
        with torch.inference_mode(False):
            self.held = torch.empty(capacity, hidden, dtype=dtype)
        self.used = 0

    def add(self, blocks: Sequence[torch.Tensor]) -> None:
        """Write behind the rows that are there."""
        for block in blocks:
            self.held[self.used : self.used + len(block)] = block
            self.used += len(block)


class KeyMatrix:
    """Keys of many spans, compared in fp32 after centring on their common mean.

    Parameters
    ----------
    states
        One tensor ``(tokens, hidden)`` per span, of any floating type.
    before
        A matrix to which the states are appended; it stays as it is. Of matrices that share a `before`,
        or come from one another, only one may be made at a time.
    mean
        What the keys are centred on, ``(hidden,)``, where they are a part of a store's; None for their
        own mean.

    Notes
    -----
    Keys are kept as they came. Centring and normalising are algebra on the products,
    ``cos(q − μ, k − μ) = (q̂·k − q̂·μ) / ‖k − μ‖`` with ``q̂ = (q − μ)/‖q − μ‖``, so that appending
    spans moves the mean without touching the keys: they stay where they are while there is room behind
    them, which doubles when it is used up. Only their distances are measured again.
    """

    lengths: list[int]
    _keys: torch.Tensor
    _rows: _Rows
    _sum: torch.Tensor | None = None  # of all keys, (hidden,); None where the mean was given

    def __init__(
        self,
        states: Sequence[torch.Tensor],
        before: KeyMatrix | None = None,
        *,
        mean: torch.Tensor | None = None,
    ) -> None:
        new = [state.detach().to("cpu") for state in states]
        blocks = new if before is None else [before._keys, *new]
        widths = {block.shape[-1] for block in blocks}
        if len(widths) != 1 or any(block.ndim != 2 or not len(block) for block in blocks):
            raise InputError(
                "retrieval keys must all be (tokens, hidden) with one hidden size, got "
                f"{sorted({tuple(block.shape) for block in blocks})[:4]}"
            )
        self.lengths = [] if before is None else list(before.lengths)
        self.lengths += [len(state) for state in states]
        total, hidden = sum(self.lengths), widths.pop()
        held = total * hidden * 4 <= _FP32_BYTES
        dtype = torch.float32 if held else blocks[-1].dtype
        if before is not None and before._has_room(total, dtype):
            self._rows = before._rows
            self._rows.add(new)
        else:
            self._rows = _Rows(total if before is None else 2 * total, hidden, dtype)
            self._rows.add(blocks)
        self._keys = self._rows.held[:total]  # (total_tokens, hidden)
        self._starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        self._edges = self._block_edges()
        if mean is None:
            self._sum = self._summed(before)
            mean = (self._sum / total).float()
        self.mean = mean
        self._norms = self._distances()

    @property
    def states(self) -> torch.Tensor:
        """All keys as they are held, span behind span, shape ``(total_tokens, hidden)``."""
        return self._keys

    @property
    def hidden(self) -> int:
        """Width of a key."""
        return int(self._keys.shape[1])

    def pooled(self) -> torch.Tensor:
        """Mean of each span's centred keys, at length 1; ``(spans, hidden)`` in fp32."""
        rows = []
        for first, last, start, stop in self._edges:
            sums = np.add.reduceat(
                (self._block(start, stop) - self.mean).numpy(),
                self._starts[first:last] - start,
                axis=0,
            )
            rows.append(torch.from_numpy(sums))
        return torch.nn.functional.normalize(torch.cat(rows), dim=1)

    def best_matches(self, queries: torch.Tensor) -> torch.Tensor:
        """For each query state the cosine of its best match inside each span.

        Parameters
        ----------
        queries
            Shape ``(tokens, hidden)``, fp32.

        Returns
        -------
        torch.Tensor
            Shape ``(tokens, spans)``: ColBERT's MaxSim terms (Khattab and Zaharia, 2020, eq. 3) on
            centred states.
        """
        if queries.shape[1] != self.hidden:
            raise InputError(
                f"the request's states have {queries.shape[1]} numbers, the stored keys {self.hidden}: "
                "they come from another model or were never meant for each other"
            )
        unit = torch.nn.functional.normalize(queries - self.mean, dim=1)
        shift = unit @ self.mean  # (tokens,)
        best = np.empty((len(unit), len(self.lengths)), dtype=np.float32)
        for first, last, start, stop in self._edges:
            cosine = (unit @ self._block(start, stop).T - shift[:, None]) / self._norms[start:stop]
            begins = self._starts[first:last] - start
            best[:, first:last] = np.maximum.reduceat(cosine.numpy(), begins, axis=1)
        return torch.from_numpy(best)

    def _block(self, start: int, stop: int) -> torch.Tensor:
        return self._keys[start:stop].float()

    def _block_edges(self) -> list[tuple[int, int, int, int]]:
        """Runs of whole spans of bounded size: (first span, last span, first token, last token)."""
        edges, first, start, held = [], 0, 0, 0
        for at, length in enumerate(self.lengths):
            if held and held + length > _BLOCK_TOKENS:
                edges.append((first, at, start, start + held))
                first, start, held = at, start + held, 0
            held += length
        edges.append((first, len(self.lengths), start, start + held))
        return edges

    def _has_room(self, total: int, dtype: torch.dtype) -> bool:
        """Whether so many keys fit where these are, and nobody else has added any behind them."""
        rows = self._rows
        free = rows.used == len(self._keys) and total <= len(rows.held)
        return free and rows.held.dtype == dtype

    def _summed(self, before: KeyMatrix | None) -> torch.Tensor:
        """Sum of all keys in float64, ``(hidden,)``: of those behind `before`, and what is known of it."""
        known, total = 0, torch.zeros(self.hidden, dtype=torch.float64)
        same = before is not None and before._keys.dtype == self._keys.dtype
        if before is not None and before._sum is not None and same:
            known, total = len(before._keys), before._sum.clone()
        for block in self._keys[known:].split(_BLOCK_TOKENS):
            total += block.float().sum(dim=0)  # exact enough within a block
        return total

    def _distances(self) -> torch.Tensor:
        """Each key's distance from the mean, ``(total_tokens,)``."""
        norms = [
            torch.linalg.vector_norm(self._block(start, stop) - self.mean, dim=1)
            for _, _, start, stop in self._edges
        ]
        distances = torch.cat(norms)
        # A key on the mean itself, as in a store of one token, has no direction: its cosine is 0.
        lost = distances <= 1e-6 * torch.linalg.vector_norm(self.mean)
        return distances.masked_fill(lost, torch.inf)
