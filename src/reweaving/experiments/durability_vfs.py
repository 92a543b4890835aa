"""What stands between SQLite and the system's own files."""

from __future__ import annotations

import apsw

from reweaving.experiments.laboratory import LaboratoryError


class BottomVFS(apsw.VFS):
    """Stands below everything that SQLite does in this process from now on.

    It is made the default one, so that the checksum VFS comes to lie on it.

    Raises
    ------
    LaboratoryError
        When the checksum VFS is there already: it would not lie on this one.
    """

    def __init__(self, name: str) -> None:
        if "cksmvfs" in apsw.vfs_names():
            raise LaboratoryError(f"the checksum VFS was loaded before the {name} one")
        self._below = apsw.vfs_names()[0]
        super().__init__(name, self._below, makedefault=True)
