"""One memory at a time on one model: the claim, the hooks, and giving the model back as it was."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.capture.hooks import install_capture_hooks
from reweaving.errors import AttachmentError
from reweaving.weaving.backends import install_weaving_hooks, register_backend

# Models with a memory. Weak, so that a model which is dropped while attached is freed with its memory.
_attached: weakref.WeakSet[torch.nn.Module] = weakref.WeakSet()
_attaching = threading.Lock()


class Attachment:
    """A model that is claimed by one memory until `end`.

    Life: made once by `reweaving.attach`, which then calls `install`; `require` at the beginning of
    each public call; `end` when the model is given back, or when attaching fails.

    Raises
    ------
    AttachmentError
        When the model already has a memory.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        self._undo = ExitStack()
        with _attaching:
            if model in _attached:
                raise AttachmentError(
                    f"{type(model).__name__} already has a memory attached; "
                    "call detach() on it first, or use it"
                )
            _attached.add(model)
        self._undo.callback(_attached.discard, model)
        self._is_attached = True
        self._model, self._form = weakref.ref(model), _form(model)
        self.layer_hooks: dict[int, Any] = {}
        """The handle of each decoder layer's capture hook."""

    def install(
        self,
        adapter: BackboneAdapter,
        generate_hook: AbstractContextManager[object],
        more: Iterable[Any] = (),
    ) -> None:
        """Put the hooks of capture and weaving, and the one of `generate`, on the model.

        Parameters
        ----------
        more
            Handles of hooks that are there already and shall end with the others.
        """
        for handle in more:
            self._undo.callback(handle.remove)
        text_config = adapter.config
        base = text_config._attn_implementation
        self._undo.callback(setattr, text_config, "_attn_implementation", base)
        text_config._attn_implementation = register_backend(base or "eager")
        of_decoder, *of_layers = install_capture_hooks(adapter)
        self.layer_hooks = dict(enumerate(of_layers))
        for handle in (of_decoder, *of_layers, *install_weaving_hooks(adapter)):
            self._undo.callback(handle.remove)
        self._undo.enter_context(generate_hook)

    def require(self) -> None:
        """Refuse to go on with a model that was given back, or that has become another one.

        Seen are other shapes and dtypes of parameters, and another number of them, as of an adapter or a conversion;
        weights that were changed in place are not.
        """
        if not self._is_attached:
            raise AttachmentError(
                "this memory was detached from its model; call reweaving.attach again"
            )
        model = self._model()
        if model is not None and _form(model) != self._form:
            raise AttachmentError(
                f"{type(model).__name__} was converted, or an adapter was added or removed, since attach: its "
                "states are another model's now; call detach() and reweaving.attach again"
            )

    def end(self) -> None:
        """Give the model back as it was before; calling it again does nothing."""
        self._is_attached = False
        self._undo.close()


def _form(model: torch.nn.Module) -> int:
    return hash(tuple((weight.dtype, weight.shape) for weight in model.parameters()))
