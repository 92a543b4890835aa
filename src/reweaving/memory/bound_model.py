"""Which model the states of a namespace are of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reweaving.memory.memory import Memory

MODEL_NOTE = "model"
KEY_LAYER_NOTE = "key layer {}"
"""Says of a fingerprint at which layer its entries' retrieval keys were taken."""


@dataclass(frozen=True)
class BoundModel:
    """Name and fingerprint of a model; empty strings where they are not known."""

    name: str = ""
    fingerprint: str = ""

    @property
    def shown(self) -> str:
        """Both, for messages."""
        return f"{self.name or 'an unnamed model'} ({self.fingerprint[:12]})"

    def as_note(self) -> dict[str, Any]:
        """As it is kept beside the entries."""
        return asdict(self)


def kept_key_layer(memory: Memory, fingerprint: str) -> int | None:
    """The layer of a model's keys in a namespace; None where the model's default was not changed."""
    kept: int | None = memory.note(KEY_LAYER_NOTE.format(fingerprint))
    return kept


def bound_model(memory: Memory) -> BoundModel:
    """The model that a namespace is bound to; an unnamed one without states when it is to none."""
    note = memory.note(MODEL_NOTE)
    return BoundModel() if note is None else BoundModel(note["name"], note["fingerprint"])
