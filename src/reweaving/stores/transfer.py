"""Everything of a store into another one, of whatever kind: copied, compared, and resumable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from reweaving.errors import InputError, StoreError
from reweaving.stores import codec
from reweaving.stores.base import MemoryStore, Selection
from reweaving.stores.connection import rows
from reweaving.stores.ledger import Event
from reweaving.stores.progress import Progress, silent
from reweaving.stores.sqlite_ledger import SqliteLedger

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry

_PAGE = 16  # entries whose states are in RAM at a time
_GONE = {"forgotten", "evicted"}


@runtime_checkable
class OpenBook(Protocol):
    """What a ledger needs so that it can be copied; one without it cannot be."""

    def notes(self, namespace: str) -> dict[str, Any]:
        """Every note of the namespace."""

    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a JSON value under `key`."""

    def events(self, namespace: str) -> list[Event]:
        """What happened in the namespace, oldest first."""

    def replace_events(self, namespace: str, events: Sequence[Event]) -> None:
        """Put these events in the place of all that are kept of their entries."""


@dataclass(frozen=True)
class Moved:
    """What came over of one namespace.

    Attributes
    ----------
    copied, there
        How many entries were copied now, and how many an earlier run had copied; each was read back
        and compared.
    gone
        Ids of entries that were forgotten or evicted in the target after an earlier run; they stay
        gone.
    notes, events
        How many the source has; all of them are in the target.
    """

    copied: int
    there: int
    gone: tuple[str, ...]
    notes: int
    events: int


def migrate(
    source: MemoryStore,
    target: MemoryStore,
    namespaces: Iterable[str] | None = None,
    progress: Progress = silent,
) -> dict[str, Moved]:
    """Copy entries, notes and events of namespaces into another store, and compare what arrived.

    The source is only read, of it only what is durable; what is in the target stays. When the call
    was interrupted, the same call copies what is still missing. Generations are the target's own.

    Parameters
    ----------
    namespaces
        Which; by default all that the source holds.
    progress
        Told of every page of entries.

    Returns
    -------
    dict
        What came over, by namespace.

    Raises
    ------
    InputError
        When an id or a note is taken by something else in the target; nothing of that namespace was
        copied then.
    DamagedEntryError
        When an entry of the source is damaged; repair the source first.
    StoreError
        When an entry does not read back as it was sent, or a store cannot list what it holds.
    """
    # What somebody keeps in RAM alone, around the store, must not reach another disk.
    source = source.bare
    wanted = source.namespaces() if namespaces is None else list(namespaces)
    return {namespace: _Move(source, target, namespace, progress).run() for namespace in wanted}


class _Move:
    """One namespace on its way."""

    def __init__(
        self, source: MemoryStore, target: MemoryStore, namespace: str, progress: Progress
    ) -> None:
        self._source, self._target, self._namespace = source, target, namespace
        self._from, self._to = _book(source), _book(target)
        self._progress = progress

    def run(self) -> Moved:
        """Look for what would clash, copy what is missing, then notes and events."""
        # Oldest first, as they were stored: entries of one place and time keep their order.
        newest = self._source.scan(self._namespace, Selection(newest_first=True))
        ids = [entry.id for entry in newest][::-1]
        notes = self._from.notes(self._namespace)
        self._refuse_other_notes(notes)
        known = {entry.id for entry in self._target.scan(self._namespace)}
        last = {event.entry_id: event.what for event in self._to.events(self._namespace)}
        there = [entry_id for entry_id in ids if entry_id in known]
        gone = [i for i in ids if i not in known and last.get(i) in _GONE]
        missing = [i for i in ids if i not in known and last.get(i) not in _GONE]
        self._refuse_other_entries(there)
        copied = sum(self._copy(page) for page in self._pages(missing, "copying"))
        for key, value in notes.items():
            self._to.set_note(self._namespace, key, value)
        events = self._copy_events()
        return Moved(copied, len(there), tuple(gone), len(notes), events)

    def _copy(self, page: Sequence[str]) -> int:
        entries = self._source.get_many(self._namespace, page)
        self._target.put_many(self._namespace, entries)
        arrived = self._load(self._target, page)
        for entry in entries:
            if arrived.get(entry.id) != codec.encode(entry).row:
                raise StoreError(
                    f"entry {entry.id} of namespace {self._namespace!r} did not read back from the "
                    "target as it was sent; forget it there, and start the transfer again"
                )
        return len(entries)

    def _copy_events(self) -> int:
        """Histories in the target become those of the source, and what happened there since."""
        events = self._from.events(self._namespace)
        before: dict[str, list[Event]] = {}
        for event in self._to.events(self._namespace):
            before.setdefault(event.entry_id, []).append(event)
        sent: dict[str, list[Event]] = {}
        for event in events:
            sent.setdefault(event.entry_id, []).append(event)
        behind = {i for i, history in sent.items() if before.get(i, [])[: len(history)] != history}
        since: list[Event] = []
        for entry_id in behind:
            own = [event for event in before.get(entry_id, []) if event not in sent[entry_id]]
            # The first of them was entered when the entry was copied.
            since += own[1:] if own and own[0].what == "added" else own
        new = [event for event in events if event.entry_id in behind]
        new += sorted(since, key=lambda event: event.at)
        if new:
            self._to.replace_events(self._namespace, new)
        return len(events)

    def _refuse_other_notes(self, notes: dict[str, Any]) -> None:
        known = self._to.notes(self._namespace)
        other = [key for key, value in notes.items() if key in known and known[key] != value]
        if other:
            raise InputError(
                f"namespace {self._namespace!r} has other values for {', '.join(map(repr, other))} "
                "in the target; nothing of it was copied. Empty the namespace there, or move "
                "another one"
            )

    def _refuse_other_entries(self, ids: Sequence[str]) -> None:
        for page in self._pages(ids, "comparing"):
            sent, known = self._load(self._source, page), self._load(self._target, page)
            for entry_id, row in sent.items():
                if entry_id in known and known[entry_id].digest != row.digest:
                    raise InputError(
                        f"entry {entry_id} of namespace {self._namespace!r} is something else in the "
                        "target; nothing of this namespace was copied. Empty it there, or change "
                        "neither side while a transfer is under way"
                    )

    def _load(self, store: MemoryStore, ids: Sequence[str]) -> dict[str, codec.Row]:
        """Rows with the digests of states that were read just now."""
        entries: list[MemoryEntry] = store.get_many(self._namespace, ids)
        return {entry.id: codec.encode(entry).row for entry in entries}

    def _pages(self, ids: Sequence[str], doing: str) -> Iterator[Sequence[str]]:
        what = f"{doing} {self._namespace}"
        for start in range(0, len(ids), _PAGE):
            self._progress(start, len(ids), what)
            yield ids[start : start + _PAGE]
        self._progress(len(ids), len(ids), what)


class _SqliteBook:
    """A `SqliteLedger` as one that can be copied."""

    def __init__(self, ledger: SqliteLedger) -> None:
        self._ledger = ledger

    def notes(self, namespace: str) -> dict[str, Any]:
        """Every note of the namespace."""
        with self._ledger._reading() as connection:
            sql = "SELECT key, value FROM notes WHERE namespace = ? ORDER BY key"
            found = rows(connection, sql, (namespace,))
        return {str(key): json.loads(value) for key, value in found}

    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a JSON value under `key`."""
        self._ledger.set_note(namespace, key, value)

    def events(self, namespace: str) -> list[Event]:
        """What happened in the namespace, oldest first."""
        with self._ledger._reading() as connection:
            sql = (
                "SELECT entry_id, what, at, detail FROM events WHERE namespace = ? ORDER BY number"
            )
            found = rows(connection, sql, (namespace,))
        return [Event(row[0], row[1], row[2], json.loads(row[3])) for row in found]

    def replace_events(self, namespace: str, events: Sequence[Event]) -> None:
        """Put these events in the place of all that are kept of their entries."""
        with self._ledger._writing() as connection:
            connection.executemany(
                "DELETE FROM events WHERE namespace = ? AND entry_id = ?",
                [(namespace, entry_id) for entry_id in {event.entry_id for event in events}],
            )
            connection.executemany(
                "INSERT INTO events (namespace, entry_id, what, at, detail) VALUES (?, ?, ?, ?, ?)",
                [(namespace, e.entry_id, e.what, e.at, json.dumps(e.detail)) for e in events],
            )


def _book(store: MemoryStore) -> OpenBook:
    ledger: object = store.ledger
    if isinstance(ledger, SqliteLedger):
        return _SqliteBook(ledger)
    if isinstance(ledger, OpenBook):
        return ledger
    raise StoreError(
        f"{type(store).__name__} cannot list its notes and events, so it cannot be copied: its "
        f"ledger needs the methods of {OpenBook.__module__}.{OpenBook.__name__}"
    )
