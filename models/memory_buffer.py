"""`reweaving.models.memory_buffer`, under the name that the CMR documents use."""

from reweaving.models.memory_buffer import LayeredMemoryBuffer

__all__ = ["LayeredMemoryBuffer"]
