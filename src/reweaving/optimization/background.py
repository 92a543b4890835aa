"""Upkeep that runs beside requests, within a share of one processor, and not while it would be in the way."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from reweaving.config import Settings

_log = logging.getLogger(__name__)


class BackgroundConfig(Settings):
    """How much upkeep may take.

    Parameters
    ----------
    cpu_share
        Most processor time, as a share of the time that passes, of one core.
    period_seconds
        How often each task is due.
    poll_seconds
        How often it is asked whether requests are running.
    """

    cpu_share: float = Field(default=0.1, gt=0.0, le=1.0)
    period_seconds: float = Field(default=60.0, gt=0.0)
    poll_seconds: float = Field(default=0.05, gt=0.0)


class BackgroundOptimizer:
    """Runs tasks (consolidation, index, tiers, limits) in turn on a thread of its own.

    Life: `start`, any number of requests, `stop`; it can be started again. A task that fails is reported in the log
    and in `stats`, and comes again in its turn. Tasks are not interrupted: they should be short, or stop by themselves.

    Parameters
    ----------
    tasks
        Name to what is done.
    busy
        Whether requests are running now; upkeep waits meanwhile. None: never.
    """

    def __init__(
        self,
        tasks: Mapping[str, Callable[[], object]],
        busy: Callable[[], bool] | None = None,
        config: BackgroundConfig | None = None,
    ) -> None:
        self.config = config or BackgroundConfig()
        self._tasks, self._busy = dict(tasks), busy or (lambda: False)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._runs = dict.fromkeys(self._tasks, 0)
        self._failures: dict[str, str] = {}
        self._cpu_seconds = self._passed_seconds = self._paused_seconds = 0.0

    @property
    def running(self) -> bool:
        """Whether it has been started and not stopped."""
        return self._thread is not None

    def start(self) -> None:
        """Begin; calling it again does nothing."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="reweaving-upkeep", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let the task that runs end, and stop; calling it again does nothing."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def stats(self) -> dict[str, Any]:
        """Runs of each task, the last failure of those that failed, and the share of processor time."""
        return {
            "runs": dict(self._runs),
            "failures": dict(self._failures),
            "cpu_share": self._cpu_seconds / self._passed_seconds if self._passed_seconds else 0.0,
            "paused_seconds": self._paused_seconds,
        }

    def _run(self) -> None:
        began, due = time.monotonic(), dict.fromkeys(self._tasks, 0.0)
        cpu_before = self._cpu_seconds
        passed_before = self._passed_seconds
        while not self._stop.is_set():
            ready = [name for name in self._tasks if due[name] <= time.monotonic()]
            for name in ready:
                if self._stop.is_set():
                    break
                self._wait_while_busy()
                if self._stop.is_set():
                    break
                self._do(name)
                due[name] = time.monotonic() + self.config.period_seconds
                # Time that has to pass before as much may be used again.
                spent = self._cpu_seconds - cpu_before
                self._passed_seconds = passed_before + time.monotonic() - began
                owed = spent / self.config.cpu_share - (time.monotonic() - began)
                self._stop.wait(max(owed, 0.0))
            self._passed_seconds = passed_before + time.monotonic() - began
            if not ready:
                self._stop.wait(self.config.poll_seconds)
        self._passed_seconds = passed_before + time.monotonic() - began

    def _wait_while_busy(self) -> None:
        began = time.monotonic()
        while self._busy() and not self._stop.wait(self.config.poll_seconds):
            pass
        self._paused_seconds += time.monotonic() - began

    def _do(self, name: str) -> None:
        began = time.thread_time()
        try:
            self._tasks[name]()
            self._runs[name] += 1
            self._failures.pop(name, None)
        except Exception as error:  # noqa: BLE001 - upkeep that fails must not end the rest of it
            self._failures[name] = f"{type(error).__name__}: {error}"
            _log.exception("upkeep %r failed", name)
        finally:
            self._cpu_seconds += time.thread_time() - began
