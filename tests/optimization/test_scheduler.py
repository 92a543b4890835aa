"""The most urgent first, the earliest deadline within a priority, and errors to whom they belong."""

from __future__ import annotations

import threading

import pytest

from reweaving.errors import ReweavingError
from reweaving.optimization.scheduler import ComputationScheduler, Priority


def test_decode_before_prefill_before_maintenance_and_deadlines_within() -> None:
    scheduler, order = ComputationScheduler(), list[str]()
    gate = threading.Event()
    scheduler.start()
    scheduler.submit(gate.wait)
    for name, priority, deadline in [
        ("upkeep", Priority.MAINTENANCE, None),
        ("later prompt", Priority.PREFILL, None),
        ("urgent prompt", Priority.PREFILL, 5.0),
        ("token", Priority.DECODE, 9.0),
        ("urgent token", Priority.DECODE, 1.0),
        ("second upkeep", Priority.MAINTENANCE, None),
    ]:
        scheduler.submit(lambda name=name: order.append(name), priority, deadline)
    gate.set()
    scheduler.flush()
    scheduler.close()
    wanted = ["urgent token", "token", "urgent prompt", "later prompt", "upkeep", "second upkeep"]
    assert order == wanted
    assert scheduler.stats()["done"] == {"decode": 2, "prefill": 3, "maintenance": 2}


def test_results_and_errors_are_the_future_s() -> None:
    scheduler = ComputationScheduler()
    scheduler.start()
    assert scheduler.submit(lambda: 7).result(timeout=5) == 7
    failed = scheduler.submit(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failed.result(timeout=5)
    assert scheduler.submit(lambda: 8).result(timeout=5) == 8  # it goes on
    scheduler.close()
    with pytest.raises(ReweavingError, match="closed"):
        scheduler.submit(lambda: 9)


def test_what_begins_after_its_deadline_is_counted() -> None:
    scheduler = ComputationScheduler()
    task = scheduler.submit(lambda: None, deadline_seconds=-1.0)
    scheduler.start()
    task.result(timeout=5)
    assert scheduler.stats()["late"] == 1
    scheduler.close()
