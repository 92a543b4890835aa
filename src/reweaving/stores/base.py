"""What a store of entries has to do, and when it is asked to."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from reweaving.errors import ConfigurationError, StoreError
from reweaving.stores.exchanged import Deletion, Holding, KeyMark, KeyState, Room, Selection

if TYPE_CHECKING:
    import torch

    from reweaving.stores.index import SpanIndex
    from reweaving.stores.ledger import Ledger
    from reweaving.stores.master_key import StoreKey
    from reweaving.stores.upkeep import Upkeep
    from reweaving.types import MemoryEntry

__all__ = ["Deletion", "Holding", "KeyMark", "KeyState", "MemoryStore", "Room", "Selection"]


class MemoryStore(ABC):
    """Entries of many namespaces, kept until they are deleted.

    Life, in calling order. `reweaving.Memory` is the only caller; it calls from any thread, and a
    store does its own locking.

    1. `open`, once. It creates what is missing, migrates an older format, and never deletes.
       `unlock` comes next where a user has a key; a store without encryption refuses one.
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
    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction.

        Parameters
        ----------
        room
            What is evicted and moved in the same transaction; then `entries` may be empty.

        Raises
        ------
        InputError
            When an entry cannot be stored as it is (NaN, an id that is taken); nothing is written.
        ConflictError
            When the namespace has another generation than `room`; nothing is written.
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
            Entry id to names and new values; `reweaving.stores.columns` lists what can be changed.
            ``accesses`` is added to the access count. ``codec`` can become ``"replay"``: the payload
            is dropped, key and token ids stay.
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

    @property
    def bare(self) -> MemoryStore:
        """The store that keeps what is durable, without what was put around it."""
        return self

    @property
    def upkeep(self) -> Upkeep:
        """Checking, mending and copying the store; one with files of its own overrides this."""
        from reweaving.stores.upkeep import PlainUpkeep

        return PlainUpkeep(self)

    def namespaces(self) -> list[str]:
        """Namespaces that hold an entry, a note or an event, in alphabetical order.

        Raises
        ------
        StoreError
            When a store of this kind cannot list them.
        """
        raise StoreError(f"{type(self).__name__} cannot list its namespaces; name those you mean")

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so, in alphabetical order; an index over ids overrides this scan."""
        return sorted(entry.id for entry in self.scan(namespace) if entry.id.startswith(beginning))

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states, in one transaction; ids that are not there are passed over.

        Codec, layers, position, token ids, fingerprint, read length, states and key become those of
        the new entry; text, labels, counters and all else stay as they are now.

        Parameters
        ----------
        what
            The event that is entered for each.
        notes
            Notes of the namespace that are written in the same transaction; None removes one.
        whole
            Whether `entries` must be all that there are.

        Returns
        -------
        tuple
            With `whole`, ids of entries that were left out: then nothing was changed.

        Raises
        ------
        StoreError
            When a store of this kind cannot.
        """
        del namespace, entries, what, notes, whole
        raise StoreError(
            f"{type(self).__name__} cannot exchange states in place; export the namespace, and load "
            "it into a memory in a folder"
        )

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys of all entries that have one, in (session, position) order."""
        for entry in self.scan(namespace, payload=True):
            if entry.key_state is not None:
                yield KeyState(entry.id, entry.sequence_id, entry.position_idx, entry.key_state)

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which entries have a key; a store that knows without reading keys overrides this."""
        from reweaving.stores.key_mark import key_mark

        for entry in self.scan(namespace, payload=True):
            if entry.key_state is not None:
                data = entry.key_state.float().numpy().tobytes()
                digest = hashlib.sha256(data).hexdigest()
                yield KeyMark(entry.id, key_mark(digest), entry.trust)

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries, in this order; those that have none are left out."""
        return [
            KeyState(entry.id, entry.sequence_id, entry.position_idx, entry.key_state)
            for entry in self.get_many(namespace, ids)
            if entry.key_state is not None
        ]

    def load_index(self, namespace: str) -> SpanIndex | None:
        """The derived index that was kept last, of whatever generation; None when there is none."""
        del namespace
        return None

    def save_index(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index, unless the namespace has another generation by now.

        Returns
        -------
        bool
            Whether it was kept; a store without a place for it keeps none.
        """
        del namespace, index, generation
        return False

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry, oldest first; one pass, when limits begin to be kept.

        A store that knows sizes without reading states overrides this.
        """
        for entry in sorted(self.scan(namespace, payload=True), key=lambda entry: entry.timestamp):
            yield Holding(
                id=entry.id,
                layers=entry.layers,
                tier=entry.tier,
                pinned=entry.pinned,
                tokens=entry.tokens,
                bytes=sum(state.nbytes for state in entry.states()),
                relevance=entry.relevance_score,
                created=entry.timestamp,
                access_count=entry.access_count,
                last_access=entry.last_access,
            )

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

    def keep_near(self, device: torch.device) -> None:  # noqa: B027 - most stores keep nothing at hand
        """Hear where states are wanted next; a store that keeps some at hand puts those there."""

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out at `now`; they stay until they are deleted.

        A store with an index over times overrides this scan.
        """
        return [
            entry.id
            for entry in self.scan(namespace)
            if entry.expires_at is not None and entry.expires_at <= now
        ]

    def unlock(self, key: StoreKey | None) -> None:
        """Use `key` for everything from now on; an empty store becomes encrypted with it.

        Raises
        ------
        KeyRefusedError
            When the store is encrypted and the key is missing or another one, or it holds entries
            that are not encrypted and a key is given.
        ConfigurationError
            When a store of this kind cannot encrypt.
        """
        if key is not None:
            raise ConfigurationError(
                f"{type(self).__name__} does not encrypt what it stores: open it without a key, and "
                "encrypt its disks"
            )

    def rotate_key(self, key: StoreKey | None) -> Mapping[str, str]:
        """Encrypt all namespaces with another key, or with none, all of it or nothing.

        Returns
        -------
        Mapping
            What happened to which file, as in `Deletion.files`.
        """
        self.unlock(key)
        return {}
