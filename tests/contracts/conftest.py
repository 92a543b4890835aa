"""Every store that there is, for tests that say what a store does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reweaving.stores.base import MemoryStore
from reweaving.stores.master_key import StoreKey
from reweaving.stores.sqlite import SqliteStore
from tests.stores.conftest import make_entry  # noqa: F401
from tests.stores.sealed import KEY

KINDS = ("sqlite folder", "sqlite in RAM", "sqlite encrypted", "postgresql", "postgresql encrypted")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store of this kind is opened."""
    if kind.startswith("postgresql"):
        return str(request.getfixturevalue("postgres_url"))
    return ":memory:" if kind == "sqlite in RAM" else str(tmp_path / "store")


@pytest.fixture
def store(place: str, kind: str) -> Iterator[MemoryStore]:
    opened = open_store(place, kind)
    yield opened
    opened.close()


def open_store(place: str, kind: str) -> MemoryStore:
    # Longer than any load of the machine: what a busy server does is not what is tested here.
    opened = _kind_of(place).open(place, busy_timeout_seconds=60.0)
    if kind.endswith("encrypted"):
        opened.unlock(StoreKey(KEY))
    return opened


def _kind_of(place: str) -> type[MemoryStore]:
    if "://" not in place:
        return SqliteStore
    # Here, so that the other stores are tested where psycopg is not installed.
    from reweaving.stores.postgres import PostgresStore

    return PostgresStore
