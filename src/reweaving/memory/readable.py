"""What can be asked of a memory; nothing here changes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reweaving.errors import InputError
from reweaving.memory.aio import twin
from reweaving.stores.base import KeyMark, KeyState, Selection
from reweaving.types import MemoryEntry, Recollection

if TYPE_CHECKING:
    from reweaving.memory.privacy.retention import LivingStore
    from reweaving.stores.index import SpanIndex
    from reweaving.stores.ledger import Counts, Event


class Readable:
    """The part of `reweaving.Memory` that reads one namespace."""

    namespace: str
    _store: LivingStore

    def entries(
        self,
        session: int | str | None = None,
        limit: int | None = None,
        payload: bool = False,
    ) -> list[MemoryEntry]:
        """Entries in (session, position) order, without their states unless `payload` is set."""
        selection = Selection(session=session, limit=_limit(limit))
        return list(self._store.scan(self.namespace, selection, payload=payload))

    def newest(self, limit: int = 10) -> list[MemoryEntry]:
        """The entries read last, newest first, without their states."""
        selection = Selection(newest_first=True, limit=_limit(limit))
        return list(self._store.scan(self.namespace, selection))

    def search(self, text: str, limit: int = 10) -> list[Recollection]:
        """The entries whose words fit best (BM25, words stemmed), best first."""
        scores = dict(self._store.search(self.namespace, text, _limit(limit) or 0))
        found = self._store.get_many(self.namespace, list(scores), payload=False)
        return [Recollection(entry, scores[entry.id]) for entry in found]

    def get(self, entry_id: str) -> MemoryEntry:
        """One entry with its states.

        Raises
        ------
        InputError
            When there is no such entry in this namespace.
        DamagedEntryError
            When what is read is not what was written.
        """
        found = self.get_many([entry_id])
        if not found:
            raise InputError(f"namespace {self.namespace!r} has no entry {entry_id!r}")
        return found[0]

    def get_many(self, ids: Sequence[str], payload: bool = True) -> list[MemoryEntry]:
        """Entries in the order of `ids`, with their states unless `payload` is unset; unknown ids are left out."""
        return self._store.get_many(self.namespace, ids, payload=payload)

    def key_states(self) -> Iterator[KeyState]:
        """Retrieval keys of all entries, in (session, position) order, without their payloads."""
        return self._store.keys(self.namespace)

    def key_marks(self) -> Iterator[KeyMark]:
        """Which entries have a retrieval key, and which key."""
        return self._store.key_marks(self.namespace)

    def keys_of(self, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries, in this order, without their payloads."""
        return self._store.keys_of(self.namespace, ids)

    def rows_of(self, ids: Sequence[str]) -> list[MemoryEntry]:
        """Entries without their states, in the order of `ids`; unknown ids are left out."""
        return self._store.get_many(self.namespace, ids, payload=False)

    def word_matches(self, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the entries whose words fit best, best first."""
        return self._store.search(self.namespace, text, limit)

    def load_index(self) -> SpanIndex | None:
        """The derived index that was kept last, of whatever generation; None when there is none."""
        return self._store.load_index(self.namespace)

    def save_index(self, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index, unless the namespace has another generation by now."""
        return self._store.save_index(self.namespace, index, generation)

    def history(self, entry_id: str) -> list[Event]:
        """What happened to an entry, oldest first; it outlives the entry, and holds no content."""
        return self._store.ledger.history(self.namespace, entry_id)

    @property
    def generation(self) -> int:
        """Grows with every change of what could be recalled."""
        return self._store.ledger.generation(self.namespace)

    def note(self, key: str) -> Any:
        """A small JSON value kept beside the entries, or None."""
        return self._store.ledger.note(self.namespace, key)

    def stats(self) -> Counts:
        """How many entries, tokens, sessions and bytes this namespace holds."""
        return self._store.ledger.counts(self.namespace)

    aentries, anewest, asearch = twin(entries), twin(newest), twin(search)
    aget, aget_many, ahistory, astats = twin(get), twin(get_many), twin(history), twin(stats)


def _limit(limit: int | None) -> int | None:
    if limit is not None and limit < 0:
        raise InputError(f"limit = {limit}: how many entries, from 0 up")
    return limit
