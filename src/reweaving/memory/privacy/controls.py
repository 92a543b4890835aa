"""What a memory's owner decides: what is not kept, for how long the rest is, and who can read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import SecretStr

from reweaving.errors import InputError
from reweaving.memory.aio import twin
from reweaving.memory.bound_model import KEY_LAYER_NOTE, MODEL_NOTE
from reweaving.memory.privacy.ephemeral import EphemeralStore
from reweaving.memory.privacy.pruning import PeriodicPruning
from reweaving.memory.privacy.retention import Clock, LivingStore
from reweaving.memory.privacy.trust import UNTRUSTED, put_into_quarantine
from reweaving.memory.reencode import forget_staged, staging_of
from reweaving.stores.base import Deletion, MemoryStore
from reweaving.stores.master_key import StoreKey
from reweaving.types import MemoryEntry

_OPTED_OUT = "opted out"


class PrivacyControls:
    """The part of `reweaving.Memory` that keeps things private.

    Parameters
    ----------
    store
        Where entries are kept.
    namespace
        Whose memory it is.
    untrusted_sources
        Sources whose entries go into quarantine.
    ttl_seconds
        Time to live of entries that bring none.
    prune_every_seconds
        Time between two looks for what has expired; None for never.
    clock
        Tells the time.
    """

    namespace: str

    def __init__(
        self,
        store: MemoryStore,
        namespace: str,
        *,
        untrusted_sources: Sequence[str] = (),
        ttl_seconds: float | None = None,
        prune_every_seconds: float | None = None,
        clock: Clock,
    ) -> None:
        self.namespace = namespace
        self._everything = EphemeralStore(store)
        self._store = LivingStore(self._everything, clock)
        self._untrusted_sources, self._ttl_seconds = tuple(untrusted_sources), ttl_seconds
        self._pruning = PeriodicPruning(self._everything, clock, prune_every_seconds)

    @property
    def opted_out(self) -> bool:
        """Whether nothing new is kept in this namespace."""
        return bool(self._store.ledger.note(self.namespace, _OPTED_OUT))

    def opt_out(self, value: bool = True) -> None:
        """Keep nothing new in this namespace from now on, or keep again; the choice is durable.

        While it lasts, `remember` reads and keeps nothing and returns no entries, and `add` refuses
        them. What is there already can still be recalled; `forget` removes it.
        """
        self._store.ledger.set_note(self.namespace, _OPTED_OUT, True if value else None)

    def make_ephemeral(self, session: int | str) -> None:
        """Keep everything of a session in RAM until the memory is closed; none of it reaches a disk.

        Raises
        ------
        InputError
            When entries of the session have reached the disk already.
        """
        self._everything.keep_in_ram(self.namespace, session)

    def is_ephemeral(self, session: int | str) -> bool:
        """Whether a session is kept in RAM only."""
        return self._everything.is_ephemeral(self.namespace, session)

    @property
    def has_ephemeral_entries(self) -> bool:
        """Whether anything is kept in RAM only."""
        return self._everything.holds_fleeting(self.namespace)

    def quarantine(self) -> list[MemoryEntry]:
        """Entries that nobody vouches for, without their states; recall and weaving leave them out.

        `release` lets one out, `forget` removes it.
        """
        found = self._store.scan(self.namespace)
        return [entry for entry in found if entry.trust == UNTRUSTED]

    def release(self, *ids: str) -> None:
        """Let entries out of quarantine: from now on they are recalled and woven like a user's own.

        Raises
        ------
        InputError
            When one of them is not in quarantine; nothing was changed.
        """
        held = {entry.id for entry in self.quarantine()}
        strangers = [entry_id for entry_id in ids if entry_id not in held]
        if strangers or not ids:
            raise InputError(
                f"not in quarantine in namespace {self.namespace!r}: {', '.join(strangers) or 'no id'};"
                " memory.quarantine() lists what is"
            )
        self._store.update_many(self.namespace, {entry_id: {"trust": "user"} for entry_id in ids})

    def expired(self) -> list[str]:
        """Ids of entries whose time has run out: no call shows them, and `prune` erases them."""
        return self._everything.expired(self.namespace, self._store.clock())

    def prolong(self, ids: Iterable[str]) -> None:
        """Let entries with a time to live begin it anew, because they were read."""
        self._store.prolong(self.namespace, ids)

    def prune(self) -> Deletion:
        """Forget what has expired; afterwards no byte of it remains in any file of the store.

        Returns
        -------
        Deletion
            A receipt, as from `forget`.
        """
        ids = self.expired()
        return self._erased(ids) if ids else Deletion()

    aprune, aopt_out, aquarantine, arelease = (
        twin(prune), twin(opt_out), twin(quarantine), twin(release),
    )  # fmt: skip

    def rotate_key(self, key: str | SecretStr | None) -> dict[str, str]:
        """Encrypt the whole store, every namespace of it, with another key.

        Encrypts a store that was plain, and makes an encrypted one plain with None. All happens in
        one transaction, in which everything is read back before it ends: a process that dies
        meanwhile leaves a store that opens with the earlier key, or with the new one. Others can
        read until then; afterwards they need the new key.

        Parameters
        ----------
        key
            32 random bytes in base64 or hexadecimal, or a passphrase of 12 characters and more.

        Returns
        -------
        dict
            What happened to which file, as in a receipt of `forget`.

        Raises
        ------
        DamagedEntryError
            When an entry cannot be read; nothing was changed.
        """
        text = key.get_secret_value() if isinstance(key, SecretStr) else key
        if text == "":
            raise InputError("the new key is empty; None is what takes the encryption away")
        new = None if text is None else StoreKey(text, "rotate_key")
        return dict(self._store.rotate_key(new))

    arotate_key = twin(rotate_key)

    def _prepare(self, entries: Sequence[MemoryEntry]) -> None:
        """Give new entries this memory's trust and time; refuse them when nothing may be kept.

        What has expired makes room first, as far as a commit may have to wait for it.
        """
        if entries and self.opted_out:
            raise InputError(
                f"namespace {self.namespace!r} has opted out: nothing new is kept in it, and nothing "
                "was stored; memory.opt_out(False) allows it again"
            )
        self._pruning.run(self.namespace)
        put_into_quarantine(entries, self._untrusted_sources)
        for entry in entries:
            if entry.ttl_seconds is None and entry.expires_at is None:
                entry.ttl_seconds = self._ttl_seconds

    def _erased(self, ids: Sequence[str], *, everything: bool = False) -> Deletion:
        """Delete entries, living or expired, and rewrite the files that held them.

        With `everything`, notes and history go as well; only the wish to opt out stays.
        """
        staging = staging_of(self._everything, self.namespace)
        deletion = self._everything.delete_many(self.namespace, ids)
        forget_staged(self._everything, self.namespace, staging)
        if everything:
            if staging:
                self._everything.bare.ledger.clear(staging)
            bound = self._store.ledger.note(self.namespace, MODEL_NOTE) or {}
            layer = KEY_LAYER_NOTE.format(bound.get("fingerprint", ""))
            # A model that is attached goes on with that layer.
            self._store.ledger.clear(self.namespace, keep=(_OPTED_OUT, layer))
        files = {**deletion.files, **self._everything.erase(self.namespace)}
        return Deletion(deletion.ids, deletion.tokens, files)
