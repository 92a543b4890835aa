"""Data that nobody here wrote: measured on, never trained or tuned on, and no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

from reweaving.errors import ConfigurationError

VARIABLE = "REWEAVING_DATA"


def find_outside_data() -> Path | None:
    """The folder named by ``REWEAVING_DATA``, else ``shared/data`` here or in a folder above; or None."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given) if Path(given).is_dir() else None
    here = Path.cwd()
    places = (folder / "shared" / "data" for folder in (here, *here.parents))
    return next((place for place in places if place.is_dir()), None)


def outside_data() -> Path:
    """`find_outside_data`, for what cannot do without.

    Raises
    ------
    ConfigurationError
        When there is no such folder.
    """
    found = find_outside_data()
    if found is None:
        raise ConfigurationError(
            "this bench measures on data that is not part of the project: name its folder in "
            f"{VARIABLE}, or run where shared/data is in the current folder or one above it"
        )
    return found
