"""What the parts tell while they work; heard by those who listen, and nothing at all when nobody does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True)
class Event:
    """One stage of one request, finished or failed.

    Attributes
    ----------
    stage
        ``remember`` (with ``read``, ``score``, ``store``), ``recall``, ``reconstruct`` (states are brought and laid
        out) or ``generate`` (in which each layer makes keys and values of them).
    source
        The model that it happened on; never whose memory it was.
    began, seconds
        When (`time.monotonic`), and for how long.
    failed
        Name of the exception that ended it, or ``""``.
    values
        What was counted: ``tokens``, ``entries``, ``rows``.
    thread
        Where it ran (`threading.get_ident`).
    """

    stage: str
    source: Any
    began: float
    seconds: float
    failed: str = ""
    values: dict[str, float] = field(default_factory=dict)
    thread: int = 0


Listener = Callable[[Event], None]

# Replaced whole, never changed: `span` reads it without a lock.
_listeners: tuple[Listener, ...] = ()
_changing = threading.Lock()


def listen(listener: Listener) -> Callable[[], None]:
    """Hear every event from now on, on the thread where it happens; returns what ends it.

    A listener must be quick and must not raise.
    """
    global _listeners
    with _changing:
        _listeners = (*_listeners, listener)

    def stop() -> None:
        global _listeners
        with _changing:
            _listeners = tuple(one for one in _listeners if one is not listener)

    return stop


class Counting(Protocol):
    """A stage that is running."""

    def count(self, **values: float) -> None:
        """Add what was counted."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def span(stage: str, source: Any) -> Counting:
    """A stage, told to listeners when the ``with`` ends."""
    return _Running(stage, source) if _listeners else _UNHEARD


class _Unheard:
    def count(self, **values: float) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


_UNHEARD = _Unheard()


class _Running:
    def __init__(self, stage: str, source: Any) -> None:
        self._stage, self._source = stage, source
        self._values: dict[str, float] = {}

    def count(self, **values: float) -> None:
        for name, value in values.items():
            self._values[name] = self._values.get(name, 0.0) + value

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        event = Event(
            self._stage,
            self._source,
            self._began,
            time.monotonic() - self._began,
            "" if kind is None else kind.__name__,
            self._values,
            threading.get_ident(),
        )
        for listener in _listeners:
            listener(event)
