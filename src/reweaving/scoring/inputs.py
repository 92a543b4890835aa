"""From what callers give to what scorers see: shapes checked, padding taken out."""

from __future__ import annotations

import torch

from reweaving.errors import InputError
from reweaving.scoring.base import ModelLayer, ScoringContext
from reweaving.scoring.packing import Packing
from reweaving.scoring.surprise import next_token_nats

_DIMENSIONS = {
    "attention_mask": "batch seq",
    "token_ids": "batch seq",
    "attention_weights": "batch heads seq seq",
    "logits": "batch seq vocab",
    "surprise": "batch seq",
}


def packed(
    hidden_states: torch.Tensor,
    attention_mask: torch.Tensor | None,
    token_ids: torch.Tensor | None,
    attention_weights: torch.Tensor | None,
    logits: torch.Tensor | None,
    surprise: torch.Tensor | None,
    *,
    hidden_size: int,
    model: ModelLayer | None,
) -> tuple[Packing, ScoringContext]:
    """Check and pack one call's arguments; see `RelevanceScorer.forward`.

    Raises
    ------
    InputError
        For what does not fit together, and for values that are no numbers.
    """
    states = _states(hidden_states, hidden_size)
    given = {
        "attention_mask": attention_mask,
        "token_ids": token_ids,
        "attention_weights": attention_weights,
        "logits": logits,
        "surprise": surprise,
    }
    fitting = {
        name: _fitting(name, value, states) for name, value in given.items() if value is not None
    }
    packing = Packing(states, fitting.get("attention_mask"))
    kept = packing.pack(states).float()
    if not bool(torch.isfinite(kept).all()):
        raise InputError(
            "hidden_states hold NaN or infinity, nothing was scored; check the weights and the dtype "
            "(float16 overflows where bfloat16 does not)"
        )
    ids = packing.pack(fitting["token_ids"]) if "token_ids" in fitting else None
    weights = None
    if "attention_weights" in fitting:
        weights = packing.pack_square(fitting["attention_weights"].float().mean(1))
        if not bool((weights >= 0).all()):
            raise InputError("attention_weights hold NaN or negative values")
    nats = _nats(packing, fitting, ids)
    return packing, ScoringContext(kept, packing.mask, ids, weights, nats, model)


def _states(given: torch.Tensor, hidden_size: int) -> torch.Tensor:
    if given.ndim not in (2, 3):
        raise InputError(
            f"hidden_states have shape {tuple(given.shape)}: (batch, seq, hidden) or (seq, hidden) is needed"
        )
    if not given.is_floating_point() or given.shape[-1] != hidden_size:
        raise InputError(
            f"hidden_states are {given.dtype} of shape {tuple(given.shape)}: floating-point numbers whose "
            f"last dimension is {hidden_size} are needed"
        )
    return given if given.ndim == 3 else given[None]


def _fitting(name: str, given: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """An argument with its batch dimension, on the states' device."""
    names = _DIMENSIONS[name].split()
    batched = given[None] if given.ndim == len(names) - 1 else given
    known = {"batch": states.shape[0], "seq": states.shape[1]}
    if batched.ndim != len(names) or any(
        size != known.get(dimension, size)
        for dimension, size in zip(names, batched.shape, strict=True)
    ):
        raise InputError(
            f"{name} has shape {tuple(given.shape)} beside {known['batch']} rows of {known['seq']} tokens: "
            f"({', '.join(names)}) is needed"
        )
    return batched.to(states.device)


def _nats(
    packing: Packing, given: dict[str, torch.Tensor], ids: torch.Tensor | None
) -> torch.Tensor | None:
    """Surprise of packed tokens, where it was given or can be told."""
    if "surprise" in given:
        nats = packing.pack(given["surprise"]).float()
    elif "logits" in given:
        if ids is None:
            raise InputError("logits tell the surprise of tokens only with token_ids=")
        nats = next_token_nats(packing.pack(given["logits"]), ids)
    else:
        return None
    if not bool((nats >= 0).all()):
        raise InputError("surprise is -log p in nats: NaN and negative values are none")
    return nats
