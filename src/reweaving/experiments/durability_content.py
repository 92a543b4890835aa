"""Entries that are known by a seed and a number, so that whoever reads them can tell what was written."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from typing import Any

import torch

from reweaving.types import MemoryEntry

_LAYERS, _HIDDEN, _HEADS, _HEAD_DIM = 3, 64, 2, 16
_CODECS = ("hidden", "hidden", "kv", "replay")
_DTYPES = (torch.float32, torch.bfloat16, torch.float16)
_LONG_TEXT_EVERY = 9  # such a row is longer than a page of the database
# A namespace is given to an entry when it is stored; counters change with use.
_NOT_CONTENT = {"namespace", "access_count", "last_access"}


def entry_id(seed: int, number: int) -> str:
    """The id of the entry with this number."""
    return f"{seed:08x}{number:08x}"


def own_word(number: int) -> str:
    """A word that only the entry with this number has in its text."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return f"zq{letters}zq"


def made(seed: int, number: int, version: int = 0) -> MemoryEntry:
    """The entry with this number; `version` counts how often its text was edited."""
    rng = random.Random(f"{seed} {number}")
    generator = torch.Generator().manual_seed(seed * 1_000_003 + number)
    tokens = rng.randint(4, 24)
    dtype = _DTYPES[number % len(_DTYPES)]
    codec = _CODECS[number % len(_CODECS)]

    def state(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator).to(dtype)

    kv_shape = (_HEADS, tokens, _HEAD_DIM)
    words = 900 if number % _LONG_TEXT_EVERY == 0 else 20
    entry = MemoryEntry(
        hidden_state=state(_LAYERS, tokens, _HIDDEN) if codec == "hidden" else None,
        keys=tuple(state(*kv_shape) for _ in range(_LAYERS)) if codec == "kv" else None,
        values=tuple(state(*kv_shape) for _ in range(_LAYERS)) if codec == "kv" else None,
        key_state=state(tokens, _HIDDEN).half(),
        codec=codec,
        layer_idx=tuple(range(_LAYERS)),
        sequence_id=f"session {number // 10}",
        position_idx=1 + 100 * (number % 10),
        relevance_score=rng.random(),
        timestamp=1_700_000_000.0 + number,
        metadata={"number": number, "label": rng.choice("äöü—Ж漢")},
        id=entry_id(seed, number),
        token_ids=tuple(rng.randrange(1_000_000_000, 2_000_000_000) for _ in range(tokens)),
        text=f"{own_word(number)} {_words(rng, words)}",
        role="user",
        fingerprint="d" * 64,
        read_length=tokens,
        tags=("bench",),
    )
    return replace(entry, text=edited(entry.text, version))


def edited(text: str, version: int) -> str:
    """What the text is after so many edits."""
    return f"{text} edited {version}" if version else text


def same(left: MemoryEntry, right: MemoryEntry) -> bool:
    """Whether two entries hold the same, bit for bit."""
    return content(left) == content(right)


def content(entry: MemoryEntry) -> tuple[Any, ...]:
    """Everything that an entry holds, as values that can be compared."""
    return tuple(
        _plain(getattr(entry, each.name)) for each in fields(entry) if each.name not in _NOT_CONTENT
    )


def traces(entry: MemoryEntry) -> list[bytes]:
    """The bytes of an entry's row and retrieval key, as they lie in a database."""
    tokens = b"".join(token.to_bytes(4, "little") for token in entry.token_ids)
    found = [entry.text.encode(), tokens]
    return found if entry.key_state is None else [*found, _bytes(entry.key_state)]


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return str(value.dtype), tuple(value.shape), _bytes(value)
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    return type(value).__name__, value


def _bytes(state: torch.Tensor) -> bytes:
    data: bytes = state.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    return data


def _words(rng: random.Random, count: int) -> str:
    return " ".join(
        "".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 8))) for _ in range(count)
    )
