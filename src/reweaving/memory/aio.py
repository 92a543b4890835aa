"""Async twins: the same call, on a worker thread."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def twin(
    method: Callable[Concatenate[Owner, Arguments], Result],
) -> Callable[Concatenate[Owner, Arguments], Coroutine[Any, Any, Result]]:
    """The async twin of a method: ``aforget = twin(forget)``.

    A memory may be used from several threads, so nothing else is needed. A call that is cancelled
    goes on to its end on its thread: what was begun is stored whole. `progress` callbacks are called
    on that thread too.
    """

    @functools.wraps(method)
    async def run(
        self: Owner, /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        # By its name, so that a class that overrides the method has the right twin too.
        return await asyncio.to_thread(getattr(self, method.__name__), *arguments, **options)

    run.__name__ = f"a{method.__name__}"
    run.__qualname__ = f"a{method.__name__}"
    run.__doc__ = f"`{method.__name__}` on a worker thread."
    return run
