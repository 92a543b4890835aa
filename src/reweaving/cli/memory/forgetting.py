"""`cmr memory forget` and `prune`: afterwards no byte of it is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from reweaving.cli.memory.options import (
    PLACE,
    WHOSE,
    MemoryOption,
    NamespaceOption,
    Output,
    OutputOption,
    YesOption,
)
from reweaving.errors import InputError

if TYPE_CHECKING:
    from reweaving import Memory
    from reweaving.stores.base import Deletion


def forget(
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="Ids, or their beginnings.")
    ] = None,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    session: Annotated[str | None, typer.Option(help="Everything of this session.")] = None,
    text: Annotated[str | None, typer.Option(help="Everything in whose text this occurs.")] = None,
    before: Annotated[str | None, typer.Option(help="Older than 2026-01-31, or than 30d.")] = None,
    after: Annotated[str | None, typer.Option(help="Read since then.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="The whole namespace.")] = False,
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Forget entries for good: cmr memory forget 3f2a, or --session monday --before 30d."""
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.choosing import resolved, session_of
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.times import moment

    conditions: dict[str, Any] = {"text": text}
    conditions |= {"before": moment(before)} if before is not None else {}
    conditions |= {"after": moment(after)} if after is not None else {}
    given = {name: value for name, value in conditions.items() if value is not None}
    kinds = [bool(entries), bool(given) or session is not None, everything]
    if sum(kinds) != 1:
        raise InputError(
            "forget needs ids, or conditions (--session, --text, --before, --after), or --all; "
            "one of the three"
        )
    with opened(memory, namespace) as held:
        if session is not None:
            given["session"] = session_of(held, session)
        ids = resolved(held, entries or ())
        count = len(ids) if ids else _count(held, given)
        confirm(f"Forget {count} entries of {namespace!r} for good?", yes)
        receipt = held.forget(id=ids or None, **given, namespace=everything)
    _tell(receipt, output)


def prune(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Forget what has expired."""
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.opening import opened

    with opened(memory, namespace) as held:
        expired = held.expired()
        if expired:
            confirm(f"Forget {len(expired)} expired entries of {namespace!r} for good?", yes)
        _tell(held.prune(), output)


def _count(memory: Memory, given: dict[str, Any]) -> int:
    """How many entries the conditions choose, of those that have not expired."""
    text = str(given.get("text", "")).casefold()
    chosen = memory.entries(session=given.get("session"))
    return sum(
        given.get("after", float("-inf")) <= entry.timestamp < given.get("before", float("inf"))
        and text in entry.text.casefold()
        for entry in chosen
    )


def _tell(receipt: Deletion, output: Output) -> None:
    from reweaving.cli.memory.printing import Printer

    ids = list(receipt.ids)
    facts = {"ids": ids, "tokens": receipt.tokens, "files": dict(receipt.files)}
    busy = [name for name, what in receipt.files.items() if what == "busy"]
    told = f"forgot {len(ids)} entries, {receipt.tokens} tokens"
    if busy:
        told += (
            f"; {', '.join(busy)} could not be rewritten, another program is reading: close it, and "
            "run cmr memory prune"
        )
    Printer(output).done(told, facts, ids)
