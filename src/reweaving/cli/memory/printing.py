"""Answers as a table, as JSON, or as ids only."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import typer

from reweaving.cli.memory.options import Output
from reweaving.cli.memory.times import age

if TYPE_CHECKING:
    from rich.table import Table

    from reweaving.types import MemoryEntry

_TENSORS = {"hidden_state", "keys", "values", "key_state"}
_RENAMED = {"sequence_id": "session", "position_idx": "position", "layer_idx": "layers"}
_SHORTEST_ID = 8
_LONGEST_TEXT = 96
_LONGEST_SESSION = 24


def as_dict(entry: MemoryEntry) -> dict[str, Any]:
    """An entry without its states, as plain values under lasting names."""
    named = {
        _RENAMED.get(each.name, each.name): getattr(entry, each.name)
        for each in fields(entry)
        if each.name not in _TENSORS
    }
    return {**named, "tokens": entry.tokens}


class Printer:
    """Writes what a command has to say.

    Parameters
    ----------
    output
        What the user asked for.
    """

    def __init__(self, output: Output) -> None:
        self.output = output

    def entries(
        self, entries: Sequence[MemoryEntry], scores: Mapping[str, float] | None = None
    ) -> None:
        """Entries, one line each; `scores` tell how well each fits a search."""
        if self.output == Output.json:
            found = [as_dict(entry) for entry in entries]
            self._json([
                {**each, "fit": scores[each["id"]]} if scores is not None else each for each in found
            ])  # fmt: skip
        elif self.output == Output.quiet:
            self.ids(entry.id for entry in entries)
        else:
            self._print(_entries(entries, scores))

    def facts(self, title: str, facts: Mapping[str, Any], ids: Iterable[str] = ()) -> None:
        """One thing with its properties; `ids` are the entries that it is about."""
        if self.output == Output.json:
            self._json(facts)
        elif self.output == Output.quiet:
            self.ids(ids)
        else:
            self._print(_facts(title, facts))

    def lines(self, lines: Sequence[Mapping[str, Any]], ids: Iterable[str] = ()) -> None:
        """Several things with the same properties."""
        if self.output == Output.json:
            self._json(list(lines))
        elif self.output == Output.quiet:
            self.ids(ids)
        else:
            self._print(_lines(lines))

    def done(self, told: str, facts: Mapping[str, Any], ids: Iterable[str] = ()) -> None:
        """What was done, in a sentence for people and as facts for programs."""
        if self.output == Output.table:
            typer.echo(told)
        else:
            self.facts("", facts, ids)

    def ids(self, ids: Iterable[str]) -> None:
        """Whole ids, one a line."""
        for entry_id in ids:
            typer.echo(entry_id)

    def _json(self, value: Any) -> None:
        typer.echo(json.dumps(value, indent=2, ensure_ascii=True))

    def _print(self, table: Table) -> None:
        from rich.console import Console

        Console(highlight=False).print(table)


def plain(text: str, longest: int | None = None) -> str:
    """Text that a terminal may show: what is not printable, and could command it, is replaced."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    shown = " ".join(shown.split())
    return shown if longest is None or len(shown) <= longest else f"{shown[: longest - 1]}…"


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """Each id's beginning, as long as it has to be to tell these ids apart."""
    length = _SHORTEST_ID
    while len({entry_id[:length] for entry_id in ids}) < len(set(ids)):
        length += 1
    return {entry_id: entry_id[:length] for entry_id in ids}


def _entries(entries: Sequence[MemoryEntry], scores: Mapping[str, float] | None) -> Table:
    from rich.markup import escape
    from rich.table import Table

    names = ["id", "session", "text", "tokens", "age", "score", "pin", "tags", "tier"]
    table = Table(*(["fit", *names] if scores is not None else names))
    short, now = short_ids([entry.id for entry in entries]), time.time()
    for entry in entries:
        row = (
            plain(short[entry.id]),
            plain(str(entry.sequence_id), _LONGEST_SESSION),
            plain(entry.text, _LONGEST_TEXT),
            str(entry.tokens),
            age(now - entry.timestamp),
            f"{entry.relevance_score:.2f}",
            "pin" if entry.pinned else "",
            plain(", ".join(entry.tags)),
            entry.tier,
        )
        fit = () if scores is None else (f"{scores[entry.id]:.2f}",)
        table.add_row(*(escape(cell) for cell in (*fit, *row)))
    return table


def _facts(title: str, facts: Mapping[str, Any]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("what", "value", title=title or None, title_justify="left")
    for name, value in facts.items():
        table.add_row(escape(plain(name)), escape(_shown(value)))
    return table


def _lines(lines: Sequence[Mapping[str, Any]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(*(lines[0] if lines else ()))
    for line in lines:
        table.add_row(*(escape(_shown(value)) for value in line.values()))
    return table


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{plain(str(key))}: {_shown(part)}" for key, part in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(part) for part in value) or "–"
    return "–" if value is None or value == "" else plain(str(value))
