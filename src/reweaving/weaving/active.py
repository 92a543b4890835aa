"""Which weave the current thread's passes of a model take in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reweaving.adapters.base import BackboneAdapter
    from reweaving.weaving.weave import Weave

_active: ContextVar[Weave | None] = ContextVar("reweaving_active", default=None)


@contextmanager
def weaving(weave: Weave | None) -> Iterator[Weave | None]:
    """Make a weave, or none at all, the current thread's for as long as the `with` lasts."""
    token = _active.set(weave)
    try:
        yield weave
    finally:
        _active.reset(token)


def expect_length(length: int) -> None:
    """Tell the current thread's weave, if any, how many tokens the request may reach."""
    weave = _active.get()
    if weave is not None:
        weave.request_length = length


def nothing_decided() -> bool:
    """Whether neither a weave nor a pause is in place on the current thread."""
    return _active.get() is None


def weave_in_place() -> Weave | None:
    """The current thread's weave, whether it holds anything or not."""
    return _active.get()


def active_weave(module: Any) -> tuple[Weave, int] | None:
    """The current thread's weave and the layer number, if the attention module belongs to it."""
    weave = _active.get()
    if weave is None or weave.empty:
        return None
    layer = weave.layer_of.get(id(module))
    return None if layer is None else (weave, layer)


def current_weave(adapter: BackboneAdapter) -> Weave | None:
    """The current thread's weave, if it belongs to this model and holds anything."""
    weave = _active.get()
    return weave if weave is not None and weave.adapter is adapter and not weave.empty else None


def woven_config(config: Any) -> Weave | None:
    """The current thread's weave, if it belongs to the model of this config and holds anything."""
    weave = _active.get()
    return (
        weave if weave is not None and weave.adapter.config is config and not weave.empty else None
    )
