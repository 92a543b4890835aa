"""`LayeredMemoryBuffer`, under its documented module name."""

from reweaving.memory.buffer import LayeredMemoryBuffer

__all__ = ["LayeredMemoryBuffer"]
