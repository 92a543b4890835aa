"""Files and folders that a command writes at its end, tried before its work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reweaving.errors import InputError


def prepare_file(path: Path) -> None:
    """Make the folder of a file, and see that the file can be written; one that is there stays.

    Raises
    ------
    InputError
        When there can be no such file.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; name another file"
        ) from error


def prepare_folder(path: Path) -> None:
    """Make a folder, and see that files can be written in it.

    Raises
    ------
    InputError
        When there can be no such folder, or nothing may be written in it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; name another folder"
        ) from error
