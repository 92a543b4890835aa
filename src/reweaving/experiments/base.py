"""What every bench takes and returns, and the surroundings that its figures belong to."""

from __future__ import annotations

import datetime
import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

_PACKAGES = ("reweaving", "torch", "transformers", "peft", "numpy", "apsw")


@dataclass(frozen=True)
class BenchResult:
    """What a bench measured.

    Attributes
    ----------
    summary
        The few figures that matter, by name; plain JSON values.
    rows
        One flat dict for each thing measured, all with the same keys: the lines of the table.
    """

    summary: dict[str, Any]
    rows: list[dict[str, Any]]


class Progress(Protocol):
    """Told by a bench how far it is."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """`done` of `total` steps are behind; `what` is being measured."""


class Bench(Protocol):
    """A bench: the function ``run`` of a module in this folder."""

    def __call__(self, quick: bool, seed: int, progress: Progress) -> BenchResult:
        """Measure; `quick` takes a small sample, in less than a minute where that is possible."""


def environment() -> dict[str, Any]:
    """Versions, processor, accelerator and day; nothing that names the machine or its user."""
    import torch

    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "accelerator": accelerator(),
        "packages": {name: installed for name in _PACKAGES if (installed := _version(name))},
    }


def processor() -> str:
    """The processor's model name, as far as the system tells."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def accelerator() -> str:
    """Name of the accelerator that PyTorch sees, or ``"none"``."""
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    if torch.backends.mps.is_available():
        return "Apple MPS"
    return "none"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
