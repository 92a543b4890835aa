"""What happens when there is no room for a memory: it gets smaller, and the model goes on."""

from __future__ import annotations

import gc
import warnings

import torch

from reweaving.memory.buffer import LayeredMemoryBuffer

MEMORY_ERRORS = (torch.OutOfMemoryError, MemoryError, RuntimeError)
"""What running out of memory raises; on a CPU torch raises a bare RuntimeError."""

_SIGNS = ("out of memory", "can't allocate memory", "not enough memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device, or the machine, has no memory left."""
    known = isinstance(error, (torch.OutOfMemoryError, MemoryError))
    return known or any(sign in str(error).lower() for sign in _SIGNS)


def first_line(error: BaseException) -> str:
    """What an error says, without its traceback, which would keep what was captured alive."""
    return str(error).strip().split("\n", 1)[0] or type(error).__name__


def shrink(buffer: LayeredMemoryBuffer, failure: str) -> None:
    """Hold half as much from now on, and say so; what is pinned stays, and what holds nothing keeps its limits.

    Parameters
    ----------
    failure
        What the error said.

    Raises
    ------
    CapacityError
        When more than that is pinned.
    """
    held = buffer.get_buffer_stats()
    if not held["total_entries"]:
        _release()
        warnings.warn(
            f"memory ran out while capturing ({failure}): nothing of this pass is kept. Give smaller batches",
            stacklevel=4,
        )
        return
    entries = max(1, held["total_entries"] // 2)
    layer = max(1, max(held["entries_per_layer"].values(), default=1) // 2)
    evicted = buffer.resize(
        max_entries_per_layer=layer,
        max_total_entries=entries,
        max_bytes=max(1, held["total_bytes"] // 2),
    )
    _release()
    warnings.warn(
        f"memory ran out while capturing ({failure}): nothing of this pass is kept, the memory now holds "
        f"at most {entries} entries, and {len(evicted)} were evicted. Give smaller batches, a smaller "
        "max_entries_per_layer, or max_memory_gb",
        stacklevel=4,
    )


def _release() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
