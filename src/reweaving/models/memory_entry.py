"""`MemoryEntry`, under its documented module name."""

from reweaving.types import MemoryEntry

__all__ = ["MemoryEntry"]
