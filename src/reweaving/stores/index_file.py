"""The derived index in one file, whose arrays are mapped."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from reweaving.stores import index_bytes
from reweaving.stores.disk import Disk
from reweaving.stores.index import SpanIndex

FOLDER = "index"
_log = logging.getLogger(__name__)


class IndexFiles:
    """Index files in a store's folder, one for each namespace, in ``<folder>/index/``.

    A file is written beside its place, synced and renamed, and read only if its checksum is right:
    what is damaged, of another format or another namespace is no index, and a new one is made.

    Parameters
    ----------
    folder
        Of the store.
    disk
        What files are written with.
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder, self._disk = folder / FOLDER, disk or Disk()

    def path(self, namespace: str) -> Path:
        """Where the index of a namespace is; its name tells nothing of the namespace."""
        return self._folder / f"{index_bytes.name_of(namespace)}.index"

    def load(self, namespace: str) -> SpanIndex | None:
        """The index as it was written, its arrays mapped from the file; None when there is no sound one."""
        path = self.path(namespace)
        try:
            found = _read(path, namespace)
        except FileNotFoundError:
            return None
        except (*index_bytes.UNREADABLE, OSError) as error:
            _log.warning("the index %s is discarded and made anew: %s", path.name, error)
            return None
        return found

    def write(self, namespace: str, index: SpanIndex) -> Path:
        """Write the index beside its place; `put` makes it the namespace's."""
        self._disk.make_folder(self._folder)
        return self._disk.write(self._folder, index_bytes.packed(namespace, index))

    def put(self, namespace: str, written: Path) -> None:
        """Give a file that was written its name, durably."""
        self._disk.rename(written, self.path(namespace))
        self._disk.sync_folder(self._folder)

    def remove(self, namespace: str) -> bool:
        """Take the index away; returns whether there was one."""
        path = self.path(namespace)
        if not path.exists():
            return False
        self._disk.unlink(path)
        self._disk.sync_folder(self._folder)
        return True

    def remove_parts(self) -> None:
        """Take away what writers left that were killed; called by the only writer."""
        for path in self._folder.glob("*.part"):
            path.unlink(missing_ok=True)

    def remove_all(self) -> list[str]:
        """Take all of them away; returns names relative to the store's folder."""
        names = []
        for path in sorted(self._folder.glob("*")):
            path.unlink(missing_ok=True)
            names.append(f"{FOLDER}/{path.name}")
        return names


def _read(path: Path, namespace: str) -> SpanIndex:
    # Read once for the checksum, so that only what is searched stays in this process's memory.
    with path.open("rb") as file:
        layout = index_bytes.checked(namespace, file, path.stat().st_size)
    return index_bytes.unpacked(np.memmap(path, dtype=np.uint8, mode="r"), layout)
