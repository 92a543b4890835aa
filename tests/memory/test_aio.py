"""Async twins: the same calls, on worker threads."""

from __future__ import annotations

import asyncio
import inspect
import threading
from pathlib import Path

import pytest

from reweaving import Memory, MemoryEntry
from reweaving.errors import InputError
from reweaving.memory.aio import twin

TWINS = (
    "add", "entries", "newest", "search", "get", "get_many", "pin", "update", "tag", "resolve",
    "forget", "prune", "history", "stats", "export", "load", "backup", "restore", "migrate",
    "verify", "repair", "reencode", "maintain", "consolidate", "close",
)  # fmt: skip


@pytest.mark.parametrize("name", TWINS)
def test_every_call_has_its_twin(name: str) -> None:
    method, other = getattr(Memory, name), getattr(Memory, f"a{name}")
    assert inspect.iscoroutinefunction(other)
    assert inspect.signature(other) == inspect.signature(method)
    assert name in (other.__doc__ or "")


def test_twins_work_beside_each_other(tmp_path: Path) -> None:
    async def work() -> list[str]:
        memory = Memory.open(tmp_path / "m")
        notes = [MemoryEntry(None, (), "s", i, text=f"note {i}", codec="replay") for i in range(8)]
        await asyncio.gather(*(memory.aadd([note]) for note in notes))
        hits, counts = await asyncio.gather(memory.asearch("note", 20), memory.astats())
        assert counts.entries == len(hits) == 8
        await memory.aupdate(notes[0].id, text="changed")
        with pytest.raises(InputError, match="no entry"):
            await memory.aget("nobody")
        await memory.abackup(tmp_path / "copy")
        await Memory.arestore(tmp_path / "copy", tmp_path / "again")
        moved = await Memory.amigrate(tmp_path / "copy", tmp_path / "moved")
        await memory.aclose()
        return [str(each.copied) for each in moved.values()]

    assert asyncio.run(work()) == ["8"]


def test_an_overridden_method_has_the_right_twin() -> None:
    class Base:
        def where(self) -> str:
            return "base"

        awhere = twin(where)

    class Other(Base):
        def where(self) -> str:
            return f"other, main thread: {threading.current_thread() is threading.main_thread()}"

    assert asyncio.run(Other().awhere()) == "other, main thread: False"
