"""Everything that can be asked of a damaged memory, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from reweaving.errors import DamagedEntryError, ReweavingError, StoreError
from reweaving.experiments.durability_content import own_word, same
from reweaving.experiments.durability_injury import Injury
from reweaving.memory.memory import Memory
from reweaving.types import MemoryEntry

NAMESPACE = "ann"


@dataclass
class Found:
    """What came of one injury.

    Attributes
    ----------
    refused
        The memory could not be opened; a typed error said so.
    errors, named
        Entries that were refused when they were asked for, and how many of these errors name them.
    wrong
        What was read and is not what was written, or was silently not there.
    crash
        What ended the process, or an error that is none of this project's.
    not_back
        Intact entries that the repair did not bring back.
    back
        How many entries were as written after the repair.
    """

    injury: Injury
    refused: bool = False
    errors: int = 0
    named: int = 0
    wrong: list[str] = field(default_factory=list)
    crash: str = ""
    not_back: list[str] = field(default_factory=list)
    back: int = 0


def read_all(folder: Path, entries: dict[str, MemoryEntry], found: Found) -> set[str]:
    """Ask for everything in every way; returns ids of the entries that can be read."""
    readable: set[str] = set()
    try:
        memory = Memory.open(folder, NAMESPACE)
    except ReweavingError:
        found.refused = True
        return readable
    with memory:
        for name, entry in entries.items():
            _get(memory, name, entry, readable, found)
        for payload in (False, True):
            _list(memory, entries, payload, found)
        for number in range(0, len(entries), 5):
            _search(memory, entries, number, found)
        try:
            whole = memory.verify().ok
        except StoreError:
            whole = False
        if whole and len(readable) < len(entries):
            found.wrong.append("verify found nothing")
    return readable


def _get(memory: Memory, name: str, entry: MemoryEntry, readable: set[str], found: Found) -> None:
    try:
        got = memory.get_many([name])
    except StoreError as error:
        found.errors += 1
        found.named += isinstance(error, DamagedEntryError) and name in str(error)
        return
    if not got:
        found.wrong.append(f"get: {name} is silently not there")
    elif not same(got[0], entry):
        found.wrong.append(f"get: {name} is not what was written")
    else:
        readable.add(name)


def _list(memory: Memory, entries: dict[str, MemoryEntry], payload: bool, found: Found) -> None:
    try:
        listed = {entry.id: entry for entry in memory.entries(payload=payload)}
    except StoreError:
        return
    if set(listed) != set(entries):
        found.wrong.append(f"entries: {len(set(entries) - set(listed))} are silently not there")
    for name, entry in listed.items():
        there = entries.get(name)
        if there is None or not same(entry, there if payload else _stateless(there)):
            found.wrong.append(f"entries: {name} is not what was written")


def _search(memory: Memory, entries: dict[str, MemoryEntry], number: int, found: Found) -> None:
    try:
        hits = memory.search(own_word(number), 3)
    except StoreError:
        return
    wanted = [name for name, entry in entries.items() if own_word(number) in entry.text]
    if [hit.entry.id for hit in hits] != wanted:
        found.wrong.append(f"search: {len(hits)} hits for the word of entry {number}")


def repair(folder: Path, entries: dict[str, MemoryEntry], intact: set[str], found: Found) -> None:
    """Repair as a user would, and look for what was intact."""
    try:
        memory = Memory.open(folder, NAMESPACE)
    except ReweavingError:
        Memory.rescue(folder)
        memory = Memory.open(folder, NAMESPACE)
    with memory:
        memory.repair()
        after = {entry.id: entry for entry in memory.entries(payload=True)}
        checked = memory.verify()
    if not checked.ok:
        found.wrong.append(f"after repair: {checked.as_dict()}")
    for name, entry in after.items():
        if name not in entries or not _like(entry, entries[name]):
            found.wrong.append(f"after repair: {name} is not what was written")
    back = {name for name, entry in after.items() if name in entries and same(entry, entries[name])}
    found.back = len(back)
    found.not_back = sorted(intact - back)


def _like(entry: MemoryEntry, written: MemoryEntry) -> bool:
    """Whether an entry is what was written, or that without its key, or without its states."""
    keyless = replace(written, key_state=None)
    bare = [replace(_stateless(each), codec="replay") for each in (written, keyless)]
    bare.append(replace(bare[0], key_state=written.key_state))
    return any(same(entry, each) for each in (written, keyless, *bare))


def _stateless(entry: MemoryEntry) -> MemoryEntry:
    return replace(entry, hidden_state=None, keys=None, values=None, key_state=None)
