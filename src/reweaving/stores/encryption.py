"""What a store does to rows, keys and payloads before they reach a disk: nothing, or AES-256-GCM.

A store applies one `Seal` to everything it writes and reads. Sealed, a row says no more than its
store needs to find and order it: id, place, times, sizes, scores, trust, and the model it is of.
Text, token ids, metadata, tags, source, role and session are one encrypted body, which stands in the
column ``metadata``; the session's column holds a pseudonym, the payload a name that only the key
can compute. All of it is authenticated: rows, keys and payloads that were moved to another entry or
namespace, or changed in any column that counts, are refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from reweaving.errors import KeyRefusedError
from reweaving.stores.codec import Encoded, Row, damaged
from reweaving.stores.digest import payload_digest
from reweaving.stores.master_key import Secrets, StoreKey

_FORM = b"\x01"
_MARK_BYTES, _NONCE_BYTES = 4, 12
_HEAD_BYTES = len(_FORM) + _MARK_BYTES
_WORDS = {"body": "row", "key": "retrieval key"}
_BODY = ("session", "role", "text", "metadata", "tags", "source")


class Seal(ABC):
    """What stands between a store and its disk.

    Life: a store holds one at a time, and asks it on the thread of the call. `seal` for new
    entries, `sealed_row` when fields of one change, `opened` and `opened_row` for what was read,
    `session` for the column that a session is looked up by. None of them writes.
    """

    hides_content = False  # whether what entries say must stay out of the store's indexes
    header: dict[str, Any] | None = None  # of the store that this seal was made for

    @abstractmethod
    def require(self, header: Any) -> None:
        """Refuse a store whose header is not the one that this seal was made for."""

    @abstractmethod
    def sealed_row(self, namespace: str, row: Row) -> Row:
        """A row as it is stored; names and digests of key and payload are kept."""

    @abstractmethod
    def opened_row(self, namespace: str, row: Row) -> Row:
        """The row that `sealed_row` was given."""

    @abstractmethod
    def seal(self, namespace: str, item: Encoded) -> Encoded:
        """An entry as it is stored."""

    @abstractmethod
    def opened(self, namespace: str, item: Encoded) -> Encoded:
        """The entry that `seal` was given; a key or payload that is None stays None."""

    @abstractmethod
    def session(self, namespace: str, session: str) -> str:
        """The value of the column ``session`` for an encoded session."""


class Plain(Seal):
    """No encryption: everything is stored as it is."""

    def __init__(self, name: str) -> None:
        self._name = name

    def require(self, header: Any) -> None:
        """Refuse a store that another process has encrypted meanwhile."""
        if header is not None:
            raise _changed(self._name)

    def sealed_row(self, namespace: str, row: Row) -> Row:
        """The row itself."""
        del namespace
        return row

    def opened_row(self, namespace: str, row: Row) -> Row:
        """The row itself, unless another process has sealed it meanwhile."""
        del namespace
        if is_sealed(row.metadata):
            raise _changed(self._name)
        return row

    def seal(self, namespace: str, item: Encoded) -> Encoded:
        """The item itself."""
        del namespace
        return item

    def opened(self, namespace: str, item: Encoded) -> Encoded:
        """The item itself."""
        self.opened_row(namespace, item.row)
        return item

    def session(self, namespace: str, session: str) -> str:
        """The session itself."""
        del namespace
        return session


class Sealed(Seal):
    """AES-256-GCM with a random nonce for each item and a key for each namespace and purpose.

    Parameters
    ----------
    header
        The store's, see `StoreKey.new_header`.
    keys
        What the key means in this store.
    name
        Of the store, for messages.
    """

    hides_content = True

    def __init__(self, header: dict[str, Any], keys: Secrets, name: str) -> None:
        self.header, self._keys, self._name = header, keys, name
        self._mark = bytes.fromhex(header["check"])[:_MARK_BYTES]
        self._derived: dict[tuple[str, str], bytes] = {}

    def require(self, header: Any) -> None:
        """Refuse a store that another process has given another key meanwhile."""
        if header != self.header:
            raise _changed(self._name)

    def sealed_row(self, namespace: str, row: Row) -> Row:
        """A row whose content stands encrypted in ``metadata``, bound to all columns that count."""
        body = {name: getattr(row, name) for name in _BODY} | {"token_ids": row.token_ids.hex()}
        frame = replace(
            row,
            session=self.session(namespace, row.session),
            role="",
            text="",
            token_ids=bytes(len(row.token_ids)),  # so many tokens can be counted, not read
            metadata="",
            tags="[]",
            source="",
        )
        sealed = self._encrypt("body", namespace, frame.digest, json.dumps(body).encode())
        return replace(frame, metadata=json.dumps(base64.b64encode(sealed).decode()))

    def opened_row(self, namespace: str, row: Row) -> Row:
        """The row that was sealed.

        Raises
        ------
        DamagedEntryError
            When anything in it was changed without the key.
        KeyRefusedError
            When another process has changed the store's key.
        """
        try:
            sealed = base64.b64decode(json.loads(row.metadata), validate=True)
        except (ValueError, TypeError) as error:
            why = "its row is not encrypted as the rest of the store is"
            raise damaged(namespace, row.id, why) from error
        if sealed[len(_FORM) : _HEAD_BYTES] != self._mark:
            raise _changed(self._name)
        frame = replace(row, metadata="").digest
        body = json.loads(self._decrypt("body", namespace, frame, sealed, row.id))
        return replace(row, **{**body, "token_ids": bytes.fromhex(body["token_ids"])})

    def seal(self, namespace: str, item: Encoded) -> Encoded:
        """Row, key and payload, encrypted; the row is bound to the other two."""
        row, key, payload = item.row, item.key, item.payload
        if key is not None:
            key = self._encrypt("key", namespace, row.id, key)
            row = replace(row, key_digest=hashlib.sha256(key).hexdigest())
        if payload is not None:
            name = hmac.new(self._key("name", namespace), payload, hashlib.sha256).hexdigest()
            payload = self._encrypt("payload", namespace, name, payload)
            row = replace(row, payload=name)
        return Encoded(self.sealed_row(namespace, row), key, payload)

    def opened(self, namespace: str, item: Encoded) -> Encoded:
        """Row, key and payload as they were; their digests are those of the plain bytes again."""
        row, key, payload = self.opened_row(namespace, item.row), item.key, item.payload
        if key is not None:
            if hashlib.sha256(key).hexdigest() != row.key_digest:
                raise damaged(namespace, row.id, "its retrieval key does not match its checksum")
            key = self._decrypt("key", namespace, row.id, key, row.id)
            row = replace(row, key_digest=hashlib.sha256(key).hexdigest())
        if payload is not None:
            payload = self._decrypt("payload", namespace, row.payload or "", payload, row.id)
            row = replace(row, payload=payload_digest(payload))
        return Encoded(row, key, payload)

    def session(self, namespace: str, session: str) -> str:
        """A pseudonym: equal for equal sessions of a namespace, and nothing else."""
        key = self._key("session", namespace)
        return json.dumps(hmac.new(key, session.encode(), hashlib.sha256).hexdigest()[:32])

    def _key(self, purpose: str, namespace: str) -> bytes:
        found = self._derived.get((purpose, namespace))
        if found is None:
            found = self._derived[purpose, namespace] = self._keys.derive(purpose, namespace)
        return found

    def _encrypt(self, purpose: str, namespace: str, identity: str, data: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = _aes(self._key(purpose, namespace))
        sealed: bytes = cipher.encrypt(nonce, data, f"{namespace}\0{identity}".encode())
        return _FORM + self._mark + nonce + sealed

    def _decrypt(
        self, purpose: str, namespace: str, identity: str, data: bytes, entry_id: str
    ) -> bytes:
        from cryptography.exceptions import InvalidTag

        start = _HEAD_BYTES + _NONCE_BYTES
        try:
            opened: bytes = _aes(self._key(purpose, namespace)).decrypt(
                data[_HEAD_BYTES:start], data[start:], f"{namespace}\0{identity}".encode()
            )
        except (InvalidTag, ValueError) as error:
            why = f"its {_WORDS.get(purpose, purpose)} was changed without the key"
            raise damaged(namespace, entry_id, why) from error
        return opened


def is_sealed(metadata: str) -> bool:
    """Whether the column ``metadata`` holds an encrypted body: a user's metadata is an object."""
    return metadata.startswith('"')


def is_header_of(header: dict[str, Any], metadata: str) -> bool:
    """Whether an encrypted body in the column ``metadata`` is marked with this header's key."""
    try:
        body = base64.b64decode(json.loads(metadata), validate=True)
    except (ValueError, TypeError):
        return False
    return body[len(_FORM) : _HEAD_BYTES] == bytes.fromhex(header["check"])[:_MARK_BYTES]


def seal_for(header: dict[str, Any] | None, key: StoreKey | None, name: str) -> Seal:
    """The seal of a store with this header, for a user who has this key.

    Raises
    ------
    KeyRefusedError
        When the key is missing, is another one, or is not asked for.
    """
    if header is not None and key is not None:
        return Sealed(header, key.secrets(header, name), name)
    if header is not None:
        raise KeyRefusedError(
            f"the memory at {name} is encrypted, and no key was given; put it into the "
            "environment as REWEAVING_KEY, or open it with "
            "config=MemoryConfig(encryption_key=…) or MemoryConfig(keyring=…)"
        )
    if key is not None:
        raise KeyRefusedError(
            f"the memory at {name} is not encrypted, and a key was given ({key!r}); nothing was "
            "changed. To encrypt it, open it without a key (unset REWEAVING_KEY, or "
            "MemoryConfig(encryption_key='')) and call memory.rotate_key(KEY)"
        )
    return Plain(name)


def _changed(name: str) -> KeyRefusedError:
    return KeyRefusedError(
        f"the key of the memory at {name} was changed by another process; nothing of this call was "
        "stored. Close it, and open it with its present key"
    )


def _aes(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
