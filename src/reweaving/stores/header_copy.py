"""A second copy of an encrypted store's header: without it nobody could read anything again."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from reweaving.stores.disk import Disk
from reweaving.stores.encryption import is_header_of

COPY = "encryption.json"  # beside the database


class HeaderCopy:
    """Headers in a file of their own, each with its SHA-256.

    While a key is being changed the file holds both headers: whichever the store has when a process
    dies is among them. The database's own header is the one that counts; this one is read only when
    that is lost.

    Parameters
    ----------
    folder
        The store's; None for a store in RAM, which needs no copy.
    disk
        What the file is written with.
    """

    def __init__(self, folder: Path | None, disk: Disk | None = None) -> None:
        self._folder, self._disk = folder, disk or Disk()

    def keep(self, *headers: dict[str, Any] | None) -> None:
        """Put these headers in the place of those that are there; None says that there is none."""
        wanted = [header for header in headers if header is not None]
        if self._folder is None or read(self._folder) == wanted:
            return
        path = self._folder / COPY
        if wanted:
            lines = [{"header": header, "sha256": _digest(header)} for header in wanted]
            part = self._disk.write(self._folder, json.dumps(lines, indent=1).encode())
            self._disk.rename(part, path)
        else:
            with contextlib.suppress(FileNotFoundError):
                self._disk.unlink(path)
        self._disk.sync_folder(self._folder)


def read(folder: Path) -> list[dict[str, Any]]:
    """The headers in a folder's copy that are what was written."""
    try:
        lines = json.loads((folder / COPY).read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return [
        line["header"]
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, dict) and line.get("sha256") == _digest(line.get("header"))
    ]


def header_of(folder: Path, metadata: str) -> dict[str, Any] | None:
    """The header in a folder's copy that a row with this ``metadata`` was encrypted under, or None."""
    return next((header for header in read(folder) if is_header_of(header, metadata)), None)


def _digest(header: Any) -> str:
    return hashlib.sha256(json.dumps(header, sort_keys=True).encode()).hexdigest()
