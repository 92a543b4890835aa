"""Full and failing disks: the error is typed, memory is as before, and the next turn works.

Every write, sync, cut and new name of a turn fails once, one after the other, until the turn gets
through; once by itself, and once with all that follow, as on a disk that stays full. Forgetting
writes every page anew, so there only some of the steps are tried.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from reweaving.errors import ReweavingError, StoreError
from reweaving.experiments.durability_content import edited, entry_id, made
from reweaving.experiments.durability_failing import FailingDisk, Faults
from reweaving.experiments.durability_kills import compare
from reweaving.experiments.laboratory import LaboratoryError, Row, Tell
from reweaving.memory.memory import Memory
from reweaving.stores.sqlite import SqliteStore

_ERRORS = ("ENOSPC", "EIO")
_DONE = ("add", "edit", "forget", "open", "create")
_QUICK = (("EIO", "add", False), ("ENOSPC", "open", True))
_MOST = 5000  # chances to fail that a single call can have
_NAMESPACE = "ann"

Versions = dict[int, int]


@dataclass
class _World:
    """A memory on a failing disk, and what has to be in it."""

    folder: Path
    seed: int
    faults: Faults
    versions: Versions = field(default_factory=dict)
    next_number: int = 0

    def open(self) -> Memory:
        store = SqliteStore.open(str(self.folder), disk=FailingDisk(self.faults))
        return Memory(store, _NAMESPACE)

    def added(self, memory: Memory) -> Versions:
        """Add a turn; what is there afterwards."""
        numbers = [self.next_number, self.next_number + 1]
        self.next_number += 2
        memory.add([made(self.seed, number) for number in numbers])
        return self.versions | dict.fromkeys(numbers, 0)


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    """Let every step of every call fail; one row for each call, error and kind of failure."""
    torch.set_num_threads(1)
    faults = Faults()
    faults.install()
    every = [(error, what, stays) for error in _ERRORS for what in _DONE for stays in (False, True)]
    cases = list(_QUICK) if quick else every
    rows = []
    for done, (error, what, stays) in enumerate(cases):
        tell(done, len(cases), f"{error} while: {what}")
        with tempfile.TemporaryDirectory(prefix="reweaving-faults-") as place:
            world = _World(Path(place) / "m", seed, faults)
            rows.append(_case(world, what, error, stays))
    return rows


def _case(world: _World, what: str, error: str, stays: bool) -> Row:
    row: Row = {"leg": "fault", "error": error, "call": what, "stays": stays}
    row |= {"injected": 0, "untyped": 0, "changed": 0, "stuck": 0, "problems": []}
    memory = world.open()
    for _ in range(3):
        world.versions = world.added(memory)
    for chance in _chances(what):
        faults = world.faults
        faults.error, faults.stays, faults.fired = error, stays, 0
        if what in ("open", "create"):
            memory.close()
        if what == "create":
            world.folder, world.versions = world.folder.with_name(f"new {chance}"), {}
        raised, following, memory = _fail(world, memory, what, chance)
        faults.left = -1
        if not faults.fired:
            break
        row["injected"] += 1
        _judge(world, memory, chance, raised, following, row)
    else:
        raise LaboratoryError(f"{what} did not get through with {_MOST} chances to fail")
    memory.close()
    return row


def _chances(what: str) -> Iterator[int]:
    """How many steps go well before one fails, each time."""
    chance = 0
    while chance < _MOST:
        yield chance
        chance += 1 + (chance // 6 if what == "forget" else 0)


def _fail(
    world: _World, memory: Memory, what: str, chance: int
) -> tuple[BaseException | None, Versions, Memory]:
    """Do it with a failing disk: what it raised, and what is there when it worked."""
    victim = next(iter(world.versions), 0)
    following = dict(world.versions)
    if what == "add":
        numbers = [world.next_number, world.next_number + 1]
        following |= dict.fromkeys(numbers, 0)
    elif what == "edit":
        following[victim] += 1
    elif what == "forget":
        del following[victim]
    calls: dict[str, Callable[[], object]] = {
        "add": lambda: world.added(memory),
        "edit": lambda: memory.update(
            entry_id(world.seed, victim),
            text=edited(made(world.seed, victim).text, following[victim]),
        ),
        "forget": lambda: memory.forget(id=entry_id(world.seed, victim)),
        "open": world.open,
        "create": world.open,
    }
    world.faults.left = chance
    try:
        result = calls[what]()
    except Exception as error:  # noqa: BLE001 - which kind it is, is what is measured
        world.faults.left = -1
        return error, following, memory if what not in ("open", "create") else world.open()
    world.faults.left = -1
    return None, following, result if isinstance(result, Memory) else memory


def _judge(
    world: _World,
    memory: Memory,
    chance: int,
    raised: BaseException | None,
    following: Versions,
    row: Row,
) -> None:
    """Note what is wrong after a failure, and do one more turn."""
    problems = []
    if raised is not None and not isinstance(raised, StoreError):
        row["untyped"] += 1
        problems.append(f"{type(raised).__name__}: {raised}")
    # A call that raised may have taken effect only where it says so: an entry is forgotten as soon
    # as its row is gone, though its pages could not be rewritten.
    allowed = [world.versions] if raised is not None else [following]
    if row["call"] == "forget":
        allowed = [world.versions, following]
    try:
        verdicts = [compare(memory, world.seed, state) for state in allowed]
        if "" not in verdicts:
            row["changed"] += 1
            problems.append(verdicts[0])
            allowed, verdicts = [following], [""]
        world.versions = allowed[verdicts.index("")]
        world.versions = world.added(memory)
        if compare(memory, world.seed, world.versions):
            raise LaboratoryError("the next turn is not there")
    except ReweavingError as error:
        row["stuck"] += 1
        problems.append(f"afterwards: {type(error).__name__}: {error}")
    row["problems"] = [*row["problems"], *(f"step {chance}: {each}" for each in problems)][:5]
