"""Upkeep keeps to its share of the processor, waits while requests run, and survives its failures."""

from __future__ import annotations

import threading
import time

import pytest

from reweaving.optimization.background import BackgroundConfig, BackgroundOptimizer


def _work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_it_keeps_to_its_share() -> None:
    config = BackgroundConfig(cpu_share=0.2, period_seconds=1e-3, poll_seconds=1e-3)
    upkeep = BackgroundOptimizer({"work": lambda: _work(0.02)}, config=config)
    upkeep.start()
    time.sleep(1.0)
    upkeep.stop()
    assert upkeep.stats()["runs"]["work"] >= 3
    assert upkeep.stats()["cpu_share"] <= 0.25


def test_it_waits_while_requests_run_and_stops_meanwhile() -> None:
    busy, ran = threading.Event(), threading.Event()
    busy.set()
    config = BackgroundConfig(poll_seconds=1e-3, cpu_share=1.0)
    upkeep = BackgroundOptimizer({"work": ran.set}, busy.is_set, config)
    upkeep.start()
    assert not ran.wait(0.1)
    busy.clear()
    assert ran.wait(5)
    upkeep.stop()
    busy.set()
    ran.clear()
    upkeep.start()
    upkeep.stop()  # comes back although it is busy
    assert not upkeep.running
    assert not ran.is_set()


def test_a_failing_task_is_reported_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    ran = threading.Event()

    def fails() -> None:
        raise OSError("the disk is full")

    config = BackgroundConfig(poll_seconds=1e-3, cpu_share=1.0)
    upkeep = BackgroundOptimizer({"bad": fails, "good": ran.set}, config=config)
    upkeep.start()
    assert ran.wait(5)
    upkeep.stop()
    assert upkeep.stats()["failures"] == {"bad": "OSError: the disk is full"}
    assert "upkeep 'bad' failed" in caplog.text
