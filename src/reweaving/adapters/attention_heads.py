"""What a layer's attention heads ask for and offer: queries and keys of any states, without positions."""

from __future__ import annotations

from typing import Any, NoReturn

import torch
from torch import nn
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, AttentionInterface

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.layer_twin import accepted, twin_of_layer
from reweaving.errors import InputError, UnsupportedModelError

_NAME = "reweaving_queries_and_keys"


class AttentionHeads:
    """Some attention heads of one layer.

    Positions are left out: what a head looks for is compared by content alone, however far apart two
    texts were read. Safe between threads; the model is not touched.

    Parameters
    ----------
    adapter
        The model.
    layer
        Index of the decoder layer.
    heads
        Which of its query heads; None for all.

    Raises
    ------
    InputError
        For a head that the layer has not.
    """

    def __init__(
        self, adapter: BackboneAdapter, layer: int, heads: tuple[int, ...] | None = None
    ) -> None:
        self._adapter, self.layer = adapter, layer
        count = int(adapter.config.num_attention_heads)
        self.heads = tuple(range(count)) if heads is None else heads
        unknown = [head for head in self.heads if not 0 <= head < count]
        if unknown or not self.heads:
            raise InputError(
                f"heads {unknown} of layer {layer}: it has 0 to {count - 1}; name some"
            )
        if _NAME not in ALL_ATTENTION_FUNCTIONS:
            AttentionInterface.register(_NAME, _take)

    def queries(self, states: torch.Tensor) -> torch.Tensor:
        """What each head asks for, of states ``(tokens, hidden)``; ``(heads, tokens, head_dim)`` in fp32."""
        query, _ = self._projected(states)
        return query[list(self.heads)]

    def keys(self, states: torch.Tensor) -> torch.Tensor:
        """What is offered to each head, ``(kv_heads, tokens, head_dim)`` in fp32; see `key_of`."""
        return self._projected(states)[1]

    def key_of(self, kv_heads: int) -> list[int]:
        """For each of the heads the one of `keys` that it reads, where there are so many of them."""
        count = int(self._adapter.config.num_attention_heads)
        return [head * kv_heads // count for head in self.heads]

    def _projected(self, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        adapter, index = self._adapter, self.layer
        hidden = states[None].to(adapter.device(index), adapter.dtype)
        positions = torch.zeros(1, len(states), dtype=torch.long, device=hidden.device)
        offered: dict[str, Any] = {
            "attention_mask": None,
            "position_ids": positions,
            "position_embeddings": adapter.unrotated(index, len(states)),
            "use_cache": False,
        }
        layer = adapter.layers[index]
        twin = twin_of_layer(layer, adapter.attention_path, _NAME)
        try:
            with torch.no_grad():
                twin.forward(hidden, **accepted(layer, offered))
        except _Taken as taken:
            return taken.query[0].float().cpu(), taken.key[0].float().cpu()
        raise UnsupportedModelError(
            f"layer {index} of {type(adapter.model).__name__} does not attend through transformers' "
            "attention interface; choose another strategy than contextual_relevance"
        )


class _Taken(Exception):  # noqa: N818 - carries a result out of the layer, it is no error
    def __init__(self, query: torch.Tensor, key: torch.Tensor) -> None:
        super().__init__()
        self.query, self.key = query, key


def _take(_: nn.Module, query: torch.Tensor, key: torch.Tensor, *__: Any, **___: Any) -> NoReturn:
    """Stand where an attention function stands; ends the layer once queries and keys exist."""
    raise _Taken(query, key)
