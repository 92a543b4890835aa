"""From a device's name to the device: ``auto``, ``cpu``, ``cuda``, ``mps``, ``xla``."""

from __future__ import annotations

import importlib
import importlib.util
import warnings

import torch

from reweaving.errors import ConfigurationError

_OTHER_NAMES = {"gpu": "cuda", "tpu": "xla"}
_BEST_FIRST = ("cuda", "mps", "xla", "cpu")


def resolve_device(asked: str | torch.device = "auto", *, fallback: bool = True) -> torch.device:
    """The device of a name; ``auto`` takes the best one that this machine has.

    Parameters
    ----------
    asked
        ``auto``, or a device, with or without an index: ``cuda:1``. ``gpu`` and ``tpu`` are other names
        of ``cuda`` and ``xla``.
    fallback
        Whether a device that is not there becomes the CPU, with a warning.

    Raises
    ------
    ConfigurationError
        For a name that is none, and without `fallback` for a device that is not there.
    """
    name = str(asked).lower()
    kind, index = check_device_name(name)
    if kind == "auto":
        kind = next(kind for kind in _BEST_FIRST if _has(kind, 0))
    if not _has(kind, int(index or 0)):
        here = ", ".join(known for known in _BEST_FIRST if _has(known, 0))
        problem = f"device {str(asked)!r} is not on this machine (it has: {here})"
        if not fallback:
            raise ConfigurationError(f"{problem}; use one of these, or device='auto'")
        warnings.warn(f"{problem}; the model runs on the CPU", stacklevel=2)
        kind, index = "cpu", ""
    if kind == "xla":
        found: torch.device = importlib.import_module("torch_xla").device(int(index or 0))
        return found
    return torch.device(f"{kind}:{index}" if index else kind)


def check_device_name(asked: str) -> tuple[str, str]:
    """Kind and index of a device's name, whether this machine has it or not.

    Raises
    ------
    ConfigurationError
        For a name that is none.
    """
    kind, colon, index = asked.lower().partition(":")
    kind = _OTHER_NAMES.get(kind, kind)
    if (kind in _BEST_FIRST and (index.isdigit() or not colon)) or (kind == "auto" and not colon):
        return kind, index
    raise ConfigurationError(
        f"device = {asked!r}: use auto, cpu, cuda, mps or xla, with an index where there are several "
        "(cuda:1)"
    )


def _has(kind: str, index: int) -> bool:
    if kind == "cuda":
        return torch.cuda.is_available() and index < torch.cuda.device_count()
    if kind == "mps":
        return torch.backends.mps.is_available() and index == 0
    if kind == "xla":
        return importlib.util.find_spec("torch_xla") is not None
    return True
