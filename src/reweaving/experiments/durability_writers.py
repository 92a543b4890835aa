"""Eight processes that write at once into one namespace: nothing is lost, nothing is there twice."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from reweaving.experiments.durability_content import entry_id, made, same
from reweaving.experiments.laboratory import Row, Tell, forks
from reweaving.memory.memory import Memory

_WRITERS = 8
_TURNS, _QUICK_TURNS = 50, 6
_ENTRIES_PER_TURN = 2
_NAMESPACE = "ann"


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    """Let them write, and read everything back; one row for each writer."""
    torch.set_num_threads(1)
    turns = _QUICK_TURNS if quick else _TURNS
    with tempfile.TemporaryDirectory(prefix="reweaving-writers-") as place:
        folder = Path(place) / "m"
        tell(0, 2, f"{_WRITERS} writers at once")
        said = _write_all(folder, seed, turns)
        tell(1, 2, "reading back")
        with Memory.open(folder, _NAMESPACE) as memory:
            return [
                _row(memory, seed, writer, turns, acknowledged, error, slowest)
                for writer, (acknowledged, error, slowest) in enumerate(said)
            ]


def _write_all(folder: Path, seed: int, turns: int) -> list[tuple[list[int], str, float]]:
    """Numbers that each writer acknowledged, its error, and its slowest turn in seconds."""
    pipes, processes = [], []
    gate = forks().Barrier(_WRITERS)
    for writer in range(_WRITERS):
        receiving, sending = forks().Pipe(duplex=False)
        arguments = (folder, seed, writer, turns, gate, sending)
        processes.append(forks().Process(target=_write, args=arguments))
        processes[-1].start()
        sending.close()
        pipes.append(receiving)
    said = [_listen(pipe) for pipe in pipes]
    for process in processes:
        process.join()
    return said


def _listen(pipe: Connection) -> tuple[list[int], str, float]:
    numbers: list[int] = []
    error, slowest = "died", 0.0
    try:
        while True:
            what, said = pipe.recv()
            if what == "turn":
                numbers += said
            elif what == "end":
                error, slowest = "", said
            else:
                error = said
    except EOFError:
        pipe.close()
        return numbers, error, slowest


def _write(
    folder: Path, seed: int, writer: int, turns: int, gate: object, sending: Connection
) -> None:
    slowest = 0.0
    try:
        gate.wait()  # type: ignore[attr-defined]  # all open the new store at the same moment
        with Memory.open(folder, _NAMESPACE) as memory:
            for turn in range(turns):
                numbers = _numbers(writer, turn)
                began = time.perf_counter()
                memory.add([made(seed, number) for number in numbers])
                slowest = max(slowest, time.perf_counter() - began)
                sending.send(("turn", numbers))
        sending.send(("end", slowest))
    except Exception as error:  # noqa: BLE001 - whatever it is, the bench has to count it
        sending.send(("error", f"{type(error).__name__}: {error}"))
    finally:
        sending.close()


def _numbers(writer: int, turn: int) -> list[int]:
    first = 10_000 * writer + _ENTRIES_PER_TURN * turn
    return list(range(first, first + _ENTRIES_PER_TURN))


def _row(
    memory: Memory,
    seed: int,
    writer: int,
    turns: int,
    acknowledged: list[int],
    error: str,
    slowest: float,
) -> Row:
    wanted = {entry_id(seed, number): number for number in acknowledged}
    found = memory.get_many(list(wanted))
    right = [entry.id for entry in found if same(entry, made(seed, wanted[entry.id]))]
    events = Counter(len(memory.history(name)) for name in wanted)
    return {
        "leg": "writers",
        "writer": writer,
        "turns": turns,
        "acknowledged": len(acknowledged),
        "lost": len(set(wanted) - set(right)) + (_ENTRIES_PER_TURN * turns - len(acknowledged)),
        "twice": len(right) - len(set(right)) + sum(n for times, n in events.items() if times != 1),
        "slowest_turn_seconds": round(slowest, 3),
        "error": error,
    }
