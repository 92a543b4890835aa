"""What a `HookManager` can do to the residual stream: inject states, read memory, and only where it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch

from reweaving.errors import ConfigurationError, InputError
from reweaving.weaving.cross_attention import MemoryReader
from reweaving.weaving.integrate import ReconstructionIntegrator

Score = Callable[[torch.Tensor], torch.Tensor]
"""States ``(batch, tokens, hidden)`` to scores ``(batch, tokens)`` in [0, 1]."""


class Intervention(Protocol):
    """Changes the residual stream in front of one layer."""

    def __call__(self, layer: int, hidden: torch.Tensor) -> torch.Tensor:
        """The stream to go on with; both of shape ``(batch, tokens, hidden)``."""


class StateInjection:
    """``(1 - w) h + w m`` at some positions: stored states take part of the stream's place.

    Parameters
    ----------
    states
        Shape ``(tokens, hidden)``, one for each position.
    positions
        Tokens of the pass, counted from its first one; a pass too short for one leaves it out.
    weight
        ``w``, in [0, 1]; 1 replaces.
    """

    def __init__(self, states: torch.Tensor, positions: Sequence[int], weight: float = 1.0) -> None:
        if states.ndim != 2 or len(states) != len(positions):
            raise InputError(
                f"{tuple(states.shape)} states for {len(positions)} positions: give one state of shape "
                "(hidden,) for each position"
            )
        if not 0.0 <= weight <= 1.0:
            raise ConfigurationError(f"weight = {weight}: a share between 0 and 1")
        self.states, self.positions, self.weight = states, tuple(positions), weight

    def __call__(self, layer: int, hidden: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        """See `Intervention`; the same in front of every layer."""
        changed = hidden.clone()
        for state, position in zip(self.states, self.positions, strict=True):
            if position < hidden.shape[1]:
                there = hidden[:, position]  # (batch, hidden)
                changed[:, position] = torch.lerp(there, state.to(there), self.weight)
        return changed


class ReconstructionInjection:
    """Adds what a trained reader finds in stored states, as the integrator says.

    Parameters
    ----------
    states
        Stored states of the layer, shape ``(slots, hidden)``.
    """

    def __init__(
        self, reader: MemoryReader, integrator: ReconstructionIntegrator, states: torch.Tensor
    ) -> None:
        self.reader, self.integrator, self.states = reader, integrator, states

    def __call__(self, layer: int, hidden: torch.Tensor) -> torch.Tensor:
        """See `Intervention`."""
        batch = hidden.shape[0]
        states = self.states.to(hidden.device)[None].expand(batch, -1, -1)
        valid = torch.ones(states.shape[:2], dtype=torch.bool, device=hidden.device)
        update, _ = self.reader(layer, hidden, states, valid)
        return self.integrator.add(layer, hidden, update)


class AdaptiveThreshold:
    """Lets another intervention through for the most relevant share of tokens.

    The threshold follows the scores: after each pass it moves by `rate` towards the score that exactly
    `share` of that pass's tokens exceed (a running quantile).

    Parameters
    ----------
    inner
        What is done to tokens above the threshold.
    score
        Judges tokens.
    share
        Part of the tokens that should pass, in (0, 1].
    start
        First threshold.
    rate
        How far the threshold moves each time, in [0, 1]; 0 keeps it fixed.
    """

    def __init__(
        self,
        inner: Intervention,
        score: Score,
        *,
        share: float = 0.25,
        start: float = 0.5,
        rate: float = 0.1,
    ) -> None:
        if not 0.0 < share <= 1.0 or not 0.0 <= rate <= 1.0:
            raise ConfigurationError(
                f"share = {share}, rate = {rate}: both are shares, and some token must pass"
            )
        self.inner, self.score, self.share, self.rate = inner, score, share, rate
        self.threshold = start

    def __call__(self, layer: int, hidden: torch.Tensor) -> torch.Tensor:
        """See `Intervention`."""
        scores = self.score(hidden).detach().to(hidden.device)  # (batch, tokens)
        passing = scores >= self.threshold
        wanted = float(torch.quantile(scores.float().flatten(), 1.0 - self.share))
        self.threshold += self.rate * (wanted - self.threshold)
        if not bool(passing.any()):
            return hidden
        return torch.where(passing[..., None], self.inner(layer, hidden), hidden)
