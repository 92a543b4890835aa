"""A namespace as one file: written out, and taken in whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reweaving.errors import ArchiveError, ArchiveModelError, DamagedEntryError, InputError
from reweaving.memory.archive_reader import ArchiveReader, content_digest
from reweaving.memory.archive_writer import ArchiveWriter
from reweaving.memory.bound_model import KEY_LAYER_NOTE, bound_model, kept_key_layer
from reweaving.stores.progress import Progress, silent
from reweaving.types import TRUST, MemoryEntry

if TYPE_CHECKING:
    from reweaving.memory.memory import Memory

_PAGE = 32
_AT_ONCE_BYTES = 2**30  # of states: what is stored in one transaction


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: str
    entries: int
    tokens: int
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Loaded:
    """What an archive brought: ids that are new, and ids that were there already, equal in content."""

    added: tuple[str, ...]
    known: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def export(
    memory: Memory, path: str | os.PathLike[str], overwrite: bool, progress: Progress = silent
) -> Exported:
    """See `reweaving.Memory.export`."""
    target = Path(path)
    if target.is_dir() or (target.exists() and not overwrite):
        raise InputError(
            f"{target} is there already; choose another name, or replace it with overwrite=True"
        )
    bound = bound_model(memory)
    entries = tokens = 0
    key_layer = kept_key_layer(memory, bound.fingerprint)
    with ArchiveWriter(target, memory.namespace, bound, key_layer) as writer:
        for entry in _all(memory, progress):
            writer.add(entry)
            entries += 1
            tokens += entry.tokens
    return Exported(str(target), entries, tokens, target.stat().st_size)


def load(
    memory: Memory, path: str | os.PathLike[str], trust: str | None, progress: Progress = silent
) -> Loaded:
    """See `reweaving.Memory.load`."""
    if trust is not None and trust not in TRUST:
        raise InputError(
            f"trust = {trust!r}: one of {', '.join(TRUST)}, or None to keep what it says"
        )
    with ArchiveReader(Path(path)) as reader:
        digests = reader.check(progress)
        manifest = reader.manifest
        bound = bound_model(memory)
        filled = memory.stats().entries > 0
        if manifest.fingerprint and filled and bound.fingerprint:
            _require_model(memory, reader, bound.name, bound.fingerprint)
            _require_key_layer(memory, reader)
        known = _known(memory, digests, reader)
        if manifest.fingerprint:
            memory.require_fingerprint(manifest.fingerprint, manifest.model)
        if manifest.key_layer is not None and not filled:
            memory.set_note(KEY_LAYER_NOTE.format(manifest.fingerprint), manifest.key_layer)
        _store(memory, reader, known, trust, progress)
    return Loaded(tuple(id for id in digests if id not in known), tuple(known))


def _all(memory: Memory, progress: Progress) -> Iterator[MemoryEntry]:
    """Every entry with its states; what is forgotten meanwhile is left out."""
    # What is ephemeral reaches no disk, in an archive neither.
    ids = [entry.id for entry in memory.entries() if not memory.is_ephemeral(entry.sequence_id)]
    for at in range(0, len(ids), _PAGE):
        progress(at, len(ids), "writing the archive")
        page = ids[at : at + _PAGE]
        try:
            yield from memory.get_many(page)
        except DamagedEntryError:
            # Forgotten between the reading of its row and of its states, or damaged indeed.
            for entry_id in page:
                with contextlib.suppress(_GoneError):
                    yield _one(memory, entry_id)
    progress(len(ids), len(ids), "writing the archive")


class _GoneError(Exception):
    """An entry was forgotten while it was read."""


def _one(memory: Memory, entry_id: str) -> MemoryEntry:
    found = memory.get_many([entry_id])
    if not found:
        raise _GoneError
    return found[0]


def _require_model(memory: Memory, reader: ArchiveReader, name: str, fingerprint: str) -> None:
    manifest = reader.manifest
    if manifest.fingerprint != fingerprint:
        raise ArchiveModelError(
            f"{reader.path}: manifest.json: its states are those of "
            f"{manifest.model or 'an unnamed model'} ({manifest.fingerprint[:12]}), and namespace "
            f"{memory.namespace!r} holds states of {name or 'an unnamed model'} "
            f"({fingerprint[:12]}); nothing of the archive was stored. Load it into an empty "
            "namespace, and rebuild its states from their token ids with: cmr memory reencode"
        )


def _require_key_layer(memory: Memory, reader: ArchiveReader) -> None:
    manifest = reader.manifest
    own, its = kept_key_layer(memory, manifest.fingerprint), manifest.key_layer
    if None not in (own, its) and own != its:
        raise ArchiveModelError(
            f"{reader.path}: manifest.json: its retrieval keys are of layer {its}, and those of namespace "
            f"{memory.namespace!r} of layer {own}, which cannot be compared; nothing of the archive was "
            "stored. Load it into an empty namespace"
        )


def _known(memory: Memory, digests: dict[str, str], reader: ArchiveReader) -> list[str]:
    """Ids that are in memory already, with the same content."""
    everything = memory._everything  # what has expired, and is not shown any more, has an id too
    there = {entry.id for entry in everything.scan(memory.namespace)} & digests.keys()
    ordered = [entry_id for entry_id in digests if entry_id in there]
    for at in range(0, len(ordered), _PAGE):
        for entry in everything.get_many(memory.namespace, ordered[at : at + _PAGE]):
            if content_digest(entry) != digests[entry.id]:
                raise ArchiveError(
                    f"{reader.path}: entries.jsonl: the id {entry.id!r} is that of another entry of "
                    f"namespace {memory.namespace!r}; nothing of the archive was stored. Load it "
                    "into another namespace"
                )
    return ordered


def _store(
    memory: Memory,
    reader: ArchiveReader,
    known: Sequence[str],
    trust: str | None,
    progress: Progress,
) -> None:
    """Store what is new: in one transaction while that fits into RAM, otherwise with an undo."""
    left_out, stored = set(known), list[str]()
    batch: list[MemoryEntry] = []
    held = 0
    try:
        for entry in reader.entries(progress):
            if entry.id in left_out:
                continue
            batch.append(entry if trust is None else replace(entry, trust=trust))
            held += sum(state.nbytes for state in entry.states())
            if held >= _AT_ONCE_BYTES:
                memory.add(batch)
                stored += [each.id for each in batch]
                batch, held = [], 0
        memory.add(batch)
    except BaseException:
        if stored:
            memory.forget(id=stored)
        raise
