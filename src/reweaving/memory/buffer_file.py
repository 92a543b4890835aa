"""A buffer's entries as one safetensors file: states as tensors, everything else as JSON beside them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from reweaving.errors import DamagedEntryError, InputError, StoreError, StoreFormatError
from reweaving.types import MemoryEntry

_FORMAT = "reweaving buffer 1"
_LISTED = "entries"  # the name of the tensor whose bytes are the JSON
_STATES = ("hidden_state", "key_state", "keys", "values")
_TUPLES = ("layer_idx", "token_ids", "tags")


def write(path: Path, entries: Sequence[MemoryEntry]) -> None:
    """Write entries to a file, which is replaced in one step.

    Raises
    ------
    InputError
        When an entry's metadata is not JSON; the file is as it was.
    StoreError
        When it cannot be written.
    """
    tensors: dict[str, torch.Tensor] = {}
    listed = []
    for number, entry in enumerate(entries):
        states, plain = _states(entry), _plain(entry)
        tensors |= {f"{number}.{name}": state for name, state in states.items()}
        listed.append({"entry": plain, "digest": _digest(plain, states)})
    text = json.dumps(listed).encode()
    tensors[_LISTED] = torch.frombuffer(bytearray(text), dtype=torch.uint8)
    try:
        checksum = hashlib.sha256(text).hexdigest()
        _replace(path, save(tensors, {"format": _FORMAT, _LISTED: checksum}))
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path} cannot be written: {error}; nothing was saved") from error


def read(path: Path) -> list[MemoryEntry]:
    """The entries of a file, in the order in which they were written.

    Raises
    ------
    StoreFormatError
        When there is no such file, or one of another kind.
    DamagedEntryError
        When an entry is not what was written.
    """
    try:
        with safe_open(path, "pt") as file:
            head = file.metadata() or {}
            if head.get("format") != _FORMAT:
                raise StoreFormatError(f"{path} was not written by save_state")
            tensors = {name: file.get_tensor(name) for name in file.offset_keys()}
        text = tensors.pop(_LISTED).numpy().tobytes()
    except (OSError, SafetensorError, KeyError) as error:
        raise StoreFormatError(f"{path} cannot be read as a saved buffer: {error}") from error
    if hashlib.sha256(text).hexdigest() != head.get(_LISTED):
        raise DamagedEntryError(f"the list of entries in {path} is damaged; load another copy")
    listed = json.loads(text)
    states: dict[str, dict[str, torch.Tensor]] = {}
    for name, state in tensors.items():
        number, _, bare = name.partition(".")
        states.setdefault(number, {})[bare] = state
    return [_entry(path, item, states.get(str(at), {})) for at, item in enumerate(listed)]


def _entry(path: Path, item: Mapping[str, Any], states: Mapping[str, torch.Tensor]) -> MemoryEntry:
    plain = item["entry"]
    if _digest(plain, states) != item["digest"]:
        raise DamagedEntryError(
            f"entry {plain.get('id')} in {path} is damaged: it does not match its checksum; "
            "load another copy"
        )
    tuples = {name: tuple(plain[name]) for name in _TUPLES if isinstance(plain[name], list)}
    keys, values = (
        tuple(states[name] for name in sorted(states) if name.startswith(f"{kind}."))
        for kind in ("keys", "values")
    )
    return MemoryEntry(
        **{**plain, **tuples},
        hidden_state=states.get("hidden_state"),
        key_state=states.get("key_state"),
        keys=keys or None,
        values=values or None,
    )


def _plain(entry: MemoryEntry) -> dict[str, Any]:
    """Every field but the states, as JSON has them."""
    named = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name not in _STATES}
    try:
        plain: dict[str, Any] = json.loads(json.dumps(named, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InputError(f"entry {entry.id} is not JSON: {error}; nothing was saved") from error
    return plain


def _states(entry: MemoryEntry) -> dict[str, torch.Tensor]:
    single = {"hidden_state": entry.hidden_state, "key_state": entry.key_state}
    found = {name: state for name, state in single.items() if state is not None}
    for kind, states in (("keys", entry.keys), ("values", entry.values)):
        found |= {f"{kind}.{at:04d}": state for at, state in enumerate(states or ())}
    # Copied: two entries may share a tensor, two tensors of a file may not.
    return {n: s.detach().to("cpu", copy=True).contiguous() for n, s in found.items()}


def _digest(plain: Mapping[str, Any], states: Mapping[str, torch.Tensor]) -> str:
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    for name, state in sorted(states.items()):
        digest.update(f"{name} {state.dtype} {tuple(state.shape)}".encode())
        digest.update(state.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _replace(path: Path, data: bytes) -> None:
    """Write beside the file, sync, and put it in its place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
