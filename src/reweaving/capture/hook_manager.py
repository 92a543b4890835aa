"""`HookManager`: look at a model's layers while it runs, and change what flows through them."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, Self

import torch
from torch import nn

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.hook import Hook, hooks_of_others
from reweaving.capture.observed_attention import observed
from reweaving.errors import HookConflictError, InputError
from reweaving.weaving.interventions import Intervention

CaptureKind = Literal["hidden_states", "attention", "gradients"]
InterventionKind = Literal["injection", "reconstruction", "threshold"]
_CAPTURES = ("hidden_states", "attention", "gradients")
_INTERVENTIONS = ("injection", "reconstruction", "threshold")

Watch = Callable[[int, torch.Tensor], None]
"""Told the layer and what was seen there."""


class HookManager:
    """Capture hooks, monitoring hooks and interventions on any layer of one model.

    Life: made for a model; hooks come and go; the end of the ``with``, or `remove_hooks`, gives the model
    back as it was, also after an exception. What is captured belongs to the manager and outlives the hooks
    until `clear`. Hooks run on the thread of the pass that they see; several threads may run the model.

    Parameters
    ----------
    model
        A Hugging Face causal language model, or its adapter.
    max_bytes
        Most memory for captured tensors, over all hooks; the oldest tensors of the hook that holds most go
        first. None for no limit.

    Raises
    ------
    UnsupportedModelError
        When the model's layers are not known.
    """

    def __init__(self, model: Any, max_bytes: int | None = 2**30) -> None:
        self.adapter = model if isinstance(model, BackboneAdapter) else resolve_adapter(model)
        self.max_bytes = max_bytes
        self._hooks: dict[str, Hook] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove_hooks()

    def register_capture_hook(self, layer: int, kind: CaptureKind = "hidden_states") -> str:
        """Keep what flows at a layer, pass by pass.

        Parameters
        ----------
        layer
            Decoder layer, from 0.
        kind
            ``hidden_states``: the residual stream at the layer's input, ``(batch, tokens, hidden)``.
            ``attention``: its attention weights, ``(batch, heads, queries, keys)``, woven slots first.
            ``gradients``: the loss's gradient at the layer's input, ``(batch, tokens, hidden)``, once for each
            backward pass; where the stream needs no gradient there is none.

        Returns
        -------
        str
            The hook's id.

        Raises
        ------
        InputError
            For a layer or kind that does not exist.
        """
        return self._observe(layer, kind, None)

    def register_monitoring_hook(
        self, layer: int, watch: Watch, kind: CaptureKind = "hidden_states"
    ) -> str:
        """Call `watch` with the layer and what a capture hook of that kind would keep; nothing is kept.

        An exception in `watch` ends the pass.
        """
        return self._observe(layer, kind, watch)

    def register_intervention_hook(
        self, layer: int, change: Intervention, kind: InterventionKind = "injection"
    ) -> str:
        """Change the residual stream in front of a layer.

        Parameters
        ----------
        change
            See `reweaving.weaving.interventions`.

        Raises
        ------
        HookConflictError
            When another intervention stands in front of the same layer: which one would come first is
            nobody's decision. Combine them into one.
        InputError
            For a layer or kind that does not exist.
        """
        self._check(layer, kind, _INTERVENTIONS)
        with self._lock:
            there = [hook.id for hook in self._in_front_of(layer)]
            if there:
                raise HookConflictError(
                    f"{there[0]} already changes the states in front of layer {layer}; remove it first, or "
                    "give both as one intervention"
                )
            hook = self._new(layer, kind)

            def before(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
                hook.calls += 1
                if args:
                    return (change(layer, args[0]), *args[1:]), kwargs
                return args, {**kwargs, "hidden_states": change(layer, kwargs["hidden_states"])}

            hook.undo = (
                self.adapter.layers[layer]
                .register_forward_pre_hook(before, with_kwargs=True)
                .remove
            )
        return hook.id

    def conflicts(self) -> list[str]:
        """What may disturb these hooks, in words; empty when nothing does.

        Hooks of other people on the same layers, which may change what is captured, and captures that see
        what an intervention on the same layer has changed, or has yet to change.
        """
        found = []
        with self._lock:
            layers = sorted({hook.layer for hook in self._hooks.values()})
            for layer in layers:
                mine = [h for h in self._hooks.values() if h.layer == layer]
                strangers = hooks_of_others(self.adapter.layers[layer])
                if strangers:
                    found.append(f"layer {layer} has hooks of others: {', '.join(strangers)}")
                changing = [h.id for h in self._in_front_of(layer)]
                seeing = [h.id for h in mine if h.kind == "hidden_states"]
                order = [h.id for h in mine]
                for change, see in itertools.product(changing, seeing):
                    when = "before" if order.index(see) < order.index(change) else "after"
                    found.append(f"{see} sees layer {layer} {when} {change} has changed it")
        return found

    def hooks(self) -> list[Hook]:
        """Every hook, in the order of registration."""
        with self._lock:
            return list(self._hooks.values())

    def counts(self) -> dict[str, int]:
        """How many hooks there are of each kind."""
        return dict(Counter(hook.kind for hook in self.hooks()))

    def get_captured_data(self, hook_id: str | None = None) -> Any:
        """What was captured, oldest first: a list for one hook, a dict of lists for all."""
        with self._lock:
            if hook_id is not None:
                return list(self._known(hook_id).data)
            return {key: list(hook.data) for key, hook in self._hooks.items() if hook.data}

    def get_memory_usage(self) -> dict[str, Any]:
        """Bytes held: ``total_bytes``, ``per_hook`` by id, and ``dropped`` tensors."""
        with self._lock:
            per_hook = {key: hook.bytes for key, hook in self._hooks.items()}
            dropped = sum(hook.dropped for hook in self._hooks.values())
        return {"total_bytes": sum(per_hook.values()), "per_hook": per_hook, "dropped": dropped}

    def clear(self) -> None:
        """Let go of everything that was captured; the hooks stay."""
        with self._lock:
            for hook in self._hooks.values():
                hook.data.clear()
            self._held = 0

    def remove_hook(self, hook_id: str) -> None:
        """Take one hook off the model, with what it captured.

        Raises
        ------
        InputError
            When there is no such hook.
        """
        with self._lock:
            hook = self._known(hook_id)
            hook.undo()
            self._held -= hook.bytes
            del self._hooks[hook_id]

    def remove_hooks(self, kind: str | None = None) -> int:
        """Take all hooks off the model, or those of one kind; returns how many there were."""
        with self._lock:
            going = [hook.id for hook in self.hooks() if kind in (None, hook.kind)]
            for hook_id in reversed(going):
                self.remove_hook(hook_id)
        return len(going)

    def _observe(self, layer: int, kind: str, watch: Watch | None) -> str:
        self._check(layer, kind, _CAPTURES)
        with self._lock:
            hook = self._new(layer, kind)
            see = partial(self._see, hook, watch)
            if kind == "attention":
                observer = observed(self.adapter.attentions[layer])
                observer.seen[hook.id] = see

                def undo() -> None:
                    del observer.seen[hook.id]
                    if not observer.seen:
                        observer.remove()

                hook.undo = undo
            else:
                take = _gradient_of(see) if kind == "gradients" else see

                def before(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
                    take(args[0] if args else kwargs["hidden_states"])

                hook.undo = (
                    self.adapter.layers[layer]
                    .register_forward_pre_hook(before, with_kwargs=True)
                    .remove
                )
        return hook.id

    def _see(self, hook: Hook, watch: Watch | None, tensor: torch.Tensor) -> None:
        hook.calls += 1
        if watch is not None:
            watch(hook.layer, tensor)
            return
        with self._lock:
            if hook.id not in self._hooks:
                return  # a backward pass that came after the hook was removed
            kept = tensor.detach().clone()
            hook.data.append(kept)
            self._held += kept.nbytes
            while self.max_bytes is not None and self._held > self.max_bytes:
                largest = max(self._hooks.values(), key=lambda other: other.bytes)
                self._held -= largest.data.popleft().nbytes
                largest.dropped += 1

    def _new(self, layer: int, kind: str) -> Hook:
        hook = Hook(f"{kind}-{layer}-{next(self._numbers)}", layer, kind)
        self._hooks[hook.id] = hook
        return hook

    def _known(self, hook_id: str) -> Hook:
        if hook_id not in self._hooks:
            raise InputError(
                f"there is no hook {hook_id!r}; there are: {', '.join(self._hooks) or 'none'}"
            )
        return self._hooks[hook_id]

    def _in_front_of(self, layer: int) -> list[Hook]:
        return [
            hook
            for hook in self._hooks.values()
            if hook.layer == layer and hook.kind in _INTERVENTIONS
        ]

    def _check(self, layer: int, kind: str, kinds: tuple[str, ...]) -> None:
        depth = len(self.adapter.layers)
        if not 0 <= layer < depth:
            name = type(self.adapter.model).__name__
            raise InputError(f"there is no layer {layer}; {name} has layers 0 to {depth - 1}")
        if kind not in kinds:
            raise InputError(
                f"there is no kind {kind!r} of this hook; use one of {', '.join(kinds)}"
            )


def _gradient_of(see: Callable[[torch.Tensor], None]) -> Callable[[torch.Tensor], None]:
    def watch(hidden: torch.Tensor) -> None:
        if hidden.requires_grad:
            hidden.register_hook(see)

    return watch
