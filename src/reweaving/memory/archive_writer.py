"""Writing an archive: shards as they fill, then the lines, then the manifest; in one step."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from reweaving.errors import InputError, StoreError
from reweaving.memory import archive_format as form
from reweaving.memory.archive_format import Manifest, Member, Record
from reweaving.memory.bound_model import BoundModel
from reweaving.types import MemoryEntry

_CHUNK_BYTES = 2**20


class ArchiveWriter:
    """An archive that appears at `path` when the ``with`` ends well, and not at all otherwise.

    Parameters
    ----------
    path
        Where it is to appear; a file that lies there is replaced in one step.
    namespace, model, key_layer
        What the manifest says of its origin.
    """

    def __init__(
        self, path: Path, namespace: str, model: BoundModel, key_layer: int | None
    ) -> None:
        self._path = path
        self._namespace, self._model, self._key_layer = namespace, model, key_layer
        self._members: dict[str, Member] = {}
        self._tensors: dict[str, Any] = {}
        self._bytes = self._shard = self._entries = self._tokens = 0

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        folder = self._path.parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=self._path.name, suffix=".part")
        self._part = Path(name)
        self._file: IO[bytes] = os.fdopen(handle, "w+b")
        self._lines: IO[bytes] = tempfile.TemporaryFile(dir=folder)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        return self

    def add(self, entry: MemoryEntry) -> None:
        """Put one entry behind the others.

        Raises
        ------
        InputError
            When it is too long to be read again.
        """
        tensors = form.tensors_of(entry)
        record = Record.of(entry, self._shard if tensors else None)
        line = json.dumps(record.model_dump(), allow_nan=False).encode() + b"\n"
        if len(line) > form.LINE_BYTES:
            raise InputError(
                f"entry {entry.id} takes {len(line)} bytes without its states; an archive holds "
                f"at most {form.LINE_BYTES}. Make its metadata smaller with cmr memory edit"
            )
        self._lines.write(line)
        self._tensors |= {f"{self._entries:08d}.{name}": state for name, state in tensors.items()}
        self._bytes += sum(state.nbytes for state in tensors.values())
        self._entries += 1
        self._tokens += entry.tokens
        if self._bytes >= form.SHARD_BYTES:
            self._close_shard()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        except OSError as problem:
            raise StoreError(f"{self._path} could not be written: {problem.strerror}") from problem
        finally:
            with contextlib.suppress(OSError, ValueError):
                self._zip.close()
            self._file.close()
            self._lines.close()
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        self._close_shard()
        self._lines.seek(0)
        self._write(form.ENTRIES, iter(lambda: self._lines.read(_CHUNK_BYTES), b""))
        manifest = Manifest(
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            entries=self._entries,
            tokens=self._tokens,
            members=self._members,
            namespace=self._namespace,
            model=self._model.name,
            fingerprint=self._model.fingerprint,
            key_layer=self._key_layer,
        )
        self._write(form.MANIFEST, [manifest.model_dump_json(indent=1).encode()])
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self._path)

    def _close_shard(self) -> None:
        from safetensors.torch import save

        if self._tensors:
            self._write(form.SHARD.format(self._shard), [save(self._tensors)])
            self._tensors, self._bytes = {}, 0
            self._shard += 1

    def _write(self, name: str, chunks: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._members[name] = Member(bytes=size, sha256=digest.hexdigest())
