"""Names of payloads: a digest that costs little beside reading them."""

from __future__ import annotations

import hashlib

from blake3 import blake3


def payload_digest(data: bytes) -> str:
    """BLAKE3 of a payload, in hexadecimal.

    A payload of some megabytes is read while somebody waits for the first token, and SHA-256 took longer than
    reading it and making keys and values of it; docs/decisions/0007-speed.md has the figures.
    """
    return blake3(data).hexdigest()


def is_payload(data: bytes, digest: str) -> bool:
    """Whether these bytes are what was written under a digest, be it of SHA-256 as it once was."""
    return payload_digest(data) == digest or hashlib.sha256(data).hexdigest() == digest
