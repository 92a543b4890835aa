"""Payloads are known by their digest, also those that were named before by another one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from reweaving.errors import DamagedEntryError
from reweaving.stores.codec import decode, encode
from reweaving.stores.digest import is_payload, payload_digest
from stores.conftest import MakeEntry


def test_the_digest_is_blake3() -> None:
    # The first vector of the BLAKE3 specification: no input.
    assert payload_digest(b"") == (
        "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    )


def test_what_was_named_by_sha_256_is_still_read_and_still_checked(make_entry: MakeEntry) -> None:
    made = encode(make_entry("old"))
    assert made.payload is not None
    named = replace(made.row, payload=hashlib.sha256(made.payload).hexdigest())
    assert decode("ann", named, made.key, made.payload).id == made.row.id
    flipped = bytes([*made.payload[:-1], made.payload[-1] ^ 1])
    for row in (made.row, named):
        with pytest.raises(DamagedEntryError, match="payload does not match"):
            decode("ann", row, made.key, flipped)


def test_other_bytes_have_another_name() -> None:
    digest = payload_digest(b"one")
    assert is_payload(b"one", digest)
    assert not is_payload(b"two", digest)
