"""Checks that are run, not assumed: whether weaving is exact here, the store whole, the disk not full."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.errors import ReweavingError
from reweaving.monitoring.attached import Attached
from reweaving.monitoring.resources import disk_share
from reweaving.weaving.conformance import probe

_FULL = 0.98


@dataclass(frozen=True)
class Check:
    """One check: what it found, and how long it took."""

    name: str
    passed: bool
    detail: str
    seconds: float


def diagnose(attached: Attached | None, folder: Path | None) -> list[Check]:
    """Run every check that applies.

    Parameters
    ----------
    attached
        The model with its memory; None leaves out what needs one.
    folder
        Where the memory lies on disk; None for one in RAM or on a server.
    """
    checks: list[tuple[str, Callable[[], tuple[bool, str]]]] = []
    if attached is not None:
        checks += [
            ("weaving is exact", lambda: _exact(attached)),
            ("weights are numbers", lambda: _finite(attached.model)),
            ("memory is whole", lambda: _whole(attached.memory)),
        ]
    if folder is not None:
        checks.append(("disk has room", lambda: _room(folder)))
    return [_timed(name, check) for name, check in checks]


def _timed(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    began = time.monotonic()
    try:
        passed, detail = check()
    except ReweavingError as error:
        passed, detail = False, str(error)
    return Check(name, passed, detail, time.monotonic() - began)


def _exact(attached: Attached) -> tuple[bool, str]:
    adapter = attached.adapter
    everything = tuple(range(len(adapter.layers)))
    capturer = StateCapturer(adapter, None, everything, 0, "hidden", "")
    measured = probe(adapter, capturer.read_again)
    return measured.exact, (
        f"logits differ by {measured.logits:.1e} of their largest value, {measured.tolerance:.0e} allowed"
    )


def _finite(model: torch.nn.Module) -> tuple[bool, str]:
    bad = [
        name
        for name, weight in model.named_parameters()
        if weight.is_floating_point() and not bool(torch.isfinite(weight).all())
    ]
    return not bad, f"{len(bad)} tensors hold NaN or infinity{': ' + bad[0] if bad else ''}"


def _whole(memory: Any) -> tuple[bool, str]:
    found = memory.verify()
    lost = len(found.damaged) + len(found.pages) + len(found.index)
    return bool(found.ok), f"{found.entries} entries read, {lost} things damaged"


def _room(folder: Path) -> tuple[bool, str]:
    share = disk_share(folder)
    return share < _FULL, f"{share:.0%} of the disk is in use"
