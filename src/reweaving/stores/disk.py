"""What a store does to files besides what SQLite does to its own, so that it lasts."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class Disk:
    """Files and folders that have reached the disk when a call returns.

    Called by one writer at a time. `cmr bench durability` brings disks that fail, and one that
    remembers what was not synced when the power went.
    """

    def make_folder(self, folder: Path) -> None:
        """Create a folder and the folders above it that are missing; their names last."""
        missing = [folder, *folder.parents]
        missing = missing[: next(at for at, path in enumerate(missing) if path.is_dir())]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            self.sync_folder(path.parent)

    def write(self, folder: Path, data: bytes) -> Path:
        """Put `data` into a new file of the folder; what is in it lasts, its name does not yet."""
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def rename(self, path: Path, target: Path) -> None:
        """Give a file another name, in one step; it lasts when the folder is synced."""
        path.replace(target)

    def unlink(self, path: Path) -> None:
        """Take a file away; it stays away when the folder is synced."""
        path.unlink()

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder last; systems that cannot open folders do so by themselves."""
        if not hasattr(os, "O_DIRECTORY"):
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
