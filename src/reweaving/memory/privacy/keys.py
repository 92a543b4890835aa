"""Where the key of an encrypted memory comes from: settings, a keyring, or the environment."""

from __future__ import annotations

import os

from pydantic import SecretStr

from reweaving.errors import ConfigurationError
from reweaving.stores.master_key import StoreKey

VARIABLE = "REWEAVING_KEY"
KEYRING_VARIABLE = "REWEAVING_KEYRING"
SERVICE = "reweaving"  # under which a keyring holds keys


def find_key(
    secret: SecretStr | None, keyring: str | None, *, environment: bool = True
) -> StoreKey | None:
    """The key to open a memory with, or None for a memory that is not encrypted.

    Parameters
    ----------
    secret
        From the settings; ``""`` says that there is none, whatever the environment holds.
    keyring
        Name under which the system's keyring holds it.
    environment
        Whether ``REWEAVING_KEY``, and without it the name in ``REWEAVING_KEYRING``, counts where
        neither of the two is given.

    Raises
    ------
    ConfigurationError
        When the keyring has no such key, or a key is too short.
    """
    if secret is not None:
        given = secret.get_secret_value()
        return StoreKey(given) if given else None
    if keyring is None and environment:
        if found := os.environ.get(VARIABLE, ""):
            return StoreKey(found, VARIABLE)
        keyring = os.environ.get(KEYRING_VARIABLE) or None
    return StoreKey(from_keyring(keyring), f"the keyring's {keyring!r}") if keyring else None


def from_keyring(name: str) -> str:
    """The key that the system's keyring holds under a name.

    Raises
    ------
    ConfigurationError
        When there is none, or the keyring cannot be asked.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise ConfigurationError(
            "reading a key from the keyring needs the package keyring; install it with: "
            "pip install 'reweaving[encryption]'"
        ) from error
    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise ConfigurationError(
            f"the keyring could not be asked for {name!r}: {error}; unlock it, or give the key as "
            f"{VARIABLE} in the environment"
        ) from error
    if not found:
        raise ConfigurationError(
            f"the keyring holds no key {name!r} of {SERVICE}; put it there with: "
            f"keyring set {SERVICE} {name}"
        )
    return found
