"""Which tier an entry belongs to, and when its states may be dropped."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from pydantic import Field

from reweaving.config import Settings
from reweaving.stores.base import MemoryStore
from reweaving.types import TIERS, MemoryEntry

_BATCH = 256  # entries changed in one transaction


class TierConfig(Settings):
    """How long entries stay in which tier.

    What counts is how long an entry has not been used, divided by how much it is worth::

        idle = (now − last use) / ((0.5 + relevance) · (1 + log2(1 + accesses)))

    so that an entry of relevance 0.5 that was never woven goes by the clock, and one of relevance 1
    that was woven three times stays 4.5 times as long. Pinned entries stay ``working`` at least and
    keep their states.

    Parameters
    ----------
    recent_seconds, working_seconds
        Idle time up to which an entry is ``recent``, and ``working``; then it is ``long_term``.
    shrink_seconds
        Idle time after which a long-term entry gives up its states: it keeps token ids and retrieval
        key (codec ``replay``), and is read again when it is woven. None to keep states for good.
    """

    recent_seconds: float = Field(default=86_400.0, ge=0.0)
    working_seconds: float = Field(default=30 * 86_400.0, ge=0.0)
    shrink_seconds: float | None = Field(default=180 * 86_400.0, ge=0.0)


@dataclass(frozen=True)
class Maintenance:
    """What `maintain` did: how many entries went up and down, gave up their states, were evicted."""

    promoted: int = 0
    demoted: int = 0
    shrunk: int = 0
    evicted: int = 0


def idle_seconds(entry: MemoryEntry, now: float) -> float:
    """How long an entry has not been used, less for what is worth more; see `TierConfig`."""
    since = max(0.0, now - max(entry.last_access, entry.timestamp))
    relevance = min(max(entry.relevance_score, 0.0), 1.0)
    return since / ((0.5 + relevance) * (1 + math.log2(1 + max(entry.access_count, 0))))


def tier_of(entry: MemoryEntry, now: float, config: TierConfig) -> str:
    """The tier that an entry belongs to at a time."""
    recent, working, long_term = TIERS
    idle = idle_seconds(entry, now)
    if idle <= config.recent_seconds:
        return recent
    return working if entry.pinned or idle <= config.working_seconds else long_term


def maintain(
    store: MemoryStore, namespace: str, config: TierConfig, now: float | None = None
) -> Maintenance:
    """Move entries to the tiers they belong to, and drop the states of those that are cold for long.

    Parameters
    ----------
    now
        Seconds since the epoch; None for the present.
    """
    at = time.time() if now is None else now
    entries = list(store.scan(namespace))
    wanted = {entry.id: tier_of(entry, at, config) for entry in entries}
    moves = {e.id: {"tier": wanted[e.id]} for e in entries if wanted[e.id] != e.tier}
    # From below, so that each tier has room when something comes from above.
    order = sorted(entries, key=lambda entry: -TIERS.index(entry.tier))
    _update(store, namespace, {e.id: moves[e.id] for e in order if e.id in moves})
    after = {entry.id: entry.tier for entry in store.scan(namespace)}
    steps = [
        TIERS.index(entry.tier) - TIERS.index(after[entry.id])
        for entry in entries
        if entry.id in after
    ]
    cold = [
        e.id for e in _replayable(entries) if after.get(e.id) == TIERS[-1] and _cold(e, at, config)
    ]
    shrunk = _update(store, namespace, {entry_id: {"codec": "replay"} for entry_id in cold})
    return Maintenance(sum(step > 0 for step in steps), sum(step < 0 for step in steps), shrunk)


def _cold(entry: MemoryEntry, now: float, config: TierConfig) -> bool:
    """Whether states of an entry may be dropped for good."""
    limit = config.shrink_seconds
    return limit is not None and not entry.pinned and idle_seconds(entry, now) > limit


def _replayable(entries: Sequence[MemoryEntry]) -> Iterator[MemoryEntry]:
    """Entries with states that reading their session again from its beginning would give back.

    That needs every token before them: sessions begin where the namespace's sessions begin at the
    earliest (behind what is never stored, a system prompt), and spans follow each other without gap.

    Notes
    -----
    When an earlier span is forgotten later on, what comes behind it is read again without it.
    """
    beginning = min((entry.position_idx for entry in entries), default=0)
    for _, session in groupby(entries, key=lambda entry: entry.sequence_id):
        reached = beginning
        for entry in session:
            if entry.position_idx > reached:
                break
            reached = max(reached, entry.position_idx + entry.tokens)
            if entry.codec != "replay" and entry.token_ids:
                yield entry


def _update(store: MemoryStore, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
    """Change entries a batch at a time, so that no writer waits for long; returns how many there were."""
    return sum(store.update_many(namespace, batch) for batch in _batches(changes.items()))


def _batches(
    items: Iterable[tuple[str, Mapping[str, Any]]],
) -> Iterator[dict[str, Mapping[str, Any]]]:
    left = iter(items)
    while batch := dict(islice(left, _BATCH)):
        yield batch
