"""Files that a command writes at its end."""

from __future__ import annotations

from pathlib import Path

from reweaving.errors import InputError


def prepare_file(path: Path) -> None:
    """Make the folder of a file that is to be written.

    Raises
    ------
    InputError
        When there can be no such file.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; name another file"
        ) from error
