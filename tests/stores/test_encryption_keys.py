"""Keys of encrypted stores: their forms, and what a wrong one does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from reweaving.errors import (
    ConfigurationError,
    KeyRefusedError,
)
from reweaving.stores.base import MemoryStore
from reweaving.stores.master_key import StoreKey
from reweaving.stores.sqlite import SqliteStore
from tests.stores.sealed import (
    KEY,
    OTHER,
    digests,
    everything,
    opened,
    secret,
)


def test_a_refused_key_touches_no_file(tmp_path: Path) -> None:
    for name, own, others in (("m", KEY, (OTHER, None)), ("p", None, (KEY,))):
        folder = tmp_path / name
        store = opened(folder, own)
        store.put_many("ann", [secret(1)])
        store.close()
        before = digests(folder)
        for other in others:
            with pytest.raises(KeyRefusedError):
                opened(folder, other)
        locked = SqliteStore.open(str(folder))
        if own is not None:
            with pytest.raises(KeyRefusedError):
                locked.put_many("ann", [secret(2)])
        locked.close()
        assert digests(folder) == before


@pytest.mark.parametrize(
    "form",
    [
        "hex",
        "standard base64",
        "urlsafe base64, unpadded",
        "a passphrase of many words",
    ],
)
def test_forms_of_a_key(tmp_path: Path, form: str) -> None:
    import base64

    raw = bytes(range(220, 252))
    key = {
        "hex": raw.hex(),
        "standard base64": base64.b64encode(raw).decode(),
        "urlsafe base64, unpadded": base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }.get(form, form)
    store = opened(tmp_path / "m", key)
    store.put_many("ann", [secret(1)])
    store.close()
    store = opened(tmp_path / "m", f" {key}\n")
    assert everything(store)[0].text == secret(1).text
    store.close()
    if form != "a passphrase of many words":
        opened(tmp_path / "m", raw.hex()).close()


@pytest.mark.parametrize("weak", ["", "short", "eleven char"])
def test_weak_passphrases_are_refused(weak: str) -> None:
    with pytest.raises(ConfigurationError, match="at least 12"):
        StoreKey(weak)


def test_a_key_never_shows_itself() -> None:
    key = StoreKey(KEY)
    assert KEY not in f"{key!r} {key} {vars(key).keys()}"
    header = key.new_header()
    assert KEY not in json.dumps(header)
    assert "root" not in repr(key.secrets(header, "m"))
    assert key.new_header() != header


def test_every_purpose_and_namespace_has_a_key_of_its_own() -> None:
    header = StoreKey(KEY).new_header()
    secrets = StoreKey(KEY).secrets(header, "m")
    derived = {
        secrets.derive(purpose, namespace)
        for purpose in ("check", "body", "key", "payload", "name", "session")
        for namespace in ("ann", "bob", "an", "nann")
    }
    assert len(derived) == 24
    assert all(len(key) == 32 for key in derived)


def test_a_key_is_refused_by_a_store_that_cannot_encrypt() -> None:
    class Bare(SqliteStore):
        unlock, rotate_key = MemoryStore.unlock, MemoryStore.rotate_key  # type: ignore[assignment]

    store = Bare.open(":memory:")
    store.unlock(None)
    for call in (store.unlock, store.rotate_key):
        with pytest.raises(ConfigurationError, match="does not encrypt"):
            call(StoreKey(KEY))
    store.close()


def test_without_the_package_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    store = SqliteStore.open(":memory:")
    with pytest.raises(ConfigurationError, match=r"pip install 'reweaving\[encryption\]'"):
        store.unlock(StoreKey(KEY))
    store.close()
