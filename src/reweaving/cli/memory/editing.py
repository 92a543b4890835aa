"""`cmr memory pin`, `unpin`, `tag`, `edit`: changing what is known of entries."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from reweaving.cli.memory.options import (
    PLACE,
    WHOSE,
    IdArgument,
    IdsArgument,
    MemoryOption,
    NamespaceOption,
    Output,
    OutputOption,
)
from reweaving.errors import InputError


def pin(
    entries: IdsArgument,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """Keep entries from ever being evicted: cmr memory pin 3f2a 77c0."""
    _pin(entries, memory, namespace, output, pinned=True)


def unpin(
    entries: IdsArgument,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """Let go of pinned entries again."""
    _pin(entries, memory, namespace, output, pinned=False)


def tag(
    entry: IdArgument,
    tags: Annotated[list[str], typer.Argument(metavar="TAG…", help="Short labels.")],
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    remove: Annotated[bool, typer.Option("--remove", help="Take them off instead.")] = False,
    output: OutputOption = Output.table,
) -> None:
    """Put labels on an entry: cmr memory tag 3f2a work boat."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer, plain

    with opened(memory, namespace) as held:
        entry_id = held.resolve(entry)
        now = held.tag(entry_id, *tags, remove=remove)
    told = f"{plain(entry_id)}: {plain(', '.join(now)) or 'no tags'}"
    Printer(output).done(told, {"id": entry_id, "tags": now}, [entry_id])


def edit(
    entry: IdArgument,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    text: Annotated[
        str | None, typer.Option(help="What is shown and searched; - reads it from the input.")
    ] = None,
    score: Annotated[float | None, typer.Option(min=0, max=1, help="Its relevance.")] = None,
    metadata: Annotated[str | None, typer.Option(help="A JSON object.")] = None,
    source: Annotated[str | None, typer.Option(help="Where it came from.")] = None,
    trust: Annotated[str | None, typer.Option(help="trusted, user or untrusted.")] = None,
    output: OutputOption = Output.table,
) -> None:
    """Change an entry: cmr memory edit 3f2a --text "My boat is called Aurora" --score 0.9."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer, plain

    given = {"text": text, "relevance_score": score, "source": source, "trust": trust}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if metadata is not None:
        changes["metadata"] = _object(metadata)
    if not changes:
        raise InputError("nothing to change: give --text, --score, --metadata, --source or --trust")
    if text == "-":
        changes["text"] = sys.stdin.read().strip()
    with opened(memory, namespace) as held:
        entry_id = held.resolve(entry)
        held.update(entry_id, **changes)
    told = f"{plain(entry_id)}: changed {', '.join(changes)}"
    Printer(output).done(told, {"id": entry_id, "changed": sorted(changes)}, [entry_id])


def _pin(entries: list[str], memory: str, namespace: str, output: Output, *, pinned: bool) -> None:
    from reweaving.cli.memory.choosing import resolved
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer

    with opened(memory, namespace) as held:
        ids = resolved(held, entries)
        for entry_id in ids:
            held.pin(entry_id, pinned)
    told = f"{'pinned' if pinned else 'let go of'} {len(ids)} entries"
    Printer(output).done(told, {"ids": ids, "pinned": pinned}, ids)


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"--metadata is not JSON: {error}") from error
