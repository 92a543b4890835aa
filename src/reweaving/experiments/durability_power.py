"""Power cuts: of what was not synced some writes are lost, one is torn, and names come back.

A writer runs on a disk that writes down every step (`durability_recording`). A cut is then played for
any moment: what was synced is there; of everything since then a random part is, and one write ends at
a multiple of 512 bytes. What is simulated is a disk that keeps its promise at a sync and gives none
before it; a disk that lies about syncs is not, and no store can stand that.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from reweaving.errors import ReweavingError
from reweaving.experiments.durability_content import edited, entry_id, made
from reweaving.experiments.durability_kills import after, compare
from reweaving.experiments.durability_recording import RecordedDisk, Recorder, Step
from reweaving.experiments.laboratory import LaboratoryError, Row, Tell
from reweaving.memory.memory import Memory
from reweaving.stores.sqlite import SqliteStore

_TURNS, _QUICK_TURNS = 40, 8
_CUTS, _QUICK_CUTS = 400, 24
_SECTOR_BYTES = 512
_KEPT = (0.0, 0.3, 0.7, 0.95, 1.0)  # how much of what was not synced is there after a cut
_NAMESPACE = "ann"

Versions = dict[int, int]


@dataclass
class Plan:
    """What the writer said, and when."""

    said: dict[int, Versions] = field(default_factory=dict)  # step to what is there from then on
    begun: dict[int, Versions] = field(default_factory=dict)  # step to what may be there as well


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    """Cut the power at random moments of one recorded life; one row for each kind of moment."""
    torch.set_num_threads(1)
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="reweaving-power-") as place:
        tell(0, 1, "recording a writer")
        recorder = Recorder(Path(place).resolve())
        recorder.install()
        plan = _live(recorder, seed, _QUICK_TURNS if quick else _TURNS)
        recorder.on = False
        moments = _moments(recorder.steps, rng, _QUICK_CUTS if quick else _CUTS)
        rows: dict[str, Row] = {}
        for done, (moment, disk) in enumerate(_disks(recorder.steps, moments)):
            tell(done, len(moments), "cutting the power")
            what = recorder.steps[moment - 1].what if moment else "nothing"
            row = rows.setdefault(what, _empty_row(what))
            _cut(Path(place) / f"cut {done}", disk, plan, moment, seed, rng, row)
    if not any(row["unsynced"] for row in rows.values()):
        raise LaboratoryError("nothing was unsynced at any cut: the recording does not work")
    return [rows[what] for what in sorted(rows)]


def _empty_row(what: str) -> Row:
    return {"leg": "power", "moment": f"after {what}", "cuts": 0, "unsynced": 0, "dropped": 0} | {
        "torn": 0, "lost": 0, "problems": [],
    }  # fmt: skip


def _live(recorder: Recorder, seed: int, turns: int) -> Plan:
    """Remember, edit and forget on a recorded disk."""
    plan, versions = Plan({0: {}}), Versions()
    rng = random.Random(seed)
    store = SqliteStore.open(str(recorder.folder / "m"), disk=RecordedDisk(recorder))
    memory = Memory(store, _NAMESPACE)
    number = 0
    for turn in range(turns):
        what = "add" if turn < 3 else rng.choices(("add", "edit", "forget"), (6, 2, 1))[0]
        count = rng.randint(1, 3)
        numbers = list(range(number, number + count)) if what == "add" else []
        numbers = numbers or [rng.choice(list(versions))]
        following = after(versions, what, numbers)
        plan.begun[len(recorder.steps)] = following
        if what == "add":
            memory.add([made(seed, each) for each in numbers])
            number += count
        elif what == "edit":
            text = edited(made(seed, numbers[0]).text, following[numbers[0]])
            memory.update(entry_id(seed, numbers[0]), text=text)
        else:
            memory.forget(id=entry_id(seed, numbers[0]))
        versions = following
        plan.said[len(recorder.steps)] = versions
    memory.close()
    return plan


def _moments(steps: list[Step], rng: random.Random, count: int) -> list[int]:
    """Numbers of steps that have happened when the power goes, in ascending order."""
    return sorted(rng.randint(0, len(steps)) for _ in range(count))


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.pending:
            _apply(self.durable, step, step.data)
        self.pending = []


class DiskState:
    """What a disk has for certain, and what it was asked since."""

    def __init__(self) -> None:
        self.files: dict[int, _File] = {}
        self.names: dict[str, int] = {}  # a folder has number 0
        self.pending_names: list[Step] = []

    def take(self, step: Step) -> None:
        """One more step has happened."""
        if step.what in ("make", "rename", "unlink", "folder"):
            self.pending_names.append(step)
        elif step.what in ("write", "truncate"):
            self.files.setdefault(step.file, _File()).pending.append(step)
        elif step.what == "sync":
            self.files.setdefault(step.file, _File()).sync()
        elif step.what == "sync folder":
            here = [s for s in self.pending_names if str(Path(s.path).parent) == step.path]
            for each in here:
                _rename(self.names, each)
                self.pending_names.remove(each)

    @property
    def unsynced(self) -> int:
        """How many steps a power cut may undo."""
        return len(self.pending_names) + sum(len(file.pending) for file in self.files.values())

    def write_to(self, folder: Path, rng: random.Random) -> tuple[int, int]:
        """What is there after a power cut; returns how many steps were dropped, and torn."""
        kept_share = rng.choice(_KEPT)
        names, dropped = dict(self.names), 0
        for step in self.pending_names:
            if rng.random() < kept_share:
                _rename(names, step)
            else:
                dropped += 1
        contents = {number: bytearray(file.durable) for number, file in self.files.items()}
        writes = [step for file in self.files.values() for step in file.pending]
        kept = [step for step in writes if rng.random() < kept_share]
        candidates = [step for step in kept if len(step.data) > 1]
        torn = rng.choice(candidates) if candidates and rng.random() < 0.7 else None
        for step in kept:
            data = _torn(step, rng) if step is torn else step.data
            _apply(contents[step.file], step, data)
        folder.mkdir()
        for name, number in sorted(names.items()):
            path = folder / name
            if not path.parent.is_dir():
                continue  # its folder is lost, and it with it
            if number:
                path.write_bytes(contents.get(number, b""))
            else:
                path.mkdir(exist_ok=True)
        return dropped + len(writes) - len(kept), int(torn is not None)


def _disks(steps: list[Step], moments: list[int]) -> Iterator[tuple[int, DiskState]]:
    """The disk at each moment."""
    disk, happened = DiskState(), 0
    for moment in moments:
        for step in steps[happened:moment]:
            disk.take(step)
        happened = moment
        yield moment, disk


def _apply(content: bytearray, step: Step, data: bytes) -> None:
    if step.what == "truncate":
        size = step.offset
        content[:] = content[:size] + bytes(max(0, size - len(content)))
        return
    end = step.offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[step.offset : end] = data


def _torn(step: Step, rng: random.Random) -> bytes:
    """The beginning of a write, up to a multiple of 512 bytes in its file."""
    first = _SECTOR_BYTES - step.offset % _SECTOR_BYTES
    ends = [0, *range(first, len(step.data), _SECTOR_BYTES)]
    return step.data[: rng.choice(ends)]


def _rename(names: dict[str, int], step: Step) -> None:
    if step.what == "unlink":
        names.pop(step.path, None)
        return
    if step.what == "rename":
        names.pop(step.old, None)
    names[step.path] = step.file


def _cut(
    folder: Path,
    disk: DiskState,
    plan: Plan,
    moment: int,
    seed: int,
    rng: random.Random,
    row: Row,
) -> None:
    row["cuts"] += 1
    row["unsynced"] += disk.unsynced
    dropped, torn = disk.write_to(folder, rng)
    row["dropped"] += dropped
    row["torn"] += torn
    problem = _check(folder / "m", plan, moment, seed)
    if problem:
        row["lost"] += 1
        row["problems"] = [*row["problems"], f"step {moment}: {problem}"][:5]


def _check(folder: Path, plan: Plan, moment: int, seed: int) -> str:
    """What is wrong with a store after a cut; empty when nothing is."""
    said = max(at for at in plan.said if at <= moment)
    states = [plan.said[said]]
    states += [state for at, state in plan.begun.items() if said <= at <= moment]
    try:
        with Memory.open(folder, _NAMESPACE) as memory:
            verdicts = [compare(memory, seed, state) for state in states]
            found = memory.verify()
    except ReweavingError as error:
        return f"{type(error).__name__}: {error}"
    if "" not in verdicts:
        return verdicts[0]
    return "" if found.ok else f"verify found {found.as_dict()}"
