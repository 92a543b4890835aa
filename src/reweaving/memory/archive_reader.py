"""Reading an archive that may be damaged or hostile: nothing is believed before it was checked."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from reweaving.errors import ArchiveError, InputError
from reweaving.memory import archive_format as form
from reweaving.memory.archive_format import Manifest, Record
from reweaving.memory.archive_zip import check_directory
from reweaving.stores import codec
from reweaving.stores.progress import Progress, silent
from reweaving.types import MemoryEntry

if TYPE_CHECKING:
    import torch

_BYTES = {"F32": 4, "F16": 2, "BF16": 2, "U8": 1}
_DIMENSIONS = 8
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError, struct.error)


def content_digest(entry: MemoryEntry) -> str:
    """Digest of what an entry is; whom it is believed from is said anew by each memory that takes it in."""
    return replace(codec.encode(entry).row, trust="user").digest


class ArchiveReader:
    """An opened archive; `check` reads everything once, `entries` hands it out.

    The file stays open in between, and each pass compares what it reads with the digests: a file
    that is changed or replaced meanwhile is refused as well.

    Parameters
    ----------
    path
        The archive.

    Raises
    ------
    ArchiveError
        Naming member and reason, whenever something is not as `ArchiveWriter` writes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        self._member_at = form.ENTRIES  # what was read last

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("rb")
        except OSError as error:
            raise ArchiveError(f"{self.path} cannot be read: {error.strerror}") from error
        try:
            with self._refusals("the zip file"):
                self._zip = check_directory(self._file)
            self.manifest: Manifest = form.parse(
                Manifest, self._read(form.MANIFEST, form.MANIFEST_BYTES), form.MANIFEST
            )
            self._check_members()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()
        if self._file is not None:
            self._file.close()

    def check(self, progress: Progress = silent) -> dict[str, str]:
        """Read everything; returns each entry's id with its `content_digest`."""
        digests: dict[str, str] = {}
        tokens = 0
        for entry in self.entries(progress):
            if entry.id in digests:
                raise self._refused(form.ENTRIES, f"the id {entry.id!r} stands in it twice")
            if entry.fingerprint not in ("", self.manifest.fingerprint):
                raise self._refused(
                    form.ENTRIES,
                    f"entry {entry.id!r} is of the model {entry.fingerprint[:12]!r}, and the "
                    f"manifest names {self.manifest.fingerprint[:12]!r}",
                )
            try:
                digests[entry.id] = content_digest(entry)
            except (InputError, TypeError, ValueError, OverflowError) as error:
                raise self._refused(self._member_at, str(error)) from error
            tokens += entry.tokens
        if (len(digests), tokens) != (self.manifest.entries, self.manifest.tokens):
            raise self._refused(form.ENTRIES, "it has another number of entries or tokens")
        return digests

    def entries(self, progress: Progress = silent) -> Iterator[MemoryEntry]:
        """Entries with their states, in the order in which they were written; one shard is in RAM."""
        shard, tensors = -1, dict[str, dict[str, Any]]()
        for at, record in enumerate(self._records()):
            progress(at, self.manifest.entries, "reading the archive")
            if record.shard is not None and record.shard != shard:
                self._require_used(shard, tensors)
                if record.shard != shard + 1:
                    raise self._refused(form.ENTRIES, "its shards are not in order")
                shard, tensors = record.shard, self._tensors(form.SHARD.format(record.shard))
            self._member_at = f"line {at + 1} of {form.ENTRIES}"
            if record.shard is not None:
                self._member_at += f" with {form.SHARD.format(record.shard)}"
            mine = {} if record.shard is None else tensors.pop(f"{at:08d}", {})
            try:
                yield record.entry(mine)
            except ArchiveError as error:
                raise self._refused(form.SHARD.format(shard), str(error)) from error
        self._require_used(shard, tensors)
        if shard + 1 != len(self.manifest.members) - 1:
            raise self._refused(form.ENTRIES, "it does not name all shards")
        progress(self.manifest.entries, self.manifest.entries, "reading the archive")

    def _records(self) -> Iterator[Record]:
        digest, size, at = hashlib.sha256(), 0, 0
        with self._refusals(form.ENTRIES), self._zip.open(form.ENTRIES) as lines:
            while line := lines.readline(form.LINE_BYTES + 1):
                at += 1
                if len(line) > form.LINE_BYTES:
                    raise self._refused(form.ENTRIES, f"line {at} is longer than {form.LINE_BYTES}")
                digest.update(line)
                size += len(line)
                yield form.parse(Record, line, f"{self.path}: line {at} of {form.ENTRIES}")
        self._compare(form.ENTRIES, size, digest.hexdigest())

    def _tensors(self, name: str) -> dict[str, dict[str, torch.Tensor]]:
        """The tensors of one shard, by the number of their entry and their name."""
        from safetensors import SafetensorError
        from safetensors.torch import load

        if name not in self.manifest.members:
            raise self._refused(name, "it is missing")
        data = self._read(name, form.LARGEST_SHARD_BYTES)
        self._compare(name, len(data), hashlib.sha256(data).hexdigest())
        self._check_header(name, data)
        try:
            found = load(data)
        except (SafetensorError, RuntimeError, ValueError, KeyError) as error:
            raise self._refused(name, str(error)) from error
        tensors: dict[str, dict[str, torch.Tensor]] = {}
        for full, state in found.items():
            number, _, part = full.partition(".")
            tensors.setdefault(number, {})[part] = state
        return tensors

    def _check_header(self, name: str, data: bytes) -> None:
        """Refuse what safetensors would not: other dtypes, and headers of any size."""
        (length,) = struct.unpack("<Q", data[:8]) if len(data) >= 8 else (0,)
        if not 0 < length <= min(form.HEADER_BYTES, len(data) - 8):
            raise self._refused(name, f"its header is said to take {length} bytes")
        try:
            header = json.loads(data[8 : 8 + length])
            described = [(key, about["dtype"], about["shape"]) for key, about in header.items()]
            for key, dtype, shape in described:
                if dtype not in _BYTES:
                    known = ", ".join(_BYTES)
                    raise self._refused(name, f"{key[:80]!r} has dtype {dtype!r}, not {known}")
                if len(shape) > _DIMENSIONS or math.prod(shape) * _BYTES[dtype] > len(data):
                    raise self._refused(name, f"{key[:80]!r} is said to be larger than the file")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._refused(name, f"its header cannot be read ({error})") from error

    def _read(self, name: str, limit: int) -> bytes:
        with self._refusals(name):
            try:
                info = self._zip.getinfo(name)
            except KeyError:
                raise self._refused(name, "it is missing") from None
            if info.file_size > limit:
                raise self._refused(name, f"{info.file_size} bytes are more than {limit}")
            return self._zip.read(info)

    def _check_members(self) -> None:
        """Names, kinds and sizes, before any member but the manifest is read."""
        infos = {info.filename: info for info in self._zip.infolist()}
        shards = {form.SHARD.format(i) for i in range(len(infos) - 2)}
        if infos.keys() != {form.MANIFEST, form.ENTRIES, *shards}:
            odd = sorted(infos.keys() ^ {form.MANIFEST, form.ENTRIES, *shards})[0]
            raise self._refused(odd[:80], "such a member is missing, or has no place in an archive")
        if self.manifest.members.keys() != infos.keys() - {form.MANIFEST}:
            raise self._refused(form.MANIFEST, "it lists other members than the archive has")
        for name, member in self.manifest.members.items():
            if member.bytes != infos[name].file_size:
                raise self._refused(name, "it has another size than the manifest says")

    def _require_used(self, shard: int, tensors: dict[str, dict[str, Any]]) -> None:
        if tensors:
            odd = sorted(tensors)[0][:20]
            raise self._refused(form.SHARD.format(shard), f"its states {odd!r} are nobody's")

    def _compare(self, name: str, size: int, digest: str) -> None:
        member = self.manifest.members[name]
        if (size, digest) != (member.bytes, member.sha256):
            raise self._refused(name, "it does not match its checksum")

    def _refused(self, member: str, why: str) -> ArchiveError:
        return ArchiveError(f"{self.path}: {member}: {why}; nothing of the archive was stored")

    @contextlib.contextmanager
    def _refusals(self, member: str) -> Iterator[None]:
        """Turn what `zipfile` raises into a refusal."""
        try:
            yield
        except ArchiveError as error:
            if str(error).startswith(str(self.path)):
                raise
            raise self._refused(member, str(error)) from error
        except _BROKEN as error:
            raise self._refused(member, str(error) or type(error).__name__) from error
        except (RuntimeError, ValueError, OverflowError, OSError) as error:
            raise self._refused(member, f"it cannot be read ({error})") from error
