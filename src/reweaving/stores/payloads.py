"""Large payloads as content-addressed files, each namespace in a folder of its own."""

from __future__ import annotations

import contextlib
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path

from reweaving.stores.disk import Disk


class PayloadStore(ABC):
    """Bytes under their own digest.

    Life: made by a store, which calls `write_many` inside the transaction that refers to the
    payloads, `read` whenever states are needed, `remove_many` after the transaction that dropped
    the last reference, and `sweep` when something is forgotten. All but `read` are called by one
    writer at a time. The caller checks what it reads against the digest.
    """

    @abstractmethod
    def write_many(self, namespace: str, payloads: Mapping[str, bytes]) -> None:
        """Keep each payload under its digest; on return they have reached the disk."""

    @abstractmethod
    def read(self, namespace: str, digest: str) -> bytes | None:
        """The payload, or None when it is not there."""

    @abstractmethod
    def remove_many(self, namespace: str, digests: Iterable[str]) -> list[str]:
        """Remove payloads; returns the names of the files that were unlinked."""

    @abstractmethod
    def strays(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """Names of the files that `sweep` would unlink."""

    @abstractmethod
    def sweep(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """Remove all but `keep`, also what a killed writer left; returns unlinked files."""


class RamPayloads(PayloadStore):
    """Payloads of a store that never touches a disk."""

    def __init__(self) -> None:
        self._payloads: dict[tuple[str, str], bytes] = {}

    def write_many(self, namespace: str, payloads: Mapping[str, bytes]) -> None:
        """Keep each payload under its digest."""
        self._payloads.update({(namespace, name): data for name, data in payloads.items()})

    def read(self, namespace: str, digest: str) -> bytes | None:
        """The payload, or None."""
        return self._payloads.get((namespace, digest))

    def remove_many(self, namespace: str, digests: Iterable[str]) -> list[str]:
        """Remove payloads; there are no files to name."""
        for digest in digests:
            self._payloads.pop((namespace, digest), None)
        return []

    def strays(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """There are no files to name."""
        del namespace, keep
        return []

    def sweep(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """Remove all but `keep`."""
        kept = set(keep)
        gone = [name for space, name in self._payloads if space == namespace and name not in kept]
        return self.remove_many(namespace, gone)


class FilePayloads(PayloadStore):
    """Payloads as ``<folder>/<namespace's digest>/<digest>.safetensors``.

    Two namespaces never share a file, even for equal content: neither can notice the other.

    Parameters
    ----------
    folder
        Created with the first payload.
    disk
        What files are written with.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()
        self._lasting: set[Path] = set()

    def write_many(self, namespace: str, payloads: Mapping[str, bytes]) -> None:
        """Write to a temporary file, fsync, rename, fsync the folder."""
        if not payloads:
            return
        folder = self._folder(namespace)
        self._keep_folder(folder)
        for digest, data in payloads.items():
            self._write(folder, self._path(namespace, digest), data)
        self._disk.sync_folder(folder)

    def read(self, namespace: str, digest: str) -> bytes | None:
        """The file's bytes, or None when there is no such file."""
        try:
            return self._path(namespace, digest).read_bytes()
        except FileNotFoundError:
            return None

    def remove_many(self, namespace: str, digests: Iterable[str]) -> list[str]:
        """Unlink files; one that is not there is passed over."""
        return self._unlink(namespace, [self._path(namespace, digest) for digest in digests])

    def strays(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """Every file of the namespace's folder but those in `keep`."""
        return [str(path.relative_to(self.folder.parent)) for path in self._others(namespace, keep)]

    def sweep(self, namespace: str, keep: Iterable[str]) -> list[str]:
        """Unlink every file of the namespace's folder but those in `keep`."""
        return self._unlink(namespace, self._others(namespace, keep))

    def _others(self, namespace: str, keep: Iterable[str]) -> list[Path]:
        folder = self._folder(namespace)
        kept = {self._path(namespace, digest) for digest in keep}
        there = sorted(folder.iterdir()) if folder.is_dir() else []
        return [path for path in there if path not in kept]

    def _unlink(self, namespace: str, paths: Iterable[Path]) -> list[str]:
        removed = []
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                self._disk.unlink(path)
                removed.append(str(path.relative_to(self.folder.parent)))
        if removed:
            self._disk.sync_folder(self._folder(namespace))
        return removed

    def _keep_folder(self, folder: Path) -> None:
        """Create a namespace's folder so that it lasts."""
        if folder in self._lasting and folder.is_dir():
            return
        self._disk.make_folder(folder)
        # A writer that was killed may have created it, and not come to syncing what is above it.
        self._disk.sync_folder(self.folder)
        self._disk.sync_folder(self.folder.parent)
        self._lasting.add(folder)

    def _write(self, folder: Path, path: Path, data: bytes) -> None:
        """Put `data` at `path` in one step; equal content that lies there already is kept."""
        if path.exists() and path.read_bytes() == data:
            return
        part = self._disk.write(folder, data)
        try:
            self._disk.rename(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                self._disk.unlink(part)
            raise

    def _folder(self, namespace: str) -> Path:
        # A namespace may hold characters that a file system does not allow.
        return self.folder / hashlib.sha256(namespace.encode()).hexdigest()[:32]

    def _path(self, namespace: str, digest: str) -> Path:
        return self._folder(namespace) / f"{digest}.safetensors"
