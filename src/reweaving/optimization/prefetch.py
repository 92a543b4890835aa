"""What the next turn will want, loaded while nobody waits for it."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import Field

from reweaving.config import Settings
from reweaving.types import MemoryEntry

_log = logging.getLogger(__name__)


class PrefetchConfig(Settings):
    """How much is loaded ahead.

    Parameters
    ----------
    capacity
        Most spans that are held.
    ahead
        Most spans loaded after a turn.
    """

    capacity: int = Field(default=64, gt=0)
    ahead: int = Field(default=8, gt=0)


class MemoryPrefetcher:
    """Predicts the spans of the next turn from those of the session so far, and has them loaded.

    What was used comes again, what stood beside it in its session comes next, and what followed it in an earlier turn
    follows it again; in this order of weight: seen followers, neighbours, the spans themselves.

    Life: `start`; `get` whenever spans are needed, by any thread; `observe` after each turn with the spans it used,
    which begins to load the next ones; `flush` waits for that; `close`. Spans inside `using` are never given up.

    Parameters
    ----------
    load
        Entries with their states, by id; ids that are not there are left out.
    neighbours
        Ids of the spans around one in its session.
    """

    def __init__(
        self,
        load: Callable[[Sequence[str]], list[MemoryEntry]],
        neighbours: Callable[[str], Sequence[str]],
        config: PrefetchConfig | None = None,
    ) -> None:
        self.config = config or PrefetchConfig()
        self._load, self._neighbours = load, neighbours
        self._held: OrderedDict[str, MemoryEntry] = OrderedDict()
        self._in_use: Counter[str] = Counter()
        self._followed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._last: tuple[str, ...] = ()
        self._wanted: list[str] = []
        self._changed = threading.Condition()
        self._loading = self._closed = False
        self._thread: threading.Thread | None = None
        self._hits = self._misses = self._failures = 0

    def start(self) -> None:
        """Begin to load in the background; calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="reweaving-prefetch", daemon=True
            )
            self._thread.start()

    def get(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries with their states, in the order of `ids`; what was not foreseen is loaded now."""
        with self._changed:
            found = {key: self._held[key] for key in ids if key in self._held}
            for key in found:
                self._held.move_to_end(key)
            self._hits += len(found)
            self._misses += len(ids) - len(found)
        missing = [key for key in ids if key not in found]
        if missing:
            loaded = {entry.id: entry for entry in self._load(missing)}
            found |= loaded
            self._hold(loaded)
        return [found[key] for key in ids if key in found]

    @contextmanager
    def using(self, ids: Sequence[str]) -> Iterator[None]:
        """Keep these spans at hand for as long as the `with` lasts."""
        with self._changed:
            self._in_use.update(ids)
        try:
            yield
        finally:
            with self._changed:
                self._in_use.subtract(ids)
                self._in_use += Counter()  # drops what nobody uses
                self._make_room()

    def predict(self, used: Sequence[str]) -> list[str]:
        """Ids that the next turn may want, most likely first."""
        weight: Counter[str] = Counter()
        for key in used:
            for follower, times in self._followed[key].items():
                weight[follower] += 4 * times
            for neighbour in self._neighbours(key):
                weight[neighbour] += 2
            weight[key] += 1
        return [key for key, _ in weight.most_common(self.config.ahead)]

    def observe(self, used: Sequence[str]) -> list[str]:
        """Learn which spans a turn used, and begin to load what comes next; returns what that is."""
        for before in self._last:
            self._followed[before].update(used)
        self._last = tuple(used)
        foreseen = self.predict(used)
        with self._changed:
            self._wanted = [key for key in foreseen if key not in self._held]
            self._changed.notify_all()
        return foreseen

    def forget(self, ids: Sequence[str] | None = None) -> None:
        """Let go of spans, or of all: when they are forgotten or changed, before the next `get`."""
        with self._changed:
            for key in list(self._held) if ids is None else ids:
                self._held.pop(key, None)
            self._wanted = []

    def keep_only(self, there: Callable[[str], bool]) -> None:
        """Let go of the spans that are not there any more."""
        with self._changed:
            gone = [key for key in self._held if not there(key)]
            for key in gone:
                del self._held[key]

    def flush(self) -> None:
        """Wait until what was foreseen is loaded; without `start`, nothing is."""
        with self._changed:
            while self._thread is not None and not self._closed and (self._wanted or self._loading):
                self._changed.wait(0.1)

    def close(self) -> None:
        """Stop loading and let go of everything."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self.forget()

    def stats(self) -> dict[str, Any]:
        """How often a span was there when it was wanted, and how many are held."""
        asked = self._hits + self._misses
        return {
            "hits": self._hits,
            "misses": self._misses,
            "hit_rate": self._hits / asked if asked else 0.0,
            "held": len(self._held),
            "failures": self._failures,
        }

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wanted and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                wanted, self._wanted, self._loading = self._wanted, [], True
            try:
                self._hold({entry.id: entry for entry in self._load(wanted)})
            except Exception:  # noqa: BLE001 - the turn loads again, and reports, what could not be loaded here
                self._failures += 1
                _log.exception("could not prefetch %d spans", len(wanted))
            finally:
                with self._changed:
                    self._loading = False
                    self._changed.notify_all()

    def _hold(self, entries: dict[str, MemoryEntry]) -> None:
        with self._changed:
            self._held.update(entries)
            for key in entries:
                self._held.move_to_end(key)
            self._make_room()

    def _make_room(self) -> None:
        """Give up the spans that were not wanted for longest; those in use stay, also beyond the capacity."""
        spare = len(self._held) - self.config.capacity
        for key in [key for key in self._held if not self._in_use[key]][: max(spare, 0)]:
            del self._held[key]
