"""Damaged files: whatever is read is right or refused, and a repair brings back all that is intact."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from reweaving.errors import StoreError
from reweaving.experiments.durability_content import entry_id, made, traces
from reweaving.experiments.durability_injury import (
    Injury,
    changed_pages,
    files_of,
    injure,
    pages_with,
    whole_frames,
    windows,
)
from reweaving.experiments.durability_reading import NAMESPACE, Found, read_all, repair
from reweaving.experiments.laboratory import Row, Tell, forks
from reweaving.memory.memory import Memory
from reweaving.stores import codec
from reweaving.stores.sqlite_session import DATABASE
from reweaving.types import MemoryEntry

_INJURIES, _QUICK_INJURIES = 400, 12
_ENTRIES, _IN_LOG = 48, 12
_BATCH = 25  # by one process, unless it dies
_LONGEST_SECONDS = 120.0


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
        memory = Memory.open(folder, NAMESPACE)
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
        readable = read_all(folder, entries, found)
        repair(folder, entries, (entries.keys() - harmed) | readable, found)
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        found.crash = f"{type(error).__name__}: {error}"
    return found


def _harmed(whole: Whole, folder: Path, entries: dict[str, MemoryEntry]) -> set[str]:
    """Ids of entries of which a byte may have come to harm."""
    database = (whole.folder / DATABASE).read_bytes()
    pages = changed_pages(database, (folder / DATABASE).read_bytes())
    log = whole.folder / f"{DATABASE}-wal"
    written = log.read_bytes() if log.exists() else b""
    left = whole_frames(written, (folder / log.name).read_bytes()) if written else b""
    harmed: set[str] = set()
    for name, entry in entries.items():
        if pages & pages_with(database, traces(entry)):
            harmed.add(name)
        for window in windows(traces(entry)):
            if window in written and window not in left and window not in database:
                harmed.add(name)
        payload = codec.encode(entry).row.payload
        for path in (whole.folder / "payloads").rglob(f"{payload}.safetensors"):
            copy = folder / path.relative_to(whole.folder)
            if copy.read_bytes() != path.read_bytes():
                harmed.add(name)
    return harmed


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
