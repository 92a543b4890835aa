"""`model.generate`, with a recall before it; nothing else about it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any, NoReturn, Self

import torch

from reweaving.capture.hooks import recording
from reweaving.errors import AttachmentError
from reweaving.events import span
from reweaving.weaving.active import expect_length, nothing_decided, weaving
from reweaving.weaving.weave import Weave

WeaveFor = Callable[[torch.Tensor, torch.Tensor | None], Weave]
Finished = Callable[[torch.Tensor, torch.Tensor | None, int, int, Sequence[int]], None]

_generating: ContextVar[GenerateHook | None] = ContextVar("reweaving_generating", default=None)


class GenerateHook:
    """Puts itself in front of a model's own ``generate`` for as long as a `with` lasts.

    Parameters
    ----------
    weave_for
        Called with token ids ``(batch, tokens)`` and their mask.
    finished
        Called with the sequences that came out, the prompts' mask and length, the number of beams, and the tokens
        that end an answer.
    """

    def __init__(self, model: Any, weave_for: WeaveFor, finished: Finished) -> None:
        self._model, self._weave_for, self._finished = model, weave_for, finished

    def __enter__(self) -> Self:
        self._had_own = "generate" in self._model.__dict__
        self._plain = self._model.generate
        self._model.generate = self._generate
        self._model.__reduce_ex__ = _refuse_copies
        return self

    def __exit__(self, *_: object) -> None:
        del self._model.__reduce_ex__
        if self._had_own:
            self._model.generate = self._plain
        else:
            del self._model.generate

    def _generate(self, inputs: torch.Tensor | None = None, *args: Any, **kwargs: Any) -> Any:
        ids = inputs if inputs is not None else kwargs.get("input_ids")
        given = (inputs, *args) if args or inputs is not None else ()
        if ids is None:
            return self._plain(*given, **kwargs)
        if _generating.get() is self:
            with recording(None):  # the model drafts for itself, with some of its layers
                return self._plain(*given, **kwargs)
        config = kwargs.get("generation_config") or (args[0] if args else None)
        config = config or self._model.generation_config
        ends = self._special("eos_token_id", config, kwargs)
        mask = kwargs.get("attention_mask")
        if mask is None:
            mask = _inferred_mask(ids, self._special("pad_token_id", config, kwargs), ends)
        with ExitStack() as stack:
            if nothing_decided():
                # Decided now, also when nothing is woven: a generate inside this one must not recall again.
                stack.enter_context(weaving(self._weave_for(ids, mask)))
            stack.callback(_generating.reset, _generating.set(self))
            expect_length(_reach(ids.shape[1], config, kwargs))
            with span("generate", self._model) as told:
                output = self._plain(*given, **kwargs)
                made = output if isinstance(output, torch.Tensor) else output.sequences
                told.count(
                    rows=made.shape[0], tokens=made.shape[0] * (made.shape[1] - ids.shape[1])
                )
            beams = int(kwargs.get("num_beams") or config.num_beams or 1)
            self._finished(made, mask, ids.shape[1], beams, ends)
        return output

    def _special(self, name: str, config: Any, kwargs: dict[str, Any]) -> list[int]:
        """The special tokens of that name, looked for where `generate` looks."""
        given = (kwargs.get(name), getattr(config, name, None))
        own = getattr(self._model.generation_config, name, None)
        found: Any = next((value for value in (*given, own) if value is not None), [])
        return [int(token) for token in torch.as_tensor(found).flatten()]


def _inferred_mask(
    ids: torch.Tensor, pad: Sequence[int], ends: Sequence[int]
) -> torch.Tensor | None:
    """The mask that `generate` infers where it was given none: padding is what says nothing else."""
    if ids.ndim != 2 or not pad or pad[0] in ends:
        return None
    real = ids != pad[0]
    return None if bool(real.all()) else real.long()


def _reach(prompt: int, config: Any, kwargs: dict[str, Any]) -> int:
    """How many tokens a request may have in the end."""
    new = kwargs.get("max_new_tokens") or config.max_new_tokens
    if new is not None:
        return prompt + int(new)
    return max(prompt, int(kwargs.get("max_length") or config.max_length or 0))


def _refuse_copies(_: int) -> NoReturn:
    raise AttachmentError(
        "a model with a memory attached can be neither copied nor pickled, its hooks would lead back to the original; "
        "call detach() first, copy it before attach, or keep its state_dict()"
    )
