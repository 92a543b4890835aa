"""One worker, and the order in which it does things: decoding before prefilling before maintenance."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from reweaving.errors import ReweavingError


class Priority(IntEnum):
    """What goes first."""

    DECODE = 0
    PREFILL = 1
    MAINTENANCE = 2


@dataclass(order=True)
class _Task:
    priority: int
    due: float
    number: int
    call: Callable[[], Any] = field(compare=False)
    future: Future[Any] = field(compare=False)
    submitted: float = field(compare=False)


class ComputationScheduler:
    """Runs calls one after the other, the most urgent of those that wait first.

    Within a priority the earliest deadline goes first, then the order of submission. A call that runs is not
    interrupted: long work is submitted in parts.

    Life: `start`; `submit` from any thread; `flush` waits for all; `close` runs what waits and stops.
    """

    def __init__(self) -> None:
        self._queue: list[_Task] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._running = self._closed = False
        self._thread: threading.Thread | None = None
        self._done: dict[str, int] = {priority.name.lower(): 0 for priority in Priority}
        self._late = 0
        self._waited: dict[str, float] = dict.fromkeys(self._done, 0.0)

    def start(self) -> None:
        """Begin to work; calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reweaving-work", daemon=True)
            self._thread.start()

    def submit(
        self,
        call: Callable[[], Any],
        priority: Priority = Priority.PREFILL,
        deadline_seconds: float | None = None,
    ) -> Future[Any]:
        """Have something done; its result, or its error, is the future's.

        Parameters
        ----------
        deadline_seconds
            From now on; None for whenever its priority has its turn.

        Raises
        ------
        ReweavingError
            When the scheduler is closed.
        """
        now = time.monotonic()
        due = float("inf") if deadline_seconds is None else now + deadline_seconds
        future: Future[Any] = Future()
        task = _Task(int(priority), due, next(self._numbers), call, future, now)
        with self._changed:
            if self._closed:
                raise ReweavingError("the scheduler is closed; make another one")
            heapq.heappush(self._queue, task)
            self._changed.notify_all()
        return future

    def flush(self) -> None:
        """Wait until nothing waits or runs; needs `start`."""
        with self._changed:
            while self._queue or self._running:
                self._changed.wait()

    def close(self) -> None:
        """Finish what waits and stop; what was submitted without `start` is cancelled."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        for task in self._queue:
            task.future.cancel()
        self._queue.clear()

    def stats(self) -> dict[str, Any]:
        """How many calls were done and how long they waited, by priority, and how many began too late."""
        return {
            "done": dict(self._done),
            "mean_wait_seconds": {
                name: self._waited[name] / done if done else 0.0
                for name, done in self._done.items()
            },
            "late": self._late,
            "waiting": len(self._queue),
        }

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._queue and not self._closed:
                    self._changed.wait()
                if not self._queue:
                    return
                task = heapq.heappop(self._queue)
                self._running = True
            self._do(task)
            with self._changed:
                self._running = False
                self._changed.notify_all()

    def _do(self, task: _Task) -> None:
        if not task.future.set_running_or_notify_cancel():
            return
        began = time.monotonic()
        name = Priority(task.priority).name.lower()
        self._done[name] += 1
        self._waited[name] += began - task.submitted
        self._late += began > task.due
        try:
            task.future.set_result(task.call())
        except BaseException as error:  # noqa: BLE001 - belongs to who waits for the future
            task.future.set_exception(error)
