"""`cmr memory list`, `search`, `show`, `history`, `stats`: looking at what is there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reweaving.cli.memory.options import (
    PLACE,
    WHOSE,
    IdArgument,
    MemoryOption,
    NamespaceOption,
    Output,
    OutputOption,
)
from reweaving.errors import InputError

if TYPE_CHECKING:
    from reweaving.types import MemoryEntry


def list_entries(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    session: Annotated[str | None, typer.Option(help="Only this session.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only entries with all these tags.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only recent, working or long_term.")] = None,
    pinned: Annotated[bool, typer.Option("--pinned", help="Only pinned ones.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, not by session.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 100,
    output: OutputOption = Output.table,
) -> None:
    """List entries: cmr memory list --tag work --newest --limit 10."""
    from reweaving.cli.memory.choosing import in_session
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.types import TIERS

    if tier is not None and tier not in TIERS:
        raise InputError(f"--tier is {tier!r}; use one of {', '.join(TIERS)}")
    wanted = set(tag or ())

    def fits(entry: MemoryEntry) -> bool:
        return (
            wanted <= set(entry.tags)
            and (tier is None or entry.tier == tier)
            and (entry.pinned or not pinned)
        )

    with opened(memory, namespace) as held:
        found = held.entries() if session is None else in_session(held, session)
    if newest:
        found.sort(key=lambda entry: -entry.timestamp)
    chosen = [entry for entry in found if fits(entry)]
    Printer(output).entries(chosen[:limit] if limit else chosen)


def search(
    words: Annotated[list[str], typer.Argument(help="Words that the entries should hold.")],
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
    output: OutputOption = Output.table,
) -> None:
    """Find entries by their words, best first: cmr memory search project Aurora."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer

    with opened(memory, namespace) as held:
        hits = held.search(" ".join(words), limit)
    scores = {hit.entry.id: hit.score for hit in hits}
    Printer(output).entries([hit.entry for hit in hits], scores)


def show(
    entry: IdArgument,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """Show everything about one entry: cmr memory show 3f2a -o json."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer, as_dict

    with opened(memory, namespace) as held:
        (found,) = held.get_many([held.resolve(entry)])
    states = {str(tuple(state.shape)): str(state.dtype) for state in found.states()}
    facts = as_dict(found)
    if output == Output.table:
        facts |= _readable(found)
    Printer(output).facts("", {**facts, "states": states}, [found.id])


def history(
    entry: IdArgument,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """What happened to an entry, also to a forgotten one (by its whole id)."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.times import clock

    with opened(memory, namespace) as held:
        events = held.history(entry) or held.history(held.resolve(entry))
    lines = [
        {"at": clock(event.at) if output == Output.table else event.at, "what": event.what,
         "detail": event.detail, "id": event.entry_id}
        for event in events
    ]  # fmt: skip
    Printer(output).lines(lines, [events[0].entry_id] if events else [])


def stats(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """How much the memory holds, and which model it is of."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.memory.bound_model import bound_model

    with opened(memory, namespace) as held:
        model = bound_model(held)
        facts: dict[str, Any] = {
            "namespace": namespace,
            **asdict(held.stats()),
            "quarantined": len(held.quarantine()),
            "expired": len(held.expired()),
            "generation": held.generation,
            "model": model.name,
            "fingerprint": model.fingerprint,
        }
    Printer(output).facts("", facts)


def _readable(entry: MemoryEntry) -> dict[str, Any]:
    """Times as people read them."""
    from reweaving.cli.memory.times import clock

    names = ("timestamp", "last_access", "expires_at", "valid_until")
    return {name: clock(getattr(entry, name)) for name in names}
