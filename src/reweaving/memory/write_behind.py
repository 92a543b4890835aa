"""Entries on their way to the store, while the model goes on reading."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reweaving.types import MemoryEntry

_MOST_TURNS = 8


@dataclass(frozen=True)
class _Turn:
    entries: Sequence[MemoryEntry]
    failed: Callable[[], None]


class WriteBehind:
    """Stores the entries of one turn after the other, on a thread of its own.

    Life: `put` by the thread that reads; it waits when too many turns are on their way, and starts the thread the first
    time. `flush` before a turn is called stored: when it returns, everything has reached the disk, and when something
    has not, it raises why. `close` at the end.

    Parameters
    ----------
    store
        Stores the entries of a turn, all or none; `Memory.add`.
    most
        Turns that may be on their way.
    """

    def __init__(
        self, store: Callable[[Sequence[MemoryEntry]], None], most: int = _MOST_TURNS
    ) -> None:
        self._store = store
        self._waiting: queue.Queue[_Turn | None] = queue.Queue(most)
        self._errors: list[BaseException] = []
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, entries: Sequence[MemoryEntry], failed: Callable[[], None]) -> None:
        """Have a turn stored.

        Parameters
        ----------
        failed
            Called on the storing thread when it could not be.
        """
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="reweaving-store", daemon=True
                )
                self._thread.start()
            # With the lock held: a close in between would leave the turn to nobody.
            self._waiting.put(_Turn(entries, failed))

    def flush(self) -> None:
        """Wait until all turns are stored.

        Raises
        ------
        ReweavingError
            What the store said about the first turn that it refused since the last call.
        """
        if self._thread is None:
            return
        self._waiting.join()
        errors, self._errors = self._errors, []
        if errors:
            raise errors[0]

    def close(self) -> None:
        """Store what is on its way, and stop; it can be used again."""
        with self._starting:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._waiting.put(None)
                thread.join()
        errors, self._errors = self._errors, []
        if errors:
            raise errors[0]

    def _run(self) -> None:
        while (turn := self._waiting.get()) is not None:
            try:
                self._store(turn.entries)
            except BaseException as error:  # noqa: BLE001 - raised by the next flush
                self._errors.append(error)
                turn.failed()
            finally:
                self._waiting.task_done()
        self._waiting.task_done()
