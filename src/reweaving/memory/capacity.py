"""How much may be held, and what has to go or to move for something new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import CapacityError
from reweaving.memory.eviction.base import EvictionPolicy
from reweaving.memory.eviction.queue import EvictionQueue
from reweaving.stores.base import Holding
from reweaving.types import TIERS

Tier = Literal["recent", "working", "long_term"]
Scope = tuple[str, str | int]
_LOOSE, _PINNED, _ARRIVING = 0.0, 1.0, 2.0  # what is asked for a place last stands highest
_EVERYTHING: Scope = ("all", "")


class Limit(Settings):
    """Most entries, tokens and bytes; None where there is no limit.

    Parameters
    ----------
    entries, tokens
        Spans, and the tokens that they are long.
    bytes
        States and retrieval keys as they are stored.
    """

    entries: int | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    bytes: int | None = Field(default=None, gt=0)

    @property
    def is_set(self) -> bool:
        """Whether anything is limited."""
        return (self.entries, self.tokens, self.bytes) != (None, None, None)


class Limits(Settings):
    """What is limited: everything together, each tier, each layer.

    Parameters
    ----------
    total
        Everything together.
    tiers
        What is too much for ``recent`` moves to ``working``, and from there to ``long_term``; what
        is too much for ``long_term`` is evicted.
    layer
        Each layer alone. An entry counts in every layer that it holds states of.
    """

    total: Limit = Limit()
    tiers: dict[Tier, Limit] = Field(default_factory=dict)
    layer: Limit = Limit()

    @property
    def are_set(self) -> bool:
        """Whether anything is limited."""
        return self.total.is_set or self.layer.is_set or self.tiers_are_set

    @property
    def tiers_are_set(self) -> bool:
        """Whether any tier is limited."""
        return any(limit.is_set for limit in self.tiers.values())


@dataclass(frozen=True)
class Plan:
    """What has to happen for new entries to fit.

    Attributes
    ----------
    evicted
        Ids of entries that go.
    moved
        Ids of entries that stay, to the tier that they move to.
    placed
        Ids of new entries to the tier that they get, where it is not the one they came with.
    """

    evicted: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    placed: Mapping[str, str] = field(default_factory=dict)


class _Shelf:
    """What one limit counts, and whom it would cost a place first."""

    __slots__ = ("bytes", "entries", "limit", "queue", "tokens")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.entries = self.tokens = self.bytes = 0
        self.queue = EvictionQueue()

    def count(self, held: Holding, times: int) -> None:
        self.entries += times
        self.tokens += times * held.tokens
        self.bytes += times * held.bytes

    def too_much(self) -> str | None:
        """What is too much, as ``name = held of limit``; None when everything fits."""
        for name in ("entries", "tokens", "bytes"):
            most, held = getattr(self.limit, name), getattr(self, name)
            if most is not None and held > most:
                return f"{held} {name} of {most}"
        return None


class Capacity:
    """Keeps count of entries under limits, and says which of them make room for others.

    It holds no entries, only what `Holding` tells of them, and changes nothing but itself: the caller
    carries out what is planned. Every call costs O(log n) per entry and limit. Not safe between
    threads: the caller holds a lock.

    Parameters
    ----------
    limits
        What is limited; nothing else is counted.
    policy
        Says who goes first.
    """

    def __init__(self, limits: Limits, policy: EvictionPolicy) -> None:
        self._limits, self._policy = limits, policy
        self._held: dict[str, Holding] = {}
        self._shelves: dict[Scope, _Shelf] = {_EVERYTHING: _Shelf(limits.total)}
        self._shelves |= {("tier", tier): _Shelf(limit) for tier, limit in limits.tiers.items()}
        self._journal: list[tuple[str, Holding | None]] | None = None

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._held

    def get(self, entry_id: str) -> Holding | None:
        """What is known of an entry."""
        return self._held.get(entry_id)

    def totals(self) -> tuple[int, int, int]:
        """Entries, tokens and bytes of everything together."""
        shelf = self._shelves[_EVERYTHING]
        return shelf.entries, shelf.tokens, shelf.bytes

    def hold(self, held: Holding, *, arriving: bool = False) -> None:
        """Count an entry, or count it anew; one that is `arriving` gives up its place last."""
        before = self._held.get(held.id)
        if self._journal is not None:
            self._journal.append((held.id, before))
        if before is not None:
            self._take(before)
        rank = _ARRIVING if arriving else _PINNED if held.pinned else _LOOSE
        key = (rank, *self._policy.priority(held))
        self._held[held.id] = held
        for shelf in self._shelves_of(held):
            shelf.count(held, 1)
            shelf.queue.put(held.id, key)

    def drop(self, entry_id: str) -> None:
        """Count an entry no longer."""
        before = self._held.pop(entry_id, None)
        if before is None:
            return
        if self._journal is not None:
            self._journal.append((entry_id, before))
        self._take(before)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back every change made meanwhile when it ends with an exception."""
        outer, self._journal = self._journal, []
        try:
            yield
            if outer is not None:
                outer.extend(self._journal)
        except BaseException:
            changes, self._journal = self._journal, None
            for entry_id, before in reversed(changes):
                if before is None:
                    self.drop(entry_id)
                else:
                    self.hold(before)
            raise
        finally:
            self._journal = outer

    def make_room(self, new: Sequence[Holding]) -> Plan:
        """Count new entries, and work out what goes and moves for them; without any, what is too much.

        Raises
        ------
        CapacityError
            When they do not fit beside what is pinned; then nothing has changed.
        """
        arriving = {held.id for held in new}
        with self.attempt():
            for held in new:
                self.hold(held, arriving=True)
            evicted = [
                entry_id
                for scope, shelf in list(self._shelves.items())
                if scope[0] != "tier"
                for entry_id in self._evict(scope, shelf)
            ]
            moved = self._cascade(arriving)
            coldest: Scope = ("tier", TIERS[-1])
            if coldest in self._shelves:
                evicted += self._evict(coldest, self._shelves[coldest])
            for entry_id in arriving:
                self.hold(self._held[entry_id])
        placed = {entry_id: tier for entry_id, tier in moved.items() if entry_id in arriving}
        gone = {*evicted, *placed}
        stay = {entry_id: tier for entry_id, tier in moved.items() if entry_id not in gone}
        return Plan(tuple(evicted), stay, placed)

    def move(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Move entries to other tiers, and others out of their way, as far as nothing is evicted.

        Returns
        -------
        dict
            Every move that was made, of entries asked for and of others; ids to tiers.
        """
        moved: dict[str, str] = {}
        for entry_id, tier in wanted.items():
            held = self._held.get(entry_id)
            if held is None or held.tier == tier:
                continue
            try:
                with self.attempt():
                    self.hold(replace(held, tier=tier), arriving=True)
                    pushed = self._cascade({entry_id})
                    coldest = self._shelves.get(("tier", TIERS[-1]))
                    if pushed.get(entry_id) == held.tier or (coldest and coldest.too_much()):
                        raise CapacityError(f"no room in tier {tier!r}")
                    self.hold(self._held[entry_id])
            except CapacityError:
                continue
            moved |= {entry_id: tier, **pushed}
        return moved

    def _cascade(self, arriving: set[str]) -> dict[str, str]:
        """Move what is too much for a tier to the colder one; arriving entries go last."""
        moved: dict[str, str] = {}
        for tier, colder in pairwise(TIERS):
            shelf = self._shelves.get(("tier", tier))
            while shelf is not None and shelf.too_much():
                lowest = shelf.queue.lowest()
                if (
                    lowest is None
                ):  # pragma: no cover - a shelf that holds nothing is never too full
                    break
                entry_id = lowest[0]
                self.hold(replace(self._held[entry_id], tier=colder), arriving=entry_id in arriving)
                moved[entry_id] = colder
        return moved

    def _evict(self, scope: Scope, shelf: _Shelf) -> Iterator[str]:
        while (excess := shelf.too_much()) is not None:
            lowest = shelf.queue.lowest()
            if lowest is None or lowest[1][0] != _LOOSE:
                where = "" if scope == _EVERYTHING else f" in {scope[0]} {scope[1]}"
                raise CapacityError(
                    f"no room: this would make {excess}{where}, and nothing is left there that is "
                    "not pinned or new itself; nothing was stored. Unpin or forget entries, add "
                    "fewer at once, or raise the limit"
                )
            self.drop(lowest[0])
            yield lowest[0]

    def _take(self, held: Holding) -> None:
        for shelf in self._shelves_of(held):
            shelf.count(held, -1)
            shelf.queue.discard(held.id)

    def _shelves_of(self, held: Holding) -> list[_Shelf]:
        shelves = [self._shelves[_EVERYTHING]]
        if ("tier", held.tier) in self._shelves:
            shelves.append(self._shelves["tier", held.tier])
        if self._limits.layer.is_set:
            for layer in held.layers:
                scope: Scope = ("layer", layer)
                if scope not in self._shelves:
                    self._shelves[scope] = _Shelf(self._limits.layer)
                shelves.append(self._shelves[scope])
        return shelves
