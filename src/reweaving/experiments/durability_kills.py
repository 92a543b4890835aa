"""Killed writers: what they acknowledged has to be there, and a turn is whole or not there at all."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from reweaving.experiments.durability_content import edited, entry_id, made, same
from reweaving.experiments.laboratory import Row, Tell, forks
from reweaving.memory.memory import Memory

_KILLS, _QUICK_KILLS = 240, 8
_KILLS_PER_STORE = 20
_LONGEST_SECONDS = 60.0
_NAMESPACE = "ann"


@dataclass
class Known:
    """What a store holds as far as its writers said: number of each entry to its edits.

    Attributes
    ----------
    in_flight
        What a writer had begun when it was killed: it may have happened or not.
    errors
        What writers raised before they were killed.
    """

    versions: dict[int, int] = field(default_factory=dict)
    next_number: int = 0
    in_flight: tuple[str, list[int]] | None = None
    acknowledged: int = 0
    errors: list[str] = field(default_factory=list)

    def begin(self, what: str, numbers: list[int]) -> None:
        """A writer is about to do this."""
        self.in_flight = (what, numbers)
        if what == "add":
            self.next_number = max(self.next_number, numbers[-1] + 1)

    def done(self) -> None:
        """It says that it has."""
        if self.in_flight is None:
            return
        self.versions = after(self.versions, *self.in_flight)
        self.in_flight = None
        self.acknowledged += 1


def after(versions: dict[int, int], what: str, numbers: list[int]) -> dict[int, int]:
    """What is there when this was done as a whole."""
    if what == "add":
        return versions | dict.fromkeys(numbers, 0)
    if what == "edit":
        return versions | {number: versions[number] + 1 for number in numbers}
    return {number: version for number, version in versions.items() if number not in numbers}


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    """Kill a writer again and again; one row for each store that this is done to."""
    torch.set_num_threads(1)
    kills = _QUICK_KILLS if quick else _KILLS
    rng = random.Random(seed)
    rows: list[Row] = []
    for start in range(0, kills, _KILLS_PER_STORE):
        with tempfile.TemporaryDirectory(prefix="reweaving-kills-") as folder:
            count = min(_KILLS_PER_STORE, kills - start)
            rows.append(_one_store(Path(folder) / "m", seed + start, count, rng))
        tell(start + count, kills, "killing writers")
    return rows


def _one_store(folder: Path, seed: int, kills: int, rng: random.Random) -> Row:
    known, moments = Known(), Counter[str]()
    lost: list[str] = []
    for _ in range(kills):
        moments[_kill_one(folder, seed, known, rng)] += 1
        lost += _read_back(folder, seed, known, clean=rng.random() < 0.5)
    return {
        "leg": "kill",
        "kills": kills,
        "moments": dict(sorted(moments.items())),
        "acknowledged": known.acknowledged,
        "entries": len(known.versions),
        "lost": len(lost),
        "problems": lost[:5],
        "errors": known.errors[:5],
    }


def _kill_one(folder: Path, seed: int, known: Known, rng: random.Random) -> str:
    """Start a writer, kill it at a random moment, and hear what it had done; returns the moment."""
    receiving, sending = forks().Pipe(duplex=False)
    arguments = (folder, seed, known.versions, known.next_number, rng.random(), sending)
    writer = forks().Process(target=_write, args=arguments)
    writer.start()
    sending.close()
    heard: list[Any] = []
    # One of eight is killed while it opens the memory, which is when it brings back the log.
    begun = 0 if rng.random() < 0.125 else rng.randint(1, 12)
    deadline = time.monotonic() + _LONGEST_SECONDS
    while sum(isinstance(each, tuple) for each in heard) < begun and time.monotonic() < deadline:
        heard += _heard(receiving, deadline - time.monotonic())
    time.sleep(rng.uniform(0.0, 0.03))
    if writer.pid is not None:
        os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    heard += _rest(receiving)
    receiving.close()
    opened = "open" in heard
    for each in heard:
        if isinstance(each, tuple):
            known.begin(*each)
        elif each == "done":
            known.done()
        elif each != "open":
            raise AssertionError(f"a writer failed before it was killed: {each}")
    if not opened:
        return "open"
    return known.in_flight[0] if known.in_flight else "between"


def _heard(receiving: Connection, seconds: float) -> list[Any]:
    if not receiving.poll(max(seconds, 0.0)):
        return []
    return [receiving.recv()]


def _rest(receiving: Connection) -> list[Any]:
    rest = []
    with contextlib.suppress(EOFError):
        while True:
            rest.append(receiving.recv())
    return rest


def _write(
    folder: Path,
    seed: int,
    versions: dict[int, int],
    number: int,
    dice: float,
    sending: Connection,
) -> None:
    """Remember, edit and forget until somebody kills this process."""
    rng = random.Random(dice)
    try:
        memory = Memory.open(folder, _NAMESPACE)
        sending.send("open")
        while True:
            what = rng.choices(("add", "edit", "forget"), (16, 3, 1))[0] if versions else "add"
            numbers = list(range(number, number + rng.randint(1, 3)))
            if what != "add":
                numbers = [rng.choice(list(versions))]
            sending.send((what, numbers))
            _do(memory, seed, versions, what, numbers)
            sending.send("done")
            versions = after(versions, what, numbers)
            number = max(number, numbers[-1] + 1)
    except BaseException as error:
        sending.send(f"{type(error).__name__}: {error}")
        raise


def _do(memory: Memory, seed: int, versions: dict[int, int], what: str, numbers: list[int]) -> None:
    if what == "add":
        memory.add([made(seed, each) for each in numbers])
        return
    name = entry_id(seed, numbers[0])
    if what == "edit":
        text = edited(made(seed, numbers[0]).text, versions[numbers[0]] + 1)
        memory.update(name, text=text)
    else:
        memory.forget(id=name)


def _read_back(folder: Path, seed: int, known: Known, clean: bool) -> list[str]:
    """Read everything in a fresh process; returns what is not as it has to be.

    Parameters
    ----------
    clean
        Whether the reader closes the memory; otherwise the next one finds the log as it is.
    """
    receiving, sending = forks().Pipe(duplex=False)
    reader = forks().Process(target=_check, args=(folder, seed, known, clean, sending))
    reader.start()
    sending.close()
    try:
        found = receiving.recv()
    except EOFError:
        found = ("the reader died", known.versions)
    reader.join()
    receiving.close()
    problem, versions = found
    known.versions, known.in_flight = versions, None
    return [problem] if problem else []


def _check(folder: Path, seed: int, known: Known, clean: bool, sending: Connection) -> None:
    """Say what is wrong, and which of the possible states the store is in."""
    try:
        memory = Memory.open(folder, _NAMESPACE)
        states = [known.versions]
        if known.in_flight is not None:
            states.append(after(known.versions, *known.in_flight))
        verdicts = [compare(memory, seed, state) for state in states]
        whole = memory.verify()
        best = verdicts.index("") if "" in verdicts else 0
        wrong = "" if whole.ok else f"verify found {whole.as_dict()}"
        sending.send((verdicts[best] or wrong, states[best]))
        if clean:
            memory.close()
    except BaseException as error:
        sending.send((f"{type(error).__name__}: {error}", known.versions))
        raise
    finally:
        sending.close()
    os._exit(0)


def compare(memory: Memory, seed: int, versions: dict[int, int]) -> str:
    """What differs between a memory and the entries that it has to hold; empty when nothing does."""
    wanted = {entry_id(seed, number): number for number in versions}
    listed = {entry.id for entry in memory.entries()}
    if listed != set(wanted):
        return (
            f"{len(set(wanted) - listed)} entries missing, {len(listed - set(wanted))} unexpected"
        )
    for found in memory.get_many(list(wanted)):
        number = wanted[found.id]
        if not same(found, made(seed, number, versions[number])):
            return f"entry {number} is not what was written"
    return ""
