"""Durable entries: one interface, its implementations, and how states become bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reweaving.registry import Registry

if TYPE_CHECKING:
    from reweaving.stores.base import MemoryStore

# A location "NAME://…" is opened by the store of that name; a plain path by "sqlite".
STORES: Registry[type[MemoryStore]] = Registry(
    "store",
    {
        "sqlite": "reweaving.stores.sqlite:SqliteStore",
        "postgresql": "reweaving.stores.postgres:PostgresStore",
    },
)
