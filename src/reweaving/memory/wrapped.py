"""A store that holds another one, and does what that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from reweaving.stores.base import (
    Deletion,
    Holding,
    KeyMark,
    KeyState,
    MemoryStore,
    Room,
    Selection,
)
from reweaving.stores.ledger import Ledger
from reweaving.types import MemoryEntry

if TYPE_CHECKING:
    import torch

    from reweaving.stores.index import SpanIndex
    from reweaving.stores.master_key import StoreKey
    from reweaving.stores.upkeep import Upkeep


class WrappedStore(MemoryStore):
    """Hands every call on to another store; what adds an ability overrides what it changes.

    Life: made around a store that is open, and closed with it.

    Parameters
    ----------
    inner
        The store that is wrapped.
    """

    def __init__(self, inner: MemoryStore) -> None:
        self._inner = inner

    @classmethod
    def open(cls, location: str, *, busy_timeout_seconds: float = 10.0) -> NoReturn:
        """Refused: a wrapper is made around a store that is open already."""
        del busy_timeout_seconds
        raise TypeError(f"{cls.__name__} wraps a store; open one at {location} and hand it over")

    @property
    def bare(self) -> MemoryStore:
        """The innermost store."""
        return self._inner.bare

    @property
    def ledger(self) -> Ledger:
        """The wrapped store's ledger."""
        return self._inner.ledger

    def put_many(
        self, namespace: str, entries: Sequence[MemoryEntry], *, room: Room | None = None
    ) -> None:
        """Store all entries in one transaction."""
        self._inner.put_many(namespace, entries, room=room)

    def get_many(
        self, namespace: str, ids: Sequence[str], *, payload: bool = True
    ) -> list[MemoryEntry]:
        """Entries by id, in the order of `ids`."""
        return self._inner.get_many(namespace, ids, payload=payload)

    def update_many(self, namespace: str, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change fields of entries, in one transaction."""
        return self._inner.update_many(namespace, changes)

    def delete_many(self, namespace: str, ids: Sequence[str]) -> Deletion:
        """Delete entries and the payloads that no entry needs any more."""
        return self._inner.delete_many(namespace, ids)

    def scan(
        self, namespace: str, selection: Selection | None = None, *, payload: bool = False
    ) -> Iterator[MemoryEntry]:
        """Entries of the namespace, page by page."""
        return self._inner.scan(namespace, selection, payload=payload)

    def namespaces(self) -> list[str]:
        """Namespaces that hold something durable."""
        return self._inner.namespaces()

    def matching_ids(self, namespace: str, beginning: str) -> list[str]:
        """Ids that begin so."""
        return self._inner.matching_ids(namespace, beginning)

    def replace_many(
        self,
        namespace: str,
        entries: Iterable[MemoryEntry],
        *,
        what: str,
        notes: Mapping[str, Any] | None = None,
        whole: bool = False,
    ) -> tuple[str, ...]:
        """Give entries other states, in one transaction."""
        return self._inner.replace_many(namespace, entries, what=what, notes=notes, whole=whole)

    def keys(self, namespace: str) -> Iterator[KeyState]:
        """Retrieval keys, in (session, position) order."""
        return self._inner.keys(namespace)

    def key_marks(self, namespace: str) -> Iterator[KeyMark]:
        """Which entries have a key."""
        return self._inner.key_marks(namespace)

    def keys_of(self, namespace: str, ids: Sequence[str]) -> list[KeyState]:
        """Retrieval keys of these entries."""
        return self._inner.keys_of(namespace, ids)

    def load_index(self, namespace: str) -> SpanIndex | None:
        """The derived index that was kept last."""
        return self._inner.load_index(namespace)

    def save_index(self, namespace: str, index: SpanIndex, generation: int) -> bool:
        """Keep a derived index."""
        return self._inner.save_index(namespace, index, generation)

    def holdings(self, namespace: str) -> Iterator[Holding]:
        """Size and use of every entry."""
        return self._inner.holdings(namespace)

    def search(self, namespace: str, text: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores of the entries whose words fit best."""
        return self._inner.search(namespace, text, limit)

    def erase(self, namespace: str) -> Mapping[str, str]:
        """Make sure that no byte of what was deleted remains in a file."""
        return self._inner.erase(namespace)

    def expired(self, namespace: str, now: float) -> list[str]:
        """Ids of the entries whose time had run out."""
        return self._inner.expired(namespace, now)

    @property
    def upkeep(self) -> Upkeep:
        """Checking, mending and copying the wrapped store."""
        return self._inner.upkeep

    def unlock(self, key: StoreKey | None) -> None:
        """Use a key for everything from now on."""
        self._inner.unlock(key)

    def rotate_key(self, key: StoreKey | None) -> Mapping[str, str]:
        """Encrypt all namespaces with another key, or with none."""
        return self._inner.rotate_key(key)

    def keep_near(self, device: torch.device) -> None:
        """Put states that are kept at hand where they are wanted next."""
        self._inner.keep_near(device)

    def close(self) -> None:
        """Close the wrapped store."""
        self._inner.close()
