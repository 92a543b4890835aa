"""What monitoring and experiments need of a model with a memory, whichever class it is."""

from __future__ import annotations

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
