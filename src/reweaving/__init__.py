"""Contextual Memory Reweaving: a durable, private, exact memory for local language models."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reweaving.embedded.loading import load_embedded
    from reweaving.errors import ReweavingError
    from reweaving.memory.memory import Memory, MemoryConfig
    from reweaving.reweaver import Reweaver, attach
    from reweaving.settings import ReweavingConfig
    from reweaving.types import MemoryEntry, Recollection

__version__ = "0.1.0"

_WHERE = {
    "Memory": "reweaving.memory.memory",
    "MemoryConfig": "reweaving.memory.memory",
    "MemoryEntry": "reweaving.types",
    "Recollection": "reweaving.types",
    "Reweaver": "reweaving.reweaver",
    "ReweavingConfig": "reweaving.settings",
    "ReweavingError": "reweaving.errors",
    "attach": "reweaving.reweaver",
    "load_embedded": "reweaving.embedded.loading",
}

__all__ = [
    "Memory",
    "MemoryConfig",
    "MemoryEntry",
    "Recollection",
    "Reweaver",
    "ReweavingConfig",
    "ReweavingError",
    "attach",
    "load_embedded",
]


def __getattr__(name: str) -> Any:
    # Lazily, so that `import reweaving` and `cmr --help` do not load torch.
    if name not in _WHERE:
        raise AttributeError(f"module 'reweaving' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
