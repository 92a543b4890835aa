"""Points in time as people write them, and ages as they read them."""

from __future__ import annotations

import datetime
import re
import time

from reweaving.errors import InputError

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h|d|w|y)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31557600}


def moment(text: str) -> float:
    """Seconds since the epoch of ``2026-01-31``, ``2026-01-31T12:00``, or an age such as ``30d``.

    Raises
    ------
    InputError
        For anything else.
    """
    age = _AGE.fullmatch(text.strip())
    if age:
        return time.time() - float(age[1]) * _SECONDS[age[2]]
    try:
        return datetime.datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{text!r} is no time: write a day (2026-01-31), a time (2026-01-31T12:00), or an age "
            "(90min, 12h, 30d, 4w, 1y)"
        ) from error


def age(seconds: float) -> str:
    """How long ago that was, in one word."""
    for unit, length in reversed(_SECONDS.items()):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return "now"


def clock(moment: float | None) -> str:
    """Day and time here; a dash for none, and the number itself where no calendar has that day."""
    if not moment:
        return "–"
    try:
        local = datetime.datetime.fromtimestamp(moment).astimezone()
    except (ValueError, OverflowError, OSError):  # what a calendar does not reach, or no number
        return str(moment)
    return local.strftime("%Y-%m-%d %H:%M:%S")
