"""Damaged files: whatever is read is right or refused, and a repair brings back all that is intact."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from reweaving.errors import DamagedEntryError, ReweavingError, StoreError
from reweaving.experiments.durability_content import entry_id, made, own_word, same, traces
from reweaving.experiments.durability_injury import (
    Injury,
    changed_pages,
    files_of,
    injure,
    pages_with,
)
from reweaving.experiments.laboratory import Row, Tell, forks
from reweaving.memory.memory import Memory
from reweaving.stores import codec
from reweaving.stores.sqlite_parts import DATABASE
from reweaving.types import MemoryEntry

_INJURIES, _QUICK_INJURIES = 400, 12
_ENTRIES, _IN_LOG = 48, 12
_BATCH = 25  # by one process, unless it dies
_LONGEST_SECONDS = 120.0
_NAMESPACE = "ann"


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


@dataclass(frozen=True)
class Whole:
    """A store before it is damaged."""

    folder: Path
    seed: int

    def entries(self) -> dict[str, MemoryEntry]:
        """What is in it."""
        return {entry_id(self.seed, n): made(self.seed, n) for n in range(_ENTRIES)}


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    """Damage copies of two stores, one closed and one left by a killed writer; a row for each kind."""
    torch.set_num_threads(1)
    count = _QUICK_INJURIES if quick else _INJURIES
    with tempfile.TemporaryDirectory(prefix="reweaving-damage-") as place:
        stores = [
            _make(Path(place) / name, seed, name == "killed") for name in ("closed", "killed")
        ]
        rows: dict[tuple[str, str], Row] = {}
        number = 0
        while number < count:
            for found in _batch(stores, seed, number, min(_BATCH, count - number)):
                number += 1
                _count(rows, found)
            tell(number, count, "damaging files")
    return [rows[key] for key in sorted(rows)]


def _make(folder: Path, seed: int, killed: bool) -> Whole:
    """A store; the writer of a killed one leaves entries in the log alone."""
    writer = forks().Process(target=_write, args=(folder, seed, killed))
    writer.start()
    writer.join()
    whole = Whole(folder, seed)
    missing = [kind for kind in ("database", "payload") if not files_of(folder, kind)]
    if missing or (killed and not files_of(folder, "log")):
        raise StoreError(f"the store to be damaged has no {', '.join(missing) or 'log'}")
    return whole


def _write(folder: Path, seed: int, killed: bool) -> None:
    parts = [range(_ENTRIES - _IN_LOG), range(_ENTRIES - _IN_LOG, _ENTRIES)]
    for part in parts:
        memory = Memory.open(folder, _NAMESPACE)
        for number in part:
            memory.add([made(seed, number)])
        if killed and part is parts[1]:
            os._exit(0)
        memory.close()


def _batch(stores: list[Whole], seed: int, first: int, count: int) -> list[Found]:
    """Results of some injuries, made in a process that may die of the last one."""
    receiving, sending = forks().Pipe(duplex=False)
    worker = forks().Process(target=_work, args=(stores, seed, first, count, sending))
    worker.start()
    sending.close()
    found: list[Found] = []
    begun: Injury | None = None
    try:
        while receiving.poll(_LONGEST_SECONDS):
            said = receiving.recv()
            if isinstance(said, Injury):
                begun = said
            else:
                found.append(said)
                begun = None
    except EOFError:
        pass
    worker.kill()
    worker.join()
    receiving.close()
    if begun is not None:
        found.append(Found(begun, crash=f"the process ended with {worker.exitcode}"))
    elif not found:
        raise StoreError(f"a damaging process ended with {worker.exitcode} before it did anything")
    return found


def _work(stores: list[Whole], seed: int, first: int, count: int, sending: Connection) -> None:
    for number in range(first, first + count):
        rng = random.Random(f"{seed} injury {number}")
        whole = stores[number % 2]
        with tempfile.TemporaryDirectory(prefix="reweaving-hurt-") as place:
            folder = Path(place) / "m"
            shutil.copytree(whole.folder, folder)
            injury = injure(folder, rng)
            sending.send(injury)
            sending.send(_examine(whole, folder, injury))
    sending.close()


def _examine(whole: Whole, folder: Path, injury: Injury) -> Found:
    """Read all there is, repair, and read again."""
    found = Found(injury)
    entries = whole.entries()
    harmed = _harmed(whole, folder, entries)
    try:
        readable = _read(folder, entries, found)
        _repair(folder, entries, (entries.keys() - harmed) | readable, found)
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        found.crash = f"{type(error).__name__}: {error}"
    return found


def _harmed(whole: Whole, folder: Path, entries: dict[str, MemoryEntry]) -> set[str]:
    """Ids of entries of which a byte may have come to harm; for a log, of all that it may hold."""
    database = (whole.folder / DATABASE).read_bytes()
    pages = changed_pages(database, (folder / DATABASE).read_bytes())
    log = whole.folder / f"{DATABASE}-wal"
    in_log = log.exists() and log.read_bytes() != (folder / log.name).read_bytes()
    harmed = set(entries) if in_log else set()
    for name, entry in entries.items():
        if pages & pages_with(database, traces(entry)):
            harmed.add(name)
        payload = codec.encode(entry).row.payload
        for path in (whole.folder / "payloads").rglob(f"{payload}.safetensors"):
            copy = folder / path.relative_to(whole.folder)
            if copy.read_bytes() != path.read_bytes():
                harmed.add(name)
    return harmed


def _read(folder: Path, entries: dict[str, MemoryEntry], found: Found) -> set[str]:
    """Ask for everything in every way; returns ids of the entries that can be read."""
    readable: set[str] = set()
    try:
        memory = Memory.open(folder, _NAMESPACE)
    except ReweavingError:
        found.refused = True
        return readable
    with memory:
        for name, entry in entries.items():
            _get(memory, name, entry, readable, found)
        for payload in (False, True):
            _list(memory, entries, payload, found)
        for number in range(0, _ENTRIES, 5):
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


def _repair(folder: Path, entries: dict[str, MemoryEntry], intact: set[str], found: Found) -> None:
    """Repair as a user would, and look for what was intact."""
    try:
        memory = Memory.open(folder, _NAMESPACE)
    except ReweavingError:
        Memory.rescue(folder)
        memory = Memory.open(folder, _NAMESPACE)
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


def _count(rows: dict[tuple[str, str], Row], found: Found) -> None:
    key = (found.injury.kind, found.injury.what)
    empty = {"leg": "damage", "file": key[0], "damage": key[1]} | dict.fromkeys(
        ("injected", "refused", "errors", "named", "wrong", "crashes", "back", "not_back"), 0
    )
    row = rows.setdefault(key, empty | {"problems": []})
    row["injected"] += 1
    row["refused"] += found.refused
    row["errors"] += found.errors
    row["named"] += found.named
    row["wrong"] += bool(found.wrong)
    row["crashes"] += bool(found.crash)
    row["back"] += found.back
    row["not_back"] += len(found.not_back)
    said = [*found.wrong, *([found.crash] if found.crash else [])]
    said += [f"not back: {name}" for name in found.not_back[:2]]
    place = f"{found.injury.file} {found.injury.first}-{found.injury.last}"
    row["problems"] = [*row["problems"], *(f"{place}: {each}" for each in said[:3])][:6]
