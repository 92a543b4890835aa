"""A pass of the model with its states captured, that still returns when there is no memory for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models.out_of_memory import MEMORY_ERRORS, first_line, is_out_of_memory, shrink
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry, Recollection

Result = TypeVar("Result")


def captured_while(
    call: Callable[[], Result],
    woven: Reweaver,
    shown: Sequence[Sequence[Recollection]],
    buffer: LayeredMemoryBuffer,
) -> tuple[Result, list[list[MemoryEntry]] | None]:
    """Run the model with memory woven in, and capture what it reads and writes.

    When memory runs out the buffer is made smaller, with a warning, and the model runs once more without
    being captured.

    Parameters
    ----------
    shown
        What is woven, one list per row.

    Returns
    -------
    result, captured
        What the call gave; one list of entries per row, None when there was no room for them.
    """
    captured: list[list[MemoryEntry]] | None = None
    try:
        with woven.weaving(shown), woven.capturing() as captured:
            result = call()
    except MEMORY_ERRORS as error:
        if not is_out_of_memory(error):
            raise
        failure = first_line(error)
    else:
        return result, captured
    # Out here, where the error no longer holds on to what was captured.
    captured = None
    shrink(buffer, failure)
    with woven.weaving(shown):
        return call(), None
