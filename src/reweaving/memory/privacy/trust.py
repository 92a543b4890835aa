"""Whose words are believed: entries from sources that nobody vouches for go into quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from reweaving.types import MemoryEntry

UNTRUSTED = "untrusted"


def put_into_quarantine(entries: Iterable[MemoryEntry], untrusted_sources: Sequence[str]) -> None:
    """Mark entries untrusted that came from a source which is not trusted.

    Entries that were called ``"trusted"`` stay so: somebody has vouched for them by name.

    Parameters
    ----------
    untrusted_sources
        Names of sources; ``*`` and ``?`` stand for any characters and for one.
    """
    for entry in entries:
        if entry.trust == "user" and any(
            fnmatchcase(entry.source, pattern) for pattern in untrusted_sources
        ):
            entry.trust = UNTRUSTED
