"""`model.generate`, with a recall before it; nothing else about it changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

import torch

from reweaving.events import span
from reweaving.weaving.active import expect_length, nothing_decided, weaving
from reweaving.weaving.weave import Weave

WeaveFor = Callable[[torch.Tensor, torch.Tensor | None], Weave]
Finished = Callable[[torch.Tensor, torch.Tensor | None, int], None]


class GenerateHook:
    """Puts itself in front of a model's own ``generate`` for as long as a `with` lasts.

    Parameters
    ----------
    weave_for
        Called with token ids ``(batch, tokens)`` and their mask.
    finished
        Called with the sequences that came out, the prompts' mask and their length.
    """

    def __init__(self, model: Any, weave_for: WeaveFor, finished: Finished) -> None:
        self._model, self._weave_for, self._finished = model, weave_for, finished

    def __enter__(self) -> Self:
        self._had_own = "generate" in self._model.__dict__
        self._plain = self._model.generate
        self._model.generate = self._generate
        return self

    def __exit__(self, *_: object) -> None:
        if self._had_own:
            self._model.generate = self._plain
        else:
            del self._model.generate

    def _generate(self, inputs: torch.Tensor | None = None, *args: Any, **kwargs: Any) -> Any:
        ids = inputs if inputs is not None else kwargs.get("input_ids")
        given = args if inputs is None else (inputs, *args)
        if ids is None:
            return self._plain(*given, **kwargs)
        mask = kwargs.get("attention_mask")
        reach = self._reach(ids.shape[1], args, kwargs)
        with ExitStack() as stack:
            if nothing_decided():
                # Decided now, also when nothing is woven: a generate inside this one must not recall again.
                stack.enter_context(weaving(self._weave_for(ids, mask)))
            expect_length(reach)
            with span("generate", self._model) as told:
                output = self._plain(*given, **kwargs)
                made = output if isinstance(output, torch.Tensor) else output.sequences
                told.count(
                    rows=made.shape[0], tokens=made.shape[0] * (made.shape[1] - ids.shape[1])
                )
            self._finished(made, mask, ids.shape[1])
        return output

    def _reach(self, prompt: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        config = (
            kwargs.get("generation_config")
            or (args[0] if args else None)
            or self._model.generation_config
        )
        new = kwargs.get("max_new_tokens") or config.max_new_tokens
        if new is not None:
            return prompt + int(new)
        return max(prompt, int(kwargs.get("max_length") or config.max_length or 0))
