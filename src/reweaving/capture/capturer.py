"""From tokens to entries: what one model's layers held for them, in the codec that is kept."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any

import torch

from reweaving.adapters.base import BackboneAdapter, evaluating
from reweaving.adapters.projections import KeysValues
from reweaving.capture.entries import check_finite, encode, keys_and_values
from reweaving.capture.hooks import StateRecorder, recording
from reweaving.capture.spans import Span, cut_evenly
from reweaving.errors import InputError
from reweaving.types import MemoryEntry
from reweaving.weaving.active import weaving


class StateCapturer:
    """Makes entries for one attached model.

    Parameters
    ----------
    layers
        Captured layers, ascending.
    key_layer
        The captured layer whose states recall compares.
    codec
        ``hidden``, ``kv``, ``int8``, ``int4`` or ``replay``.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        tokenizer: Any,
        layers: tuple[int, ...],
        key_layer: int,
        codec: str,
        fingerprint: str,
    ) -> None:
        self.adapter, self.tokenizer = adapter, tokenizer
        self.layers, self.key_layer, self.codec, self.fingerprint = (
            layers,
            key_layer,
            codec,
            fingerprint,
        )

    def whole(self) -> StateCapturer:
        """One that keeps every layer's residual states, whatever this one keeps."""
        everything = tuple(range(len(self.adapter.layers)))
        return StateCapturer(self.adapter, None, everything, 0, "hidden", self.fingerprint)

    def start_states(self, start_id: int | None) -> MemoryEntry | None:
        """The start token with the states of every layer; None for models without one."""
        if start_id is None:
            return None
        return self.whole().read_again(torch.tensor([[start_id]]))[0]

    @property
    def keeps_pairs(self) -> bool:
        """Whether entries hold keys and values instead of residual states."""
        return self.codec not in ("hidden", "replay")

    def capture(
        self,
        input_ids: Any,
        mask: torch.Tensor | None = None,
        codec: str | None = None,
    ) -> list[list[MemoryEntry]]:
        """Read token ids, without memory, and keep every token's states; one list of entries per row.

        Raises
        ------
        InputError
            For ids of the wrong shape, outside the vocabulary, or longer than the window, and for NaN.
        """
        ids = self._checked(input_ids)
        recorder = StateRecorder(self.adapter, self.layers)
        with torch.no_grad(), evaluating(self.adapter.model), weaving(None), recording(recorder):
            self.adapter.decoder(input_ids=ids, attention_mask=mask, use_cache=False)
        return self.entries_of(recorder, codec)

    def read_again(self, ids: torch.Tensor, length: int = 0) -> list[MemoryEntry]:
        """States of one sequence ``(1, tokens)`` as they are when it stands in one of ``length`` tokens.

        Only rotations that change with the length see a difference; a last token far behind tells them.
        """
        if length <= ids.shape[1] or not self.adapter.length_dependent_rotation:
            return self.capture(ids, codec="hidden")[0]
        behind = torch.cat([ids, ids[:, :1]], dim=1).to(
            self.adapter.entry_device
        )  # (1, tokens + 1)
        positions = torch.arange(behind.shape[1], device=behind.device)[None].clone()
        positions[0, -1] = length - 1
        recorder = StateRecorder(self.adapter, self.layers)
        with torch.no_grad(), evaluating(self.adapter.model), weaving(None), recording(recorder):
            self.adapter.decoder(
                input_ids=behind,
                # Given, so that the jump in positions is not taken for a border between packed sequences.
                attention_mask=torch.ones_like(behind),
                position_ids=positions,
                use_cache=False,
            )
        ((row, states),) = recorder.rows()
        whole = [Span(0, ids.shape[1], "", "")]
        return self.entries(
            whole, row, states, uuid.uuid4().hex, codec="hidden", read_length=length
        )

    def question(
        self, ids: torch.Tensor, mask: torch.Tensor | None
    ) -> list[tuple[list[int], torch.Tensor]]:
        """Read prompts up to the key layer only: each row's ids and states ``(tokens, hidden)``."""
        ids = self._checked(ids)
        recorder = StateRecorder(self.adapter, (self.key_layer,), stop_at=self.key_layer)
        with torch.no_grad(), evaluating(self.adapter.model), weaving(None), recording(recorder):
            self.adapter.decoder(
                input_ids=ids, attention_mask=mask, use_cache=False, **self._positions(mask)
            )
        return [(row, states[0]) for row, states in recorder.rows()]

    def _positions(self, mask: torch.Tensor | None) -> dict[str, torch.Tensor]:
        """Learned positions behind padding, as `generate` counts them; others are differences only."""
        if mask is None or self.adapter.positions != "learned":
            return {}
        positions = (mask.long().cumsum(1) - 1).clamp_min(0)  # (batch, tokens)
        return {"position_ids": positions.to(self.adapter.entry_device)}

    def entries_of(
        self, recorder: StateRecorder, codec: str | None = None
    ) -> list[list[MemoryEntry]]:
        """Everything a recorder saw, as sessions of their own, one per row."""
        found = []
        for ids, states in recorder.rows():
            check_finite(states, self.layers)
            spans = [Span(a, b, self.text(ids[a:b]), "") for a, b in cut_evenly(len(ids))]
            session = uuid.uuid4().hex
            found.append(
                self.entries(spans, ids, states, session, codec=codec, read_length=len(ids))
            )
        return found

    def entries(
        self,
        spans: Sequence[Span],
        ids: Sequence[int],
        states: torch.Tensor,
        session: str,
        *,
        first: int = 0,
        scores: Sequence[float] | None = None,
        codec: str | None = None,
        read_length: int = 0,
        pairs: Sequence[KeysValues] | None = None,
    ) -> list[MemoryEntry]:
        """One entry per span.

        Parameters
        ----------
        ids, states
            What the spans count in: tokens, and their states ``(layers, tokens, hidden)``.
        first
            Place of the first of these tokens in the session.
        scores
            Relevance per span, in [0, 1]; None where everything counts.
        read_length
            Tokens of the whole sequence, as `MemoryEntry.read_length`.
        pairs
            Keys and values of these tokens, where they are known; else they are projected for codecs that
            keep them.
        """
        now = time.time()
        codec = codec or self.codec
        if codec in ("hidden", "replay"):
            pairs = None
        elif pairs is None:
            pairs = keys_and_values(states, self.layers, self.adapter)
        made = []
        for at, span in enumerate(spans):
            held = states[:, span.start : span.stop]  # (layers, tokens, hidden)
            key = held[self.layers.index(self.key_layer)]  # (tokens, hidden)
            entry = MemoryEntry(
                # What is kept is copied: a slice would keep the whole reading alive.
                hidden_state=held.clone() if codec == "hidden" else held,
                layer_idx=self.layers,
                sequence_id=session,
                position_idx=first + span.start,
                relevance_score=1.0 if scores is None else scores[at],
                timestamp=now,
                key_state=key.to(torch.bfloat16, copy=True).cpu(),
                token_ids=tuple(ids[span.start : span.stop]),
                text=span.text,
                role=span.role,
                fingerprint=self.fingerprint,
                read_length=read_length,
            )
            made.append(encode(entry, codec, pairs, span.start))
        return made

    def text(self, ids: Sequence[int]) -> str:
        """Token ids as text, without special tokens; empty where there is no tokenizer."""
        return (
            ""
            if self.tokenizer is None
            else str(self.tokenizer.decode(list(ids), skip_special_tokens=True))
        )

    def _checked(self, input_ids: Any) -> torch.Tensor:
        ids = torch.as_tensor(input_ids)
        ids = ids[None] if ids.ndim == 1 else ids
        if ids.ndim != 2 or ids.numel() == 0 or ids.is_floating_point():
            raise InputError(
                "input_ids must be whole numbers of shape (tokens,) or (batch, tokens), "
                f"got {ids.dtype} {tuple(ids.shape)}"
            )
        vocabulary, window = int(self.adapter.config.vocab_size), self.adapter.trained_length
        if int(ids.min()) < 0 or int(ids.max()) >= vocabulary:
            raise InputError(
                f"input_ids reach from {int(ids.min())} to {int(ids.max())} but the vocabulary has {vocabulary} tokens"
            )
        if ids.shape[1] > window:
            raise InputError(
                f"{ids.shape[1]} tokens are more than the model's window of {window}; read it in parts"
            )
        return ids.to(self.adapter.entry_device)
