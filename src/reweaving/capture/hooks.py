"""Taking the residual stream at every layer's input, for exactly as long as a `with` lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import nn

from reweaving.adapters.base import BackboneAdapter, tokens_seen
from reweaving.adapters.projections import KeysValues
from reweaving.errors import InputError
from reweaving.scoring.attended import Attended
from reweaving.weaving.active import current_weave

_recording: ContextVar[StateRecorder | None] = ContextVar("reweaving_recording", default=None)


class _KeyLayerReached(Exception):  # noqa: N818 - ends a reading on purpose, it is no error
    """Everything that was asked for has been read."""


class StateRecorder:
    """What one reading left behind: token ids and residual states, forward by forward.

    Life: `recording` puts it in place on the calling thread; the hooks of `hooked` feed it; `rows` cuts it into
    one sequence per batch row, without padding.
    """

    def __init__(
        self,
        owner: BackboneAdapter,
        layers: Sequence[int],
        stop_at: int | None = None,
        *,
        projections: bool = False,
        attended: int | None = None,
    ) -> None:
        self.owner = owner
        self.layers = tuple(layers)
        self.stop_at = stop_at
        self._ids: list[torch.Tensor] = []
        self._masks: list[torch.Tensor] = []
        self._states: dict[int, list[torch.Tensor]] = {layer: [] for layer in self.layers}
        self._starts: list[int] = []
        self._attended: Attended | None = None
        self._watched = None if attended is None else owner.attentions[attended]
        self._projected: dict[tuple[int, int], torch.Tensor] | None = {} if projections else None

    def begin(self, input_ids: torch.Tensor | None, mask: Any, seen: int) -> None:
        """Note the tokens of one forward pass; a pass that starts earlier than the last one ended replaces it."""
        if input_ids is None:
            raise InputError(
                "states are captured from input_ids; inputs_embeds have no tokens to remember"
            )
        self.drop_from(seen)
        self._ids.append(input_ids.detach())
        weave = current_weave(self.owner)
        self._masks.append(real_tokens(input_ids, mask, 0 if weave is None else weave.slots))
        self._starts.append(seen)

    def see(self, layer: int, hidden: torch.Tensor) -> None:
        """Take one layer's input, shape ``(batch, tokens, hidden)``."""
        if layer in self._states:
            self._states[layer].append(hidden.detach())
        if layer == self.stop_at:
            raise _KeyLayerReached

    def see_projection(self, layer: int, part: int, output: torch.Tensor) -> None:
        """Take what one of a layer's projections gave, ``(batch, tokens, outputs)``."""
        if self._projected is not None:
            self._projected[layer, part] = output.detach()

    def see_attention(
        self, module: nn.Module, query: torch.Tensor, key: torch.Tensor, options: dict[str, Any]
    ) -> None:
        """Take what an attention function was given, if it is that of the layer to be watched."""
        if module is self._watched:
            self._attended = Attended(module, query.detach(), key.detach(), options)

    def attended(self) -> Attended | None:
        """The watched layer's queries and keys of the last pass; None where it gave none."""
        return self._attended

    def pairs(self) -> list[KeysValues] | None:
        """Keys before rotation and values of the last pass, layer by layer; None where a layer gave none.

        The pass has made them anyway: nothing is projected again.

        Returns
        -------
        list or None
            For each layer two tensors ``(batch, kv_heads, tokens, head_dim)``.
        """
        found = []
        for layer in self.layers:
            direct, seen = self.owner.direct(layer), self._projected or {}
            if direct is None:
                return None
            parts = [(layer, part) for part in range(len(direct.modules))]
            if not seen.keys() >= set(parts):
                return None
            found.append(direct.finished(*(seen[part] for part in parts)))
        return found

    def rows(self) -> list[tuple[list[int], torch.Tensor]]:
        """Token ids and states ``(layers, tokens, hidden)`` of each row, padding left out."""
        self._drop_unfinished()
        if not self._ids:
            return []
        ids = torch.cat(self._ids, dim=1)  # (batch, tokens)
        real = torch.cat([m.to(ids.device) for m in self._masks], dim=1)  # (batch, tokens)
        device = self._states[self.layers[0]][0].device
        joined = [self._joined(layer, device) for layer in self.layers]
        # A row without padding is copied once, here; others are picked out of it.
        whole = real.all(dim=1).tolist()
        return [
            (
                ids[row][real[row]].tolist(),
                torch.stack(
                    [
                        states[row] if whole[row] else states[row, real[row].to(device)]
                        for states in joined
                    ]
                ),  # (layers, tokens, hidden)
            )
            for row in range(ids.shape[0])
        ]

    def _joined(self, layer: int, device: torch.device) -> torch.Tensor:
        """A layer's states of all passes, ``(batch, tokens, hidden)``."""
        pieces = [piece.to(device) for piece in self._states[layer]]
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=1)

    def drop_from(self, position: int) -> None:
        """Take back what was read at and behind a position.

        A later pass over the same positions wins: assisted decoding rolls back, a second prompt starts over.
        """
        self._drop_unfinished()
        while self._starts and self._starts[-1] >= position:
            self._starts.pop()
            for pieces in (self._ids, self._masks, *self._states.values()):
                pieces.pop()
        if self._starts:
            keep = position - self._starts[-1]
            for pieces in (self._ids, self._masks, *self._states.values()):
                pieces[-1] = pieces[-1][:, :keep]

    def _drop_unfinished(self) -> None:
        """Take back a pass that did not reach every layer: it failed."""
        lists: tuple[list[Any], ...] = (
            self._starts,
            self._ids,
            self._masks,
            *self._states.values(),
        )
        whole = min(map(len, lists))
        for pieces in lists:
            del pieces[whole:]


def real_tokens(input_ids: torch.Tensor, mask: Any, slots: int) -> torch.Tensor:
    """Which of these tokens are no padding, shape ``(batch, tokens)``."""
    if mask is None:
        return torch.ones_like(input_ids, dtype=torch.bool)
    if isinstance(mask, dict):
        # `generate` with a static cache makes the dense masks itself, one for each type of layer.
        mask = next(dense for dense in mask.values() if dense is not None)
    if mask.ndim == 2:
        return torch.as_tensor(mask[:, -input_ids.shape[1] :], dtype=torch.bool)
    seen = mask if mask.dtype == torch.bool else mask == 0  # (batch, heads, tokens, slots + keys)
    # Padding sees nothing of the request, not even itself.
    return torch.as_tensor(seen[:, 0, :, slots:].any(-1))


def current_recorder(owner: BackboneAdapter) -> StateRecorder | None:
    """What records this model on the current thread."""
    recorder = _recording.get()
    return recorder if recorder is not None and recorder.owner is owner else None


def note_attention(
    module: nn.Module, query: torch.Tensor, key: torch.Tensor, options: dict[str, Any]
) -> None:
    """Show an attention function's arguments to what records on the current thread, if anything does."""
    recorder = _recording.get()
    if recorder is not None:
        recorder.see_attention(module, query, key, options)


@contextmanager
def recording(recorder: StateRecorder | None) -> Iterator[StateRecorder | None]:
    """Let the hooks of the current thread feed a recorder, or none."""
    token = _recording.set(recorder)
    try:
        yield recorder
    except _KeyLayerReached:
        pass
    finally:
        _recording.reset(token)


def install_capture_hooks(adapter: BackboneAdapter) -> list[Any]:
    """Hooks on the decoder and its layers that do nothing unless a recorder is in place.

    Returns
    -------
    list
        Handles whose ``remove()`` takes the hooks away.
    """

    def before_decoder(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        recorder = current_recorder(adapter)
        if recorder is not None:
            ids = kwargs.get("input_ids", args[0] if args else None)
            recorder.begin(
                ids, kwargs.get("attention_mask"), tokens_seen(kwargs.get("past_key_values"))
            )

    def before_layer(index: int) -> Any:
        def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            recorder = current_recorder(adapter)
            if recorder is not None:
                recorder.see(index, args[0] if args else kwargs["hidden_states"])

        return hook

    def after_projection(index: int, part: int) -> Any:
        def hook(_: nn.Module, __: Any, output: torch.Tensor) -> None:
            recorder = current_recorder(adapter)
            if recorder is not None:
                recorder.see_projection(index, part, output)

        return hook

    handles = [adapter.decoder.register_forward_pre_hook(before_decoder, with_kwargs=True)]
    for index, layer in enumerate(adapter.layers):
        handles.append(layer.register_forward_pre_hook(before_layer(index), with_kwargs=True))
        direct = adapter.direct(index)
        for part, module in enumerate(() if direct is None else direct.modules):
            handles.append(module.register_forward_hook(after_projection(index, part)))
    return handles
