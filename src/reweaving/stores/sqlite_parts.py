"""What the parts of the SQLite store lend each other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import apsw

from reweaving.stores.encryption import Seal
from reweaving.stores.payloads import PayloadStore

DATABASE = "memory.sqlite3"


@dataclass(frozen=True)
class SqliteParts:
    """An opened `SqliteStore`, as its upkeep sees it.

    Attributes
    ----------
    database_path
        None for a store in RAM.
    payloads
        Where payloads are.
    reading, writing
        The store's own contexts: they hold its lock, and yield its connection.
    find_seal
        What stands between the store and its disk at the moment.
    sweep
        Unlinks the payloads of a namespace that nobody names.
    replacing_database
        Closes the store's connection, yields path and busy timeout, and opens it again.
    """

    database_path: Path | None
    payloads: PayloadStore
    reading: Callable[[], AbstractContextManager[apsw.Connection]]
    writing: Callable[[], AbstractContextManager[apsw.Connection]]
    find_seal: Callable[[], Seal]
    sweep: Callable[[str], dict[str, str]]
    replacing_database: Callable[[], AbstractContextManager[tuple[Path, float]]]

    @property
    def seal(self) -> Seal:
        """The seal at the moment."""
        return self.find_seal()
