"""The power leg on a store that does not sync: what the bench has to notice."""

from __future__ import annotations

import apsw

from reweaving.experiments import durability_power
from reweaving.experiments.laboratory import Row, Tell
from reweaving.stores import connection


def run(quick: bool, seed: int, tell: Tell) -> list[Row]:
    apply = connection._apply_pragmas

    def careless(opened: apsw.Connection, busy_timeout_seconds: float) -> None:
        apply(opened, busy_timeout_seconds)
        opened.execute("PRAGMA synchronous = OFF")

    connection._apply_pragmas = careless
    return durability_power.run(quick, seed, tell)
