"""`reweaving.models.memory_entry`, under the name that the CMR documents use."""

from reweaving.models.memory_entry import MemoryEntry

__all__ = ["MemoryEntry"]
