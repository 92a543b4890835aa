"""A process of its own for what may kill, corrupt or replace parts of a process.

A bench starts ``python -m reweaving.experiments.laboratory MODULE:FUNCTION quick seed`` and hears of
it line by line. The function runs before the process has any thread, so it may fork; what it does to
SQLite or to files ends with the process.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkContext
from typing import Any

from reweaving.errors import ConfigurationError, ReweavingError

Tell = Callable[[int, int, str], None]
Row = dict[str, Any]
Leg = Callable[..., list[Row]]  # (quick, seed, tell, *more)


@dataclass(frozen=True)
class Report:
    """What a laboratory says: how far it is, and in the end its rows."""

    done: int
    total: int
    what: str
    rows: list[Row] | None = None


class LaboratoryError(ReweavingError):
    """A laboratory ended without a result: the bench failed, not what it measures."""


def conduct(leg: str, quick: bool, seed: int, *more: str) -> Iterator[Report]:
    """Run ``MODULE:FUNCTION`` in a laboratory; the last report has its rows.

    Parameters
    ----------
    leg
        A function that takes `quick`, `seed`, a callable to be told how far it is, and `more`.

    Raises
    ------
    LaboratoryError
        When it ends without a result; the message has what it wrote last.
    """
    require_forks()
    arguments = [
        sys.executable,
        "-m",
        __name__,
        leg,
        "quick" if quick else "full",
        str(seed),
        *more,
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "REWEAVING_KEY": ""}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=said, text=True, env=environment
        )
        finished = False
        try:
            for line in process.stdout or ():
                report = Report(**json.loads(line))
                finished = report.rows is not None
                yield report
            process.wait()
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if not finished:
            said.seek(0)
            raise LaboratoryError(
                f"{leg} ended with {process.returncode} and without a result: {said.read()[-2000:]}"
            )


def require_forks() -> None:
    """Refuse where a process cannot be copied.

    Raises
    ------
    ConfigurationError
        On such a system, Windows for one.
    """
    if not hasattr(os, "fork"):
        raise ConfigurationError(
            "this bench copies and kills processes, which this system cannot; run it on Linux or macOS"
        )


def forks() -> ForkContext:
    """Processes that are copies of this one: they are there at once, with all modules loaded."""
    return multiprocessing.get_context("fork")


def _main(leg: str, size: str, seed: str, *more: str) -> None:
    def say(report: Report) -> None:
        sys.stdout.write(json.dumps(vars(report)) + "\n")
        sys.stdout.flush()

    module, _, function = leg.partition(":")
    run: Leg = getattr(importlib.import_module(module), function)
    rows = run(
        size == "quick",
        int(seed),
        lambda done, total, what: say(Report(done, total, what)),
        *more,
    )
    say(Report(1, 1, "", rows))


if __name__ == "__main__":
    _main(*sys.argv[1:])
