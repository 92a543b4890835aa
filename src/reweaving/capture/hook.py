"""One registered hook, and who else has hooks on a layer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import nn


@dataclass
class Hook:
    """One registered hook.

    Attributes
    ----------
    calls
        How often it saw something.
    dropped
        Tensors let go of because the limit was reached, oldest first.
    data
        What it holds, oldest first.
    undo
        Takes it off the model.
    """

    id: str
    layer: int
    kind: str
    calls: int = 0
    dropped: int = 0
    data: deque[torch.Tensor] = field(default_factory=deque)
    undo: Callable[[], None] = field(default=lambda: None, repr=False)

    @property
    def bytes(self) -> int:
        """Memory that its tensors take."""
        return sum(tensor.nbytes for tensor in self.data)


def hooks_of_others(module: nn.Module) -> list[str]:
    """Names of a module's forward hooks that neither reweaving nor transformers installed."""
    held = [*module._forward_pre_hooks.values(), *module._forward_hooks.values()]
    # reweaving's own do nothing to a layer's states unless a weave that reads states is in place.
    return sorted(
        {
            f"{hook.__module__}.{hook.__qualname__}"
            for hook in held
            if not getattr(hook, "__module__", "").startswith(("reweaving.", "transformers."))
            and hasattr(hook, "__qualname__")
        }
    )
