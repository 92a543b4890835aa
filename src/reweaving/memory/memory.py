"""`Memory`: one namespace of a store, as users and `attach` see it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from reweaving.errors import FingerprintError, InputError
from reweaving.memory.aio import twin
from reweaving.memory.layered import Layered
from reweaving.memory.maintenance import Maintained
from reweaving.memory.namespace import checked
from reweaving.memory.privacy.controls import PrivacyControls
from reweaving.memory.privacy.keys import find_key
from reweaving.memory.privacy.retention import Clock
from reweaving.memory.readable import Readable
from reweaving.memory.settings import MemoryConfig
from reweaving.stores import STORES
from reweaving.stores.base import Deletion, MemoryStore, Selection
from reweaving.types import MemoryEntry

__all__ = ["Memory", "MemoryConfig"]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")
_MODEL_NOTE = "model"
_EDITABLE = {"text", "metadata", "relevance_score", "pinned", "tags", "source", "trust"} | {
    "expires_at",
    "ttl_seconds",
    "valid_until",
    "superseded_by",
}


class Memory(Readable, Maintained, Layered, PrivacyControls):
    """What one user, agent or tenant remembers.

    Open it with `Memory.open`; hand it to `reweaving.attach`, which fills and reads it. It may be
    used from several threads, and several processes may open the same path.

    Parameters
    ----------
    store
        Where entries are kept.
    namespace
        Whose memory it is; nothing of another namespace is ever read or written.
    config
        Settings; None for the defaults.
    clock
        Tells the time, in seconds since the epoch.
    """

    def __init__(
        self,
        store: MemoryStore,
        namespace: str,
        config: MemoryConfig | None = None,
        *,
        clock: Clock = time.time,
    ) -> None:
        settings = config or MemoryConfig()
        super().__init__(
            self._at_hand(store, settings),
            checked(namespace),
            untrusted_sources=settings.untrusted_sources,
            ttl_seconds=settings.ttl_seconds,
            prune_every_seconds=settings.prune_every_seconds,
            clock=clock,
        )
        self._limit(self._everything, settings)

    @classmethod
    def open(
        cls,
        location: str | os.PathLike[str],
        namespace: str = "default",
        config: MemoryConfig | None = None,
        *,
        clock: Clock = time.time,
    ) -> Self:
        """Open the memory at `location`, creating it when there is none.

        Parameters
        ----------
        location
            A folder, ``":memory:"`` for one that never touches a disk, or the address of another
            registered store, ``NAME://…``.
        namespace
            1 to 128 letters, digits and ``. _ / @ -``.
        config
            Settings; the default ones fit one machine.
        clock
            Tells the time, in seconds since the epoch; tests bring their own.

        Raises
        ------
        InputError
            For a namespace of another form.
        KeyRefusedError
            When the memory is encrypted and the key is missing or another one, or when it holds
            entries that are not encrypted and a key is given.
        StoreFormatError
            When something else lies at `location`, or a memory of a newer format.
        """
        checked(namespace)
        settings = config or MemoryConfig()
        address = os.fspath(location)
        scheme = _SCHEME.match(address)
        # What is in RAM only has nothing at rest: the key that is meant for disks is not for it.
        key = find_key(settings.encryption_key, settings.keyring, environment=address != ":memory:")
        store = STORES.get(scheme[1] if scheme else "sqlite").open(
            address, busy_timeout_seconds=settings.busy_timeout_seconds
        )
        try:
            store.unlock(key)
        except BaseException:
            store.close()
            raise
        return cls(store, namespace, settings, clock=clock)

    def add(self, entries: Iterable[MemoryEntry]) -> None:
        """Store entries in one transaction: when it returns, all of them have reached the disk.

        Raises
        ------
        InputError
            When an entry cannot be stored as it is, or belongs to another namespace.
        FingerprintError
            When states come from another model than those of this namespace.
        """
        new = list(entries)
        self._prepare(new)
        for entry in new:
            if entry.namespace not in ("", self.namespace):
                raise InputError(
                    f"entry {entry.id} belongs to namespace {entry.namespace!r}, and this memory "
                    f"is {self.namespace!r}; nothing was stored"
                )
        fingerprints = {entry.fingerprint for entry in new} - {""}
        if len(fingerprints) > 1:
            raise FingerprintError(
                f"entries of several models cannot be stored together: {', '.join(fingerprints)}; "
                "nothing was stored"
            )
        for fingerprint in fingerprints:
            self.require_fingerprint(fingerprint)
        self._store.put_many(self.namespace, new)
        for entry in new:
            entry.namespace = self.namespace

    def require_fingerprint(self, fingerprint: str, model_name: str = "") -> None:
        """Bind this namespace to a model, or refuse when it holds states of another one.

        Parameters
        ----------
        fingerprint
            Of the model at hand, from `reweaving.adapters.fingerprint`.
        model_name
            Its name, for messages.

        Raises
        ------
        FingerprintError
            When the namespace has entries of another model; the message names both.
        """
        bound = self.note(_MODEL_NOTE)
        if bound is not None and bound["fingerprint"] == fingerprint:
            return
        if bound is not None and self.stats().entries:
            known = bound["name"] or "an unnamed model"
            raise FingerprintError(
                f"namespace {self.namespace!r} holds states of {known} "
                f"({bound['fingerprint'][:12]}), and they mean nothing to "
                f"{model_name or 'the model at hand'} ({fingerprint[:12]}); attach that model, "
                "open another namespace, or rebuild the states from their token ids with: "
                "cmr memory reencode"
            )
        self.set_note(_MODEL_NOTE, {"fingerprint": fingerprint, "name": model_name})

    def pin(self, entry_id: str, pinned: bool = True) -> None:
        """Keep an entry from ever being evicted, or let go of it again."""
        self.update(entry_id, pinned=pinned)

    def update(self, entry_id: str, **changes: Any) -> None:
        """Change what is known of an entry: its text, labels, trust, times and marks.

        A new text is what is shown and searched; the states stay those of what was read.
        ``trust="user"`` releases an entry from quarantine.

        Raises
        ------
        InputError
            For another field, a value that cannot be stored, or an entry that is not there.
        """
        if not changes or changes.keys() - _EDITABLE:
            raise InputError(
                f"cannot change {', '.join(sorted(changes.keys() - _EDITABLE)) or 'nothing'}; "
                f"what can be changed: {', '.join(sorted(_EDITABLE))}"
            )
        if not self._store.update_many(self.namespace, {entry_id: changes}):
            raise InputError(f"namespace {self.namespace!r} has no entry {entry_id!r}")

    def touch(self, ids: Iterable[str]) -> None:
        """Note that entries were woven now; one access each."""
        change: Mapping[str, Any] = {"accesses": 1, "last_access": time.time(), "tier": "recent"}
        self._store.update_many(self.namespace, dict.fromkeys(ids, change))

    def forget(
        self,
        *,
        id: str | Iterable[str] | None = None,
        session: int | str | None = None,
        text: str | None = None,
        before: float | None = None,
        after: float | None = None,
        namespace: bool = False,
    ) -> Deletion:
        """Forget entries for good: afterwards no byte of them remains in any file of the store.

        Several conditions together narrow the choice.

        Parameters
        ----------
        id
            One entry, or several; ids that are not there are passed over.
        session
            Everything read in one session.
        text
            Every entry in whose text this occurs, upper and lower case alike.
        before, after
            Everything read earlier than the one, and not earlier than the other, in seconds since
            the epoch.
        namespace
            Everything, with notes and history.

        Returns
        -------
        Deletion
            A receipt: which entries, and what happened to each file.

        Raises
        ------
        InputError
            When no condition is given, or an empty one.
        """
        named = None if id is None else dict.fromkeys([id] if isinstance(id, str) else id)
        narrowed = any(value is not None for value in (session, text, before, after))
        empty = named is not None and (not named or "" in named)
        if namespace == (named is not None or narrowed) or empty or text == "":
            raise InputError(
                "forget needs id, session, text, before or after, or namespace=True alone for everything"
            )
        if named is not None and not narrowed:
            return self._erased(list(named))
        # What has expired is forgotten as well, though nothing shows it any more.
        chosen = self._everything.scan(self.namespace, Selection(session, text, before))
        ids = [
            entry.id
            for entry in chosen
            if (named is None or entry.id in named) and (after is None or entry.timestamp >= after)
        ]
        return self._erased(ids, everything=namespace)

    def set_note(self, key: str, value: Any) -> None:
        """Keep a small JSON value; None removes it."""
        self._store.ledger.set_note(self.namespace, key, value)

    aadd, apin, aforget = twin(add), twin(pin), twin(forget)
    aupdate = twin(update)  # type: ignore[arg-type]  # any keyword could be called self

    def close(self) -> None:
        """Close the store; what is called later raises `StoreClosedError`."""
        self._store.close()

    aclose = twin(close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
