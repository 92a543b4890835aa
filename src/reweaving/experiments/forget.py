"""`cmr bench forget`: after forgetting, no byte of the content remains in any file of the store.

Secrets with known words, labels, token ids and states (fp32, fp16, bf16) are remembered in SQLite and
in PostgreSQL, edited, indexed, and forgotten in every way that there is. Then every file of the store's
folder, and of the server's data folder, is searched for any eight of their bytes.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reweaving.experiments.base import BenchResult, Progress
from reweaving.experiments.forget_secrets import Needles, Secret, make_secret
from reweaving.experiments.laboratory import LaboratoryError
from reweaving.experiments.lent_postgres import NoPostgresError, lent_postgres
from reweaving.memory.memory import Memory
from reweaving.stores.base import Deletion

# How many secrets each way forgets; ids and texts are forgotten one by one.
_SECRETS = {"id": 20, "text": 20, "session": 40, "time": 25, "namespace": 25}
_QUICK_SECRETS = {"id": 3, "text": 3, "session": 8, "time": 5, "namespace": 5}
_KEPT = 20
_PER_TURN = 4
_OTHER = "ben"  # whose whole namespace is forgotten
_OWN = "ann"


@dataclass
class _World:
    """One backend with the secrets in it.

    Attributes
    ----------
    folder
        Everything that the backend writes lies below it.
    settle
        Brings what is only in RAM to the files, before they are searched for the premise.
    sketches
        What the derived index has of each token of an entry, by entry id.
    """

    backend: str
    location: str
    folder: Path
    settle: Callable[[], None]
    secrets: dict[str, list[Secret]] = field(default_factory=dict)
    sketches: dict[str, list[bytes]] = field(default_factory=dict)

    def traces(self, way: str) -> list[bytes]:
        """Bytes that only the secrets of one way have; for PostgreSQL the direction made of a key too."""
        found = [trace for secret in self.secrets[way] for trace in secret.traces.values()]
        found += [trace for secret in self.secrets[way] for trace in self.sketches[secret.entry.id]]
        if self.backend == "postgresql":
            found += [_direction(secret) for secret in self.secrets[way]]
        return found


def run(quick: bool, seed: int, progress: Progress) -> BenchResult:
    """Forget in every way on both backends; one row for each."""
    rows: list[dict[str, Any]] = []
    skipped = ""
    backends = {"sqlite": _folder, "postgresql": _server}
    for done, lend in enumerate(backends.values()):
        try:
            with lend() as world:

                def tell(step: int, steps: int, what: str, before: int = done) -> None:
                    progress(1000 * before + 1000 * step // steps, 1000 * len(backends), what)

                rows += _forget_all(world, quick, seed, tell)
        except NoPostgresError as error:
            skipped = f"{type(error).__name__}: {error}"
    progress(len(backends), len(backends))
    summary: dict[str, Any] = {
        "secrets": min(
            _total(rows, backend, "secrets") for backend in {r["backend"] for r in rows}
        ),
        "traces": sum(row["traces"] for row in rows),
        "bytes_found_before": sum(row["bytes_found_before"] for row in rows),
        "bytes_found_after": sum(row["bytes_found_after"] for row in rows),
    }
    for backend in backends:
        mine = [row for row in rows if row["backend"] == backend]
        summary[backend] = _summary(mine) if mine else None
    return BenchResult(summary | ({"skipped": skipped} if skipped else {}), rows)


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "secrets": sum(row["secrets"] for row in rows),
        "bytes_found_after": sum(row["bytes_found_after"] for row in rows),
        "kept_unharmed": all(row["kept_unharmed"] for row in rows),
        "receipts": dict(sum((Counter(row["receipt"]) for row in rows), Counter())),
    }


def _total(rows: list[dict[str, Any]], backend: str, name: str) -> int:
    return sum(row[name] for row in rows if row["backend"] == backend)


@contextlib.contextmanager
def _folder() -> Iterator[_World]:
    with tempfile.TemporaryDirectory(prefix="reweaving-forget-") as place:
        folder = Path(place) / "m"
        yield _World("sqlite", str(folder), folder, lambda: None)


@contextlib.contextmanager
def _server() -> Iterator[_World]:
    with lent_postgres() as server:
        yield _World("postgresql", server.url, server.data, server.checkpoint)


def _forget_all(
    world: _World, quick: bool, seed: int, tell: Callable[[int, int, str], None]
) -> list[dict[str, Any]]:
    wanted = _QUICK_SECRETS if quick else _SECRETS
    steps = len(wanted) + 2
    tell(0, steps, f"{world.backend}: remembering secrets")
    _make(world, wanted, seed)
    rows = []
    with Memory.open(world.location, _OWN) as memory, Memory.open(world.location, _OTHER) as other:
        _live(world, memory, other)
        world.settle()
        tell(1, steps, f"{world.backend}: searching")
        before = Needles([t for way in world.secrets for t in world.traces(way)])
        found = before.found_in(world.folder)
        for done, way in enumerate(wanted):
            tell(2 + done, steps, f"{world.backend}: forgetting by {way}")
            began = time.perf_counter()
            receipts = _forget(world, memory, other, way)
            rows.append(_row(world, way, receipts, time.perf_counter() - began, found))
            rows[-1]["kept_unharmed"] = _unharmed(memory, world.secrets["kept"])
    _search_closed(world, rows)
    return rows


def _make(world: _World, wanted: dict[str, int], seed: int) -> None:
    number = 0
    for way, count in {**wanted, "kept": _KEPT}.items():
        # Sessions are forgotten ten entries at a time; the oldest entries are those of "time".
        made = []
        for place in range(count):
            age = -1_000_000 if way == "time" else number
            secret = make_secret(seed, number, f"{way} {place // 10}")
            secret.entry.timestamp = 1_700_000_000.0 + age
            made.append(secret)
            number += 1
        world.secrets[way] = made


def _live(world: _World, memory: Memory, other: Memory) -> None:
    """Remember all, turn by turn and mixed; edit some; look for some."""
    rng = random.Random(0)
    others = world.secrets["namespace"]
    mixed = [s for way, secrets in world.secrets.items() if way != "namespace" for s in secrets]
    rng.shuffle(mixed)
    for keeper, secrets in ((memory, mixed), (other, others)):
        for start in range(0, len(secrets), _PER_TURN):
            keeper.add([secret.entry for secret in secrets[start : start + _PER_TURN]])
        for secret in secrets[::5]:
            word = secret.traces["word"].decode()
            keeper.update(secret.entry.id, text=f"{word} was said again", pinned=True)
            if not keeper.search(word, 2):
                raise LaboratoryError("a secret cannot be found before it is forgotten")
        world.sketches |= _indexed(keeper)


def _indexed(memory: Memory) -> dict[str, list[bytes]]:
    """Let the memory keep the derived index of its keys, as a large one does; each token's sketch."""
    from reweaving.stores.index import IndexedSpan, SpanIndex

    marks = {mark.id: mark.mark for mark in memory.key_marks()}
    spans = [
        IndexedSpan(key.id, marks[key.id], key.session, key.position, key.state.float().numpy())
        for key in memory.key_states()
    ]
    states = [span.states for span in spans]
    index = SpanIndex.fitted(states, sum(map(len, states))).grown([spans])
    if not memory.save_index(index, memory.generation):
        raise LaboratoryError("the index was not kept, so forgetting had nothing to take out of it")
    (segment,) = index.segments
    return {
        name: [row.tobytes() for row in segment.sketches[start:stop]]
        for name, start, stop in zip(
            index.marked(), segment.starts[:-1], segment.starts[1:], strict=True
        )
    }


def _forget(world: _World, memory: Memory, other: Memory, way: str) -> list[Deletion]:
    secrets = world.secrets[way]
    if way == "id":
        return [memory.forget(id=secret.entry.id) for secret in secrets]
    if way == "text":
        return [memory.forget(text=secret.traces["word"].decode()) for secret in secrets]
    if way == "session":
        names = dict.fromkeys(secret.entry.sequence_id for secret in secrets)
        return [memory.forget(session=name) for name in names]
    if way == "time":
        return [memory.forget(before=1_700_000_000.0 - 1000)]
    return [other.forget(namespace=True)]


def _row(
    world: _World,
    way: str,
    receipts: list[Deletion],
    seconds: float,
    before: dict[bytes, set[str]],
) -> dict[str, Any]:
    traces = world.traces(way)
    missing = [trace for trace in traces if trace not in before]
    if missing:
        raise LaboratoryError(
            f"{world.backend}: {len(missing)} of {len(traces)} traces could not be found before they "
            f"were forgotten, so not finding them afterwards would say nothing: {missing[0]!r}"
        )
    forgotten = sum(len(receipt.ids) for receipt in receipts)
    if forgotten != len(world.secrets[way]):
        raise LaboratoryError(f"{forgotten} entries were forgotten by {way}")
    told = Counter(state for receipt in receipts for state in receipt.files.values())
    after = Needles(traces).found_in(world.folder)
    return {
        "backend": world.backend,
        "way": way,
        "secrets": len(world.secrets[way]),
        "calls": len(receipts),
        "traces": len(traces),
        "bytes_found_before": sum(map(len, traces)),
        "bytes_found_after": sum(len(trace) for trace in after),
        "files_after": sorted(set().union(*after.values())) if after else [],
        "receipt": dict(told),
        "seconds_per_call": round(seconds / len(receipts), 3),
    }


def _unharmed(memory: Memory, kept: list[Secret]) -> bool:
    """Whether what nobody forgot can be read, states and all."""
    found = memory.get_many([secret.entry.id for secret in kept])
    return len(found) == len(kept) and all(
        entry.token_ids == secret.entry.token_ids and len(entry.states()) > 1
        for entry, secret in zip(found, kept, strict=True)
    )


def _search_closed(world: _World, rows: list[dict[str, Any]]) -> None:
    """Search once more when the memory is closed: closing writes as well."""
    world.settle()
    everything = [trace for way in world.secrets for trace in world.traces(way)]
    everywhere = Needles(everything).found_in(world.folder)
    for row in rows:
        found = {t: everywhere[t] for t in world.traces(row["way"]) if t in everywhere}
        row["bytes_found_after"] = max(row["bytes_found_after"], sum(len(t) for t in found))
        row["files_after"] = sorted(set(row["files_after"]).union(*found.values()))
    if not everywhere.keys() >= set(world.traces("kept")):
        raise LaboratoryError(f"{world.backend}: what was kept is not found in its files")


def _direction(secret: Secret) -> bytes:
    from reweaving.stores.postgres_vectors import direction

    aim = direction(secret.entry.key_state)
    if aim is None:
        raise LaboratoryError("a secret's key has no direction")
    return np.asarray([float(part) for part in aim.strip("[]").split(",")], "<f4").tobytes()[:512]
