"""What a store of entries has to do, and when it is asked to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import torch

    from reweaving.stores.ledger import Ledger
    from reweaving.types import MemoryEntry


@dataclass(frozen=True)
class Selection:
    """Which entries a scan yields: every condition that is set must hold.

    Parameters
    ----------
    session
        The entry's ``sequence_id``; 1 and ``"1"`` are different sessions.
    text
        Occurs in the entry's text, upper and lower case alike.
    before
        The entry was read earlier than this, in seconds since the epoch.
    newest_first
        Order by age instead of by (session, position).
    limit
        At most so many.
    """

    session: int | str | None = None
    text: str | None = None
    before: float | None = None
    newest_first: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Deletion:
    """What a deletion took away: ids, tokens, and what happened to each file concerned.

    Attributes
    ----------
    files
        File name inside the store to ``"unlinked"``, ``"rewritten"``, ``"truncated"`` or, when
        another process was reading for longer than the busy timeout, ``"busy"``.
    """

    ids: tuple[str, ...] = ()
    tokens: int = 0
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class KeyState:
    """The retrieval key of one entry, and where the entry stands in its session."""

    id: str
    session: int | str
    position: int
    state: torch.Tensor  # (tokens, hidden)


class MemoryStore(ABC):
    """Entries of many namespaces, kept until they are deleted.

    Life, in calling order. `reweaving.Memory` is the only caller; it calls from any thread, and a
    store does its own locking.

    1. `open`, once. It creates what is missing, migrates an older format, and never deletes.
    2. `put_many`, once for each turn that is remembered: all of its entries or none are stored,
       and they have reached the disk when it returns.
    3. `scan`, `get_many`, `keys` and `search`, many times for each request. None writes.
    4. `update_many`, after a request (what was woven) and when a user edits.
    5. `delete_many`, for eviction and forgetting; `erase`, after forgetting only.
    6. `close`, once; what is called later raises `StoreClosedError`.

    Every call names its namespace, and reads and writes nothing of another one. Entries of one
    namespace have distinct ids; two namespaces may use the same id.
    """

    @classmethod
    @abstractmethod
    def open(cls, location: str, *, busy_timeout_seconds: float = 10.0) -> Self:
        """Open the store at `location`, creating it when there is none.

        Raises
        ------
        StoreFormatError
            When something else lies there, or a store of a newer format.
        """

    @abstractmethod
    def put_many(self, namespace: str, entries: Sequence[MemoryEntry]) -> None:
        """Store all entries in one transaction.

        Raises
        ------
        InputError
            When an entry cannot be stored as it is (NaN, an id that is taken); nothing is written.
        """

    @abstractmethod
    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """The entries with these ids, in this order; ids that are not there are left out.

        Parameters
        ----------
        payload
            Whether states are loaded as well; without them an entry costs one row.

        Raises
        ------
        DamagedEntryError
            When what is read is not what was written.
        """

    @abstractmethod
    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries, in one transaction; returns how many entries there were.

        Parameters
        ----------
        changes
            Entry id to names and new values, out of ``text``, ``metadata``, ``relevance_score``,
            ``pinned``, ``last_access``; ``accesses`` is added to the access count.
        """

    @abstractmethod
    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete entries and the payloads that no entry needs any more."""

    @abstractmethod
    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries of the namespace, page by page; writers are not kept waiting in between."""

    @abstractmethod
    def close(self) -> None:
        """Give back files and locks; closing twice is allowed."""

    @property
    @abstractmethod
    def ledger(self) -> Ledger:
        """What is known of a namespace besides its entries."""

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys of all entries that have one, in (session, position) order."""
        for entry in self.scan(namespace, payload=True):
            if entry.key_state is not None:
                yield KeyState(entry.id, entry.sequence_id, entry.position_idx, entry.key_state)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the entries whose words fit best; higher is better.

        A store with a word index overrides this count of common words.
        """
        words = set(text.casefold().split())
        scored = (
            (entry.id, float(len(words & set(entry.text.casefold().split()))))
            for entry in self.scan(namespace)
        )
        return sorted((hit for hit in scored if hit[1]), key=lambda hit: -hit[1])[:limit]

    def erase(self, namespace: str) -> Mapping[str, str]:
        """Make sure that no byte of what was deleted remains in a file; by default there is none.

        Returns
        -------
        Mapping
            What happened to which file, as in `Deletion.files`.
        """
        del namespace
        return {}
