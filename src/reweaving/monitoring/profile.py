"""Where the time of one request goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reweaving.events import Event, listen

STAGES = ("recall", "reconstruct", "generate", "read", "score", "store")
"""Stages that do not contain one another."""


@dataclass(frozen=True)
class Profile:
    """One run, by stage.

    Attributes
    ----------
    seconds
        Wall-clock time of the whole run.
    stages
        Stage to ``seconds``, ``calls``, ``share`` of the whole, and what was counted; ``other`` is the rest.
    result
        What the profiled call returned.
    """

    seconds: float
    stages: dict[str, dict[str, float]]
    result: Any


def profiled(call: Callable[[], Any], source: Any = None) -> Profile:
    """Run a call on this thread and add up its stages.

    Parameters
    ----------
    source
        The model whose stages count; None for all.
    """
    heard: list[Event] = []
    here = threading.get_ident()

    def hear(event: Event) -> None:
        if event.thread == here and (source is None or event.source is source):
            heard.append(event)

    stop = listen(hear)
    began = time.monotonic()
    try:
        result = call()
    finally:
        seconds = time.monotonic() - began
        stop()
    stages: dict[str, dict[str, float]] = {}
    for event in heard:
        if event.stage in STAGES:
            stage = stages.setdefault(event.stage, {"seconds": 0.0, "calls": 0.0})
            stage["seconds"] += event.seconds
            stage["calls"] += 1
            for name, value in event.values.items():
                stage[name] = stage.get(name, 0.0) + value
    rest = seconds - sum(stage["seconds"] for stage in stages.values())
    stages["other"] = {"seconds": max(rest, 0.0), "calls": 1.0}
    for stage in stages.values():
        stage["share"] = stage["seconds"] / seconds if seconds > 0 else 0.0
    return Profile(seconds, stages, result)
