"""The memory that a command works on; looking at one does not make one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reweaving.errors import InputError

if TYPE_CHECKING:
    from reweaving import Memory


def opened(location: str, namespace: str, *, create: bool = False) -> Memory:
    """Open a memory that is there, or with `create` a new one.

    Raises
    ------
    InputError
        When there is none.
    """
    from reweaving import Memory

    if not create:
        require_there(location)
    return Memory.open(location, namespace=namespace)


def require_there(location: str) -> None:
    """Refuse a folder without a memory; an address is asked when it is opened."""
    from reweaving.stores.sqlite_session import DATABASE

    if "://" not in location and not (Path(location) / DATABASE).exists():
        raise InputError(
            f"there is no memory at {location}; name its folder with --memory or CMR_MEMORY"
        )


def shown_place(location: str) -> str:
    """A location for people: a folder as it is, an address without its secrets."""
    if "://" not in location:
        return location
    try:
        from reweaving.stores.postgres_errors import shown
    except ImportError:  # without its driver, it is the address of another kind of store
        return "the address"
    return shown(location)
