"""The ledgers of a store on a disk and of one in RAM, read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from reweaving.stores.ledger import Counts, Event, Ledger


class LedgerOfTwo(Ledger):
    """Adds up what two ledgers know; notes are the durable one's.

    Parameters
    ----------
    durable, fleeting
        Of the store on a disk, and of the one in RAM.
    """

    def __init__(self, durable: Ledger, fleeting: Ledger) -> None:
        self._durable, self._fleeting = durable, fleeting

    def generation(self, namespace: str) -> int:
        """Grows with a change in either store."""
        return self._durable.generation(namespace) + self._fleeting.generation(namespace)

    def note(self, namespace: str, key: str) -> Any:
        """The durable ledger's note."""
        return self._durable.note(namespace, key)

    def set_note(self, namespace: str, key: str, value: Any) -> None:
        """Keep a note on the disk: notes speak of the namespace, not of its entries."""
        self._durable.set_note(namespace, key, value)

    def history(self, namespace: str, entry_id: str) -> list[Event]:
        """What happened to an entry, in the store that holds it."""
        return [
            *self._durable.history(namespace, entry_id),
            *self._fleeting.history(namespace, entry_id),
        ]

    def counts(self, namespace: str) -> Counts:
        """How much both hold."""
        held = astuple(self._durable.counts(namespace)), astuple(self._fleeting.counts(namespace))
        return Counts(*(sum(pair) for pair in zip(*held, strict=True)))

    def clear(self, namespace: str, keep: Sequence[str] = ()) -> None:
        """Remove events of both, and notes but those under `keep`."""
        self._durable.clear(namespace, keep)
        self._fleeting.clear(namespace, keep)
