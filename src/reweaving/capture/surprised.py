"""A pass over a chunk of text that also says how little each token was expected."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from reweaving.adapters.base import BackboneAdapter, evaluating
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.scoring.head_nats import head_nats
from reweaving.scoring.surprise import next_token_nats
from reweaving.weaving.active import weaving

_PROBE = ((1, 2),)


class SurprisedReader:
    """Runs a model over text; the logits of a whole chunk are made only where the model needs it.

    Where a model's logits are nothing but a linear layer of its decoder's last states, which is measured once with two
    tokens, surprise comes from that layer block by block. Where they are scaled or capped, or where the layer is
    quantised, adapted or kept elsewhere, the model itself is run.
    """

    def __init__(self, adapter: BackboneAdapter) -> None:
        self._adapter = adapter
        self._is_plain: bool | None = None

    @torch.no_grad()
    def read(
        self, chunk: torch.Tensor, cache: Any, before: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Read token ids ``(1, tokens)`` behind what a cache holds.

        Parameters
        ----------
        before
            Logits behind the token before the first one, ``(1, vocab)``; without them its surprise is 0.

        Returns
        -------
        nats
            ``-log p`` of each token, shape ``(tokens,)``.
        last
            Logits behind the last one, shape ``(1, vocab)``.
        """
        head = self._head()
        if head is None:
            logits = self._adapter.model(chunk, past_key_values=cache, use_cache=True).logits
            earlier = None if before is None else before[None]
            # A slice would keep the logits of the whole chunk alive.
            return next_token_nats(logits, chunk, earlier)[0], logits[0, -1:].clone()
        states = self._decoded(chunk, past_key_values=cache, use_cache=True)[0]
        nats, last = head_nats(states.to(head.weight.device), head.weight, head.bias, chunk[0])
        first = nats.new_zeros(1)
        if before is not None:
            table = torch.stack([before[0], before[0]])[None]  # (1, 2, vocab)
            first = next_token_nats(table, chunk[:, :1].expand(1, 2))[0, 1:]
        return torch.cat([first, nats]), last

    def _decoded(self, chunk: torch.Tensor, **options: Any) -> torch.Tensor:
        decoder: Any = self._adapter.decoder
        found: torch.Tensor = decoder(input_ids=chunk, **options).last_hidden_state
        return found

    def probe(self) -> None:
        """Find out how the model makes its logits; nothing is woven into that, and nothing recorded."""
        adapter = self._adapter
        model: Any = adapter.model
        head = model.get_output_embeddings()
        self._is_plain = False
        if type(head) is not nn.Linear or head.weight.device.type == "meta":
            return
        ids = torch.tensor(_PROBE, device=adapter.entry_device)
        with (
            torch.no_grad(),
            evaluating(adapter.model),
            weaving(None),
            recording(StateRecorder(adapter, ())),
        ):
            logits = model(input_ids=ids, use_cache=False).logits
            states = self._decoded(ids, use_cache=False).to(head.weight.device)
            self._is_plain = torch.equal(head.forward(states).to(logits.device), logits)

    def _head(self) -> Any:
        if self._is_plain is None:
            self.probe()
        model: Any = self._adapter.model
        head = model.get_output_embeddings()
        return head if self._is_plain and type(head) is nn.Linear else None
