"""What the process and its disk have and use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil
import torch


def process_usage() -> dict[str, float]:
    """Resident memory in bytes, processor seconds, threads; accelerator memory where there is one."""
    process = psutil.Process(os.getpid())
    times = process.cpu_times()
    usage = {
        "resident_bytes": float(process.memory_info().rss),
        "cpu_seconds": float(times.user + times.system),
        "threads": float(process.num_threads()),
    }
    if torch.cuda.is_available():
        usage["accelerator_bytes"] = float(torch.cuda.memory_allocated())
    return usage


def disk_share(folder: Path) -> float:
    """Share of the folder's disk that is in use."""
    usage = shutil.disk_usage(folder)
    return usage.used / usage.total
