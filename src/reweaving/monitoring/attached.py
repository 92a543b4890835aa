"""What monitoring and experiments need of a model with a memory, whichever class it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from reweaving.errors import InputError


class Attached(Protocol):
    """As `reweaving.Reweaver` is."""

    model: Any
    tokenizer: Any
    memory: Any
    adapter: Any
    conformance: Any
    config: Any


def attached_to(cmr_model: Any) -> Attached:
    """The attachment of a documented model (its ``reweaver``), or the given one itself.

    Raises
    ------
    InputError
        For anything else.
    """
    found = getattr(cmr_model, "reweaver", cmr_model)
    if not all(hasattr(found, name) for name in ("model", "memory", "adapter", "conformance")):
        raise InputError(
            f"{type(cmr_model).__name__} has no memory attached; give what reweaving.attach returned, or a "
            "CMR model with its memory enabled"
        )
    return cast(Attached, found)


def counts_of(cmr_model: Any) -> Callable[[], dict[str, float]]:
    """What counts the memory of a model: of a documented one its buffer, else what is attached."""
    buffer = getattr(cmr_model, "memory_buffer", None)
    if buffer is None:
        attached = attached_to(cmr_model)
        return lambda: dict(vars(attached.memory.stats()))

    def counts() -> dict[str, float]:
        held = buffer.get_buffer_stats()
        names = {"total_entries": "entries", "total_tokens": "tokens", "total_bytes": "bytes"}
        counted = {short: float(held[name]) for name, short in names.items()}
        return counted | {name: float(held[name]) for name in ("pinned", "evictions", "hit_rate")}

    return counts
