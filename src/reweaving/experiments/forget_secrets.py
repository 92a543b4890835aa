"""Secrets that leave known bytes wherever they are stored, and a search for these bytes in files."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from reweaving.types import MemoryEntry

_LAYERS, _TOKENS, _HIDDEN = 2, 12, 32
_DTYPES = (torch.float32, torch.float16, torch.bfloat16)
_WINDOW_BYTES = 8
_HASH_BITS = 20
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LETTERS = "bcdfghjklmnpqrtvwxz"  # no stemmer finds an ending in them
_FILLER = ("the harbour was quiet", "two boats came in", "it rained all night", "nobody spoke")


@dataclass(frozen=True)
class Secret:
    """One entry, and byte strings that nothing else has.

    Attributes
    ----------
    traces
        What kind of bytes to the bytes themselves.
    """

    entry: MemoryEntry
    traces: dict[str, bytes]


def make_secret(seed: int, number: int, session: str) -> Secret:
    """The secret with this number; every third has its states in fp32, fp16, bf16, every fourth as kv."""
    rng = random.Random(f"secret {seed} {number}")
    generator = torch.Generator().manual_seed(seed * 7919 + number)
    dtype = _DTYPES[number % len(_DTYPES)]
    name = str(dtype).removeprefix("torch.")

    def state(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator).to(dtype)

    as_kv = number % 4 == 3
    states = [state(_LAYERS, _TOKENS, _HIDDEN)] if not as_kv else []
    pairs = [[state(2, _TOKENS, 8) for _ in range(_LAYERS)] for _ in range(2)] if as_kv else None
    key = state(_TOKENS, _HIDDEN)
    word, label, tag, origin = (_word(rng) for _ in range(4))
    tokens = tuple(rng.randrange(1 << 24, 1 << 30) for _ in range(_TOKENS))
    entry = MemoryEntry(
        hidden_state=states[0] if states else None,
        keys=tuple(pairs[0]) if pairs else None,
        values=tuple(pairs[1]) if pairs else None,
        key_state=key,
        codec="kv" if as_kv else "hidden",
        layer_idx=tuple(range(_LAYERS)),
        sequence_id=session,
        position_idx=number,
        timestamp=1_700_000_000.0 + number,
        metadata={"label": label},
        token_ids=tokens,
        text=f"{rng.choice(_FILLER)} {word} {rng.choice(_FILLER)}",
        source=origin,
        tags=(tag,),
        fingerprint="e" * 64,
    )
    stored = [*states, *(pairs[0] + pairs[1] if pairs else [])]
    traces = {
        "word": word.encode(),
        "label": label.encode(),
        "tag": tag.encode(),
        "source": origin.encode(),
        "tokens": b"".join(token.to_bytes(4, "little") for token in tokens),
        f"states in {name}": b"".join(map(_bytes, stored))[:512],
        f"key in {name}": _bytes(key)[:512],
    }
    return Secret(entry, traces)


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_LETTERS, k=18))


def _bytes(state: torch.Tensor) -> bytes:
    data: bytes = state.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    return data


def _hashes(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A few bits of each number, spread evenly."""
    return (numbers * _SPREAD) >> np.uint64(64 - _HASH_BITS)


class Needles:
    """Byte strings that are looked for in many files at once, also in parts.

    A word index cuts words, a page may end in the middle of a state: so each string counts as found
    where any eight bytes of it in a row, from a multiple of four on, are found. Upper and lower case
    are alike for words.
    """

    def __init__(self, traces: Iterable[bytes]) -> None:
        windows: dict[bytes, bytes] = {}
        for trace in dict.fromkeys(traces):
            for at in range(0, len(trace) - _WINDOW_BYTES + 1, 4):
                windows.setdefault(trace[at : at + _WINDOW_BYTES], trace)
        self._traces = windows
        self._sorted = np.unique(np.frombuffer(b"".join(windows), "<u8"))
        self._likely = np.zeros(1 << _HASH_BITS, np.bool_)
        self._likely[_hashes(self._sorted)] = True

    def found_in(self, folder: Path) -> dict[bytes, set[str]]:
        """Traces to the files that hold a part of them.

        Reading the files of an open SQLite database takes this process's locks on them away (see
        `reweaving.stores.raw_file`): only where no other process has it open.
        """
        found: dict[bytes, set[str]] = {}
        for path in sorted(folder.rglob("*")):
            data = _content(path)
            for window in self._windows(data, data.lower()):
                trace = self._traces[window]
                found.setdefault(trace, set()).add(str(path.relative_to(folder)))
        return found

    def _windows(self, *contents: bytes) -> Iterator[bytes]:
        """Windows that occur in any of these."""
        for data in contents:
            for start in range(_WINDOW_BYTES):
                count = (len(data) - start) // _WINDOW_BYTES
                if count < 1:
                    continue
                numbers = np.frombuffer(data, "<u8", count, start)
                likely = np.unique(numbers[self._likely[_hashes(numbers)]])
                place = np.searchsorted(self._sorted, likely)
                hits = likely[self._sorted[place.clip(max=len(self._sorted) - 1)] == likely]
                yield from (int(hit).to_bytes(_WINDOW_BYTES, "little") for hit in hits)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except FileNotFoundError:
        return b""  # a server removes files while they are listed
