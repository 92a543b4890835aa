"""The model that an experiment is run on, with a memory that belongs to the experiment alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reweaving.errors import InputError
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig


@contextmanager
def experiment_on(
    cmr_model: Any, tokenizer: Any = None, config: ReweavingConfig | None = None
) -> Iterator[Reweaver]:
    """Attach a memory of the experiment's own, and give everything back as it was.

    Parameters
    ----------
    cmr_model
        A Hugging Face causal language model; a documented CMR model, whose own memory is laid aside
        meanwhile and not changed; or what `reweaving.attach` returned, with an empty memory.
    tokenizer
        The model's; None for the one that it brings.
    config
        Settings of the attachment; None for the defaults, with a CMR model's captured layers.

    Raises
    ------
    InputError
        When an attached memory holds something: experiments never write beside what people have said.
    """
    if isinstance(cmr_model, Reweaver):
        with _borrowed(cmr_model):
            yield cmr_model
        return
    backbone = getattr(cmr_model, "backbone", None)
    if backbone is None:
        with attach(cmr_model, tokenizer, config=config) as woven:
            yield woven
        return
    layers = tuple(cmr_model.target_layers)
    settings = config or ReweavingConfig(codec="hidden", layers=layers)
    had, enabled = bool(cmr_model.layer_hooks), bool(cmr_model.memory_enabled)
    cmr_model.detach_memory()
    try:
        with attach(backbone, tokenizer or cmr_model.tokenizer, config=settings) as woven:
            yield woven
    finally:
        if had:
            cmr_model.register_memory_hooks()
            if not enabled:
                cmr_model.disable_memory()


@contextmanager
def _borrowed(woven: Reweaver) -> Iterator[None]:
    held = woven.memory.stats().entries
    if held:
        raise InputError(
            f"the attached memory holds {held} entries; experiments need one of their own: detach it and "
            "give the model itself"
        )
    try:
        yield
    finally:
        forget_everything(woven)


def forget_everything(woven: Reweaver) -> None:
    """Empty the experiment's memory."""
    if woven.memory.stats().entries:
        woven.memory.forget(namespace=True)
