"""Plain fields of an entry as column values, checked, and back."""

from __future__ import annotations

import array
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from reweaving.errors import InputError
from reweaving.types import TIERS, TRUST

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry

# What changes with use alone, and nothing that is recalled: no new generation, no event.
COUNTERS = frozenset({"accesses", "last_access", "expires_at", "tier"})


def encode_session(session: int | str) -> str:
    """A session's name as JSON, so that 1 and ``"1"`` stay different."""
    if isinstance(session, bool) or not isinstance(session, int | str):
        raise InputError(
            f"sequence_id = {session!r} is a {type(session).__name__}; a session is named by a "
            "string or an integer"
        )
    return json.dumps(session)


def decode_session(session: str) -> int | str:
    """The session that `encode_session` was given."""
    name: int | str = json.loads(session)
    return name


def encode_change(entry_id: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """New values of fields as column values, checked like those of a new entry."""
    unknown = change.keys() - _CHANGEABLE.keys()
    if unknown:
        raise InputError(
            f"{', '.join(sorted(unknown))} of entry {entry_id} cannot be changed; "
            f"what can be: {', '.join(sorted(_CHANGEABLE))}"
        )
    changed = {name: _CHANGEABLE[name](entry_id, name, value) for name, value in change.items()}
    # With token ids and key alone an entry has the codec "replay", and the other way round.
    return {**changed, **({"payload": None, "payload_bytes": 0} if "codec" in changed else {})}


def _little_endian(numbers: Iterable[int]) -> array.array[int]:
    packed = array.array("i", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed


def encode_tokens(entry: MemoryEntry) -> bytes:
    """Token ids as 32-bit integers, little-endian."""
    try:
        return _little_endian(entry.token_ids).tobytes()
    except (TypeError, OverflowError) as error:
        raise InputError(f"token_ids of entry {entry.id} are not token ids: {error}") from error


def decode_tokens(data: bytes) -> tuple[int, ...]:
    """The token ids that `encode_tokens` was given."""
    packed = array.array("i")
    packed.frombytes(data)
    return tuple(_little_endian(packed))


def identifier(entry_id: str) -> str:
    """An entry's id, refused when it could not be shown in a message."""
    if not 1 <= len(entry_id) <= 128 or not entry_id.isprintable():
        raise InputError(f"id = {entry_id!r}: an entry's id is 1 to 128 printable characters")
    return entry_id


def encode_layers(entry: MemoryEntry) -> str:
    """``layer_idx`` as JSON: one number or a list."""
    return json.dumps(
        [integer(entry.id, "layer_idx", layer) for layer in entry.layers]
        if not isinstance(entry.layer_idx, int)
        else entry.layer_idx
    )


def decode_layers(layers: str) -> tuple[int, ...]:
    """The layers that `encode_layers` was given, a single one too as a tuple."""
    found: int | list[int] = json.loads(layers)
    return (found,) if isinstance(found, int) else tuple(found)


def text(entry_id: str, name: str, value: Any) -> str:
    """A field that holds Unicode text."""
    try:
        value.encode("utf-8")
    except (AttributeError, UnicodeEncodeError) as error:
        raise InputError(f"{name} of entry {entry_id} is not Unicode text: {error}") from error
    return str(value)


def no_text(error: UnicodeEncodeError) -> InputError:
    """The error for a string that holds half of a surrogate pair: no encoding can write it down."""
    return InputError(f"{error.object!r} is no text that can be written down: {error.reason}")


def integer(entry_id: str, name: str, value: Any) -> int:
    """A field that holds a 64-bit integer."""
    if not isinstance(value, int) or abs(value) >= 2**63:
        raise InputError(f"{name} = {value!r} of entry {entry_id} is not a 64-bit integer")
    return int(value)


def flag(entry_id: str, name: str, value: Any) -> int:
    """A field that is true or false, as 1 or 0."""
    if not isinstance(value, bool):
        raise InputError(f"{name} = {value!r} of entry {entry_id} is neither True nor False")
    return int(value)


def finite(entry_id: str, name: str, value: Any) -> float:
    """A field that holds a finite number."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{name} = {value!r} of entry {entry_id} is not a finite number")
    return float(value)


def moment(entry_id: str, name: str, value: Any) -> float | None:
    """A field that holds a number of seconds, or None."""
    return None if value is None else finite(entry_id, name, value)


def one_of(*known: str) -> Callable[[str, str, Any], str]:
    """A field that holds one of a few words."""

    def check(entry_id: str, name: str, value: Any) -> str:
        if value not in known:
            raise InputError(f"{name} = {value!r} of entry {entry_id}: one of {', '.join(known)}")
        return str(value)

    return check


trust, tier, shrunk = one_of(*TRUST), one_of(*TIERS), one_of("replay")


def tags(entry_id: str, name: str, value: Any) -> str:
    """Labels as a JSON list, each once, in alphabetical order."""
    if isinstance(value, str) or not all(isinstance(tag, str) and tag.strip() for tag in value):
        raise InputError(f"{name} = {value!r} of entry {entry_id}: a tuple of words")
    return json.dumps(sorted({text(entry_id, name, tag) for tag in value}))


def metadata(entry_id: str, name: str, value: Any) -> str:
    """Metadata as JSON, refused when it would not come back as it is."""
    try:
        encoded = json.dumps(value, allow_nan=False)
        same = json.loads(encoded) == value and isinstance(value, dict)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{name} of entry {entry_id} is not JSON: {error}") from error
    if not same:
        raise InputError(
            f"{name} of entry {entry_id} would not come back as it is; use a dict with string "
            "keys and JSON values (lists instead of tuples)"
        )
    return encoded


_CHANGEABLE: dict[str, Callable[[str, str, Any], Any]] = {
    "text": text,
    "metadata": metadata,
    "relevance_score": finite,
    "pinned": flag,
    "last_access": finite,
    "tags": tags,
    "source": text,
    "trust": trust,
    "expires_at": moment,
    "ttl_seconds": moment,
    "valid_until": moment,
    "superseded_by": text,
    "tier": tier,
    "codec": shrunk,
}
