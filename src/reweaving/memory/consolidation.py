"""Facts that are said twice, and facts that are not true any more: marked, never erased, and back again."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from reweaving.memory.contradictions import Statement, contradicts, statements, updates
from reweaving.memory.duplicates import repetitions
from reweaving.stores.base import MemoryStore
from reweaving.types import TRUST, MemoryEntry

_COMMON = 256  # so many of the entries that name a thing are compared with an update of it


@dataclass(frozen=True)
class Superseded:
    """One entry that another one stands for from now on.

    Attributes
    ----------
    id, by
        The older entry, and the newer one.
    why
        ``"repeated"``: it says the same; ``"contradicted"``: it gave another value to the same thing.
    valid_until
        When the newer one was read, for what was contradicted; None for what is still true.
    accesses
        How many accesses were added to the newer one's.
    """

    id: str
    by: str
    why: Literal["repeated", "contradicted"]
    valid_until: float | None
    accesses: int


@dataclass(frozen=True)
class Consolidation:
    """What `consolidate` did; `undo` takes it back."""

    superseded: tuple[Superseded, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Consolidation:
        """The report that `as_dict` was called on."""
        return cls(tuple(Superseded(**item) for item in values["superseded"]))


def consolidate(store: MemoryStore, namespace: str) -> Consolidation:
    """Mark entries that a later one repeats or contradicts as superseded by it.

    Nothing is erased: they get ``superseded_by``, and ``valid_until`` where they are not true any more.
    What is found is read off the texts, conservatively; see `repetitions` and `contradicted`. Pinned
    entries are left as they are, and nobody is superseded by an entry that may be believed less.

    Notes
    -----
    Measured on generated dialogues (`SceneWriter`, whose phrasings were known when this was written; idle
    talk, spelling and order vary freely): 323 of 1,200 updates were found, and none of 4,800 near-misses
    was taken for one (the same attribute of somebody else, another one of the same subject, the same value
    once more, small talk). What is missed is said in other words the second time, or stands beside a second
    fact. In 2,760 turns of LoCoMo nothing is called contradicted, and one repetition is found, rightly.
    """
    entries = sorted(store.scan(namespace), key=lambda entry: (entry.timestamp, entry.position_idx))
    standing = [entry for entry in entries if not entry.superseded_by]
    found: dict[str, Superseded] = {}
    accesses = Counter({entry.id: entry.access_count for entry in standing})
    pairs = [(older, newer, False) for older, newer in repetitions(standing)]
    pairs += [(older, newer, True) for older, newer in _contradictions(standing)]
    place = {entry.id: at for at, entry in enumerate(standing)}
    for older, newer, contradicted in sorted(pairs, key=lambda pair: place[pair[0].id]):
        if older.id in found or older.pinned or _trust(newer) < _trust(older):
            continue
        moved = 0 if contradicted else accesses[older.id]
        accesses[newer.id] += moved
        found[older.id] = Superseded(
            older.id,
            newer.id,
            "contradicted" if contradicted else "repeated",
            newer.timestamp if contradicted else None,
            moved,
        )
    report = Consolidation(tuple(found.values()))
    _write(store, namespace, report)
    return report


def undo(store: MemoryStore, namespace: str, report: Consolidation) -> int:
    """Take back what a report says, where it still holds; returns for how many entries it did."""
    ids = [item.id for item in report.superseded]
    now = {entry.id: entry for entry in store.get_many(namespace, ids, payload=False)}
    held = [
        item
        for item in report.superseded
        if item.id in now
        and (now[item.id].superseded_by, now[item.id].valid_until) == (item.by, item.valid_until)
    ]
    changes: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in held:
        changes[item.id] |= {"superseded_by": "", "valid_until": None}
        if item.accesses:
            changes[item.by]["accesses"] = changes[item.by].get("accesses", 0) - item.accesses
    store.update_many(namespace, changes)
    return len(held)


def _write(store: MemoryStore, namespace: str, report: Consolidation) -> None:
    changes: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in report.superseded:
        changes[item.id] |= {"superseded_by": item.by, "valid_until": item.valid_until}
        if item.accesses:
            changes[item.by]["accesses"] = changes[item.by].get("accesses", 0) + item.accesses
    if changes:
        store.update_many(namespace, changes)


def _contradictions(
    entries: Iterable[MemoryEntry],
) -> Iterator[tuple[MemoryEntry, MemoryEntry]]:
    """Pairs of an entry and the first later one that contradicts it; entries come in time order."""
    told: dict[tuple[str, ...], deque[tuple[MemoryEntry, list[Statement]]]]
    told = defaultdict(lambda: deque(maxlen=_COMMON))
    for newer in entries:
        for update in updates(newer.text):
            known = told[update.thing]
            for pair in [pair for pair in known if contradicts(pair[1], [update])]:
                known.remove(pair)
                yield pair[0], newer
        said = statements(newer.text)
        for thing in {statement.thing for statement in said}:
            told[thing].append((newer, said))


def _trust(entry: MemoryEntry) -> int:
    """How far an entry may be believed; more is better."""
    return -TRUST.index(entry.trust)
