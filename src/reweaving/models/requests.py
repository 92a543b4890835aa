"""Token ids as a model can read them, and which memories fit into a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import InputError
from reweaving.types import Recollection


def checked_request(
    input_ids: Any, attention_mask: Any, adapter: BackboneAdapter
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Ids and mask ``(batch, tokens)`` on the model's device.

    Raises
    ------
    InputError
        For ids of another shape, outside the vocabulary, or longer than the model's window, and for a
        mask of another shape than theirs.
    """
    ids = torch.as_tensor(input_ids)
    ids = ids[None] if ids.ndim == 1 else ids
    name, window = type(adapter.model).__name__, adapter.trained_length
    if ids.ndim != 2 or not ids.numel() or ids.is_floating_point():
        raise InputError(
            "input_ids must be whole numbers of shape (tokens,) or (batch, tokens), got "
            f"{ids.dtype} {tuple(ids.shape)}"
        )
    vocabulary = int(adapter.config.vocab_size)
    if int(ids.min()) < 0 or int(ids.max()) >= vocabulary:
        raise InputError(
            f"input_ids reach from {int(ids.min())} to {int(ids.max())} but {name} has {vocabulary} "
            "tokens; use the tokenizer of this very model"
        )
    if ids.shape[1] > window:
        raise InputError(
            f"{ids.shape[1]} tokens are more than the {window} of {name}'s window: read what came "
            "before in passes of its own, and ask with a shorter prompt"
        )
    if attention_mask is None:
        return ids.to(adapter.entry_device), None
    mask = torch.as_tensor(attention_mask)
    mask = mask[None] if mask.ndim == 1 else mask
    if mask.shape != ids.shape:
        raise InputError(
            f"attention_mask has shape {tuple(mask.shape)} and input_ids {tuple(ids.shape)}; they must "
            "be the same"
        )
    return ids.to(adapter.entry_device), mask.to(adapter.entry_device)


def real_tokens(ids: torch.Tensor, mask: torch.Tensor | None) -> int:
    """How many of ids ``(batch, tokens)`` are no padding."""
    return ids.numel() if mask is None else int(mask.sum())


def weavable(
    hits: Iterable[Recollection],
    prompt: Sequence[int],
    layers: Iterable[int],
    most_entries: int,
    most_tokens: int | None = None,
) -> list[Recollection]:
    """The first hits that can be woven, and that the prompt does not hold already.

    Parameters
    ----------
    hits
        Best first.
    prompt
        Token ids of the request.
    layers
        Layers that are woven: an entry has to hold all of them.
    most_entries, most_tokens
        Limits of what is chosen; hits that no longer fit are passed over.
    """
    needed = set(layers)
    read = f" {' '.join(map(str, prompt))} "
    chosen: list[Recollection] = []
    room = most_tokens
    for hit in hits:
        ids = hit.entry.token_ids
        if len(chosen) == most_entries:
            break
        if not ids or not needed.issubset(hit.entry.layers):
            continue
        if f" {' '.join(map(str, ids))} " in read or (room is not None and len(ids) > room):
            continue
        chosen.append(hit)
        room = None if room is None else room - len(ids)
    return chosen
