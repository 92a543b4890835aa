"""The secret of an encrypted store: read from text, tied to a salt, told right from wrong, derived from."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

from reweaving.errors import ConfigurationError, KeyRefusedError

_KEY_BYTES = 32
_SALT_BYTES = 16
_SHORTEST_PASSPHRASE = 12
_BASE64 = re.compile(r"[A-Za-z0-9_+/-]{43}=?")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{64}")
_SCRYPT_COST = 2**15  # n; with r = 8 and p = 1 it takes 32 MiB and about a tenth of a second
_VERSION = 1
_ROOT = b"reweaving root"


class StoreKey:
    """The secret that a store is encrypted with, as its owner gives it; it never shows itself.

    Parameters
    ----------
    secret
        32 random bytes in base64 or hexadecimal (`new_key` makes such), or a passphrase of 12
        characters and more, which is stretched with scrypt whenever a store is opened.
    origin
        Where it came from, for messages.

    Raises
    ------
    ConfigurationError
        For a shorter passphrase.
    """

    def __init__(self, secret: str, origin: str = "encryption_key") -> None:
        self.origin = origin
        text = secret.strip()
        self._random = _decoded(text)
        self._passphrase = text.encode()
        if self._random is None and len(text) < _SHORTEST_PASSPHRASE:
            raise ConfigurationError(
                f"the key from {origin} has {len(text)} characters: give 32 random bytes as base64 "
                "(reweaving.stores.master_key.new_key() makes them), or a passphrase of at least "
                f"{_SHORTEST_PASSPHRASE} characters"
            )

    def __repr__(self) -> str:
        return f"StoreKey(from {self.origin})"

    def new_header(self) -> dict[str, Any]:
        """What a store keeps, so that this key alone opens it: a fresh salt, and a check value."""
        salt = secrets.token_bytes(_SALT_BYTES)
        check = Secrets(self._root(salt)).derive("check")
        return {"version": _VERSION, "salt": salt.hex(), "check": check.hex()}

    def secrets(self, header: dict[str, Any], name: str) -> Secrets:
        """What this key means in the store with this header.

        Raises
        ------
        KeyRefusedError
            When the store is encrypted with another key; `name` says which store.
        """
        if header.get("version") != _VERSION:
            raise KeyRefusedError(
                f"the memory at {name} is encrypted in form {header.get('version')!r}, which this "
                "version does not know; update with: pip install --upgrade reweaving"
            )
        found = Secrets(self._root(bytes.fromhex(header["salt"])))
        if not hmac.compare_digest(found.derive("check").hex(), header["check"]):
            raise KeyRefusedError(
                f"the memory at {name} is encrypted with another key than the one from "
                f"{self.origin}; nothing was read or changed. Give the key that it was encrypted with"
            )
        return found

    def _root(self, salt: bytes) -> bytes:
        """The key itself, or the stretched passphrase; both bound to the salt."""
        hashes, kdf = _hashes(), _hkdf()
        if self._random is not None:
            return bytes(kdf(hashes.SHA256(), _KEY_BYTES, salt, _ROOT).derive(self._random))
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        return Scrypt(salt, _KEY_BYTES, n=_SCRYPT_COST, r=8, p=1).derive(self._passphrase)


@dataclass(frozen=True, repr=False)
class Secrets:
    """One key in one store; every purpose and namespace gets a key of its own (HKDF, RFC 5869)."""

    root: bytes

    def derive(self, purpose: str, namespace: str = "") -> bytes:
        """32 bytes for one purpose in one namespace."""
        info = f"reweaving {purpose}\0{namespace}".encode()
        return bytes(_hkdf()(_hashes().SHA256(), _KEY_BYTES, None, info).derive(self.root))


def new_key() -> str:
    """A fresh random key, as text for the environment or a keyring."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _decoded(text: str) -> bytes | None:
    """The 32 bytes that a text spells, or None for a passphrase."""
    if _HEXADECIMAL.fullmatch(text):
        return bytes.fromhex(text)
    if not _BASE64.fullmatch(text):
        return None
    try:
        data = base64.urlsafe_b64decode(text.rstrip("=").replace("+", "-").replace("/", "_") + "=")
    except binascii.Error:
        return None
    return data if len(data) == _KEY_BYTES else None


def _hashes() -> Any:
    """The hash functions of `cryptography`, which comes with an extra."""
    try:
        from cryptography.hazmat.primitives import hashes
    except ImportError as error:
        raise ConfigurationError(
            "encryption needs the package cryptography; install it with: "
            "pip install 'reweaving[encryption]'"
        ) from error
    return hashes


def _hkdf() -> Any:
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF
