"""What tells one retrieval key of an entry from another, in eight bytes."""

from __future__ import annotations

import hashlib


def key_mark(digest: str) -> int:
    """Eight bytes that stand for the digest of a key."""
    return int.from_bytes(hashlib.blake2b(digest.encode(), digest_size=8).digest(), "big")
