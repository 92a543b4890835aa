"""Entries that a command is asked to act on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reweaving import Memory
    from reweaving.types import MemoryEntry


def in_session(memory: Memory, session: str) -> list[MemoryEntry]:
    """Entries of a session; its name may be a number."""
    return memory.entries(session=session_of(memory, session))


def session_of(memory: Memory, session: str) -> int | str:
    """The session that a word on the command line means: a string, or a number where that is one."""
    if session.lstrip("-").isdigit() and not memory.entries(session=session, limit=1):
        return int(session)
    return session


def resolved(memory: Memory, beginnings: Iterable[str]) -> list[str]:
    """Whole ids, each once."""
    return list(dict.fromkeys(memory.resolve(beginning) for beginning in beginnings))
