"""`cmr memory backup`, `restore` and `migrate`: a whole store, all namespaces, somewhere else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from reweaving.cli.memory.options import PLACE, WHOSE, MemoryOption, Output, OutputOption


def backup(
    path: Annotated[Path, typer.Argument(help="A new folder for the copy.")],
    memory: MemoryOption = PLACE,
    output: OutputOption = Output.table,
) -> None:
    """Copy the whole store, verified, while others use it: cmr memory backup /backups/monday."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    with opened(memory, WHOSE) as held, watched("copying") as progress:
        told = held.backup(path, progress=progress)
    sentence = f"{told.entries} entries of {told.namespaces} namespaces in {path}, verified"
    Printer(output).done(sentence, told.as_dict())


def restore(
    path: Annotated[Path, typer.Argument(help="A folder that cmr memory backup wrote.")],
    memory: MemoryOption = PLACE,
    output: OutputOption = Output.table,
) -> None:
    """Copy a backup to a new place: cmr memory restore /backups/monday --memory ./memory."""
    from reweaving import Memory
    from reweaving.cli.memory.opening import shown_place
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    with watched("copying") as progress:
        told = Memory.restore(path, memory, progress=progress)
    place = shown_place(memory)
    sentence = f"{told.entries} entries of {told.namespaces} namespaces in {place}, verified"
    Printer(output).done(sentence, told.as_dict())


def migrate(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Folder or address of a store.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Folder or address of another.")],
    namespace: Annotated[
        list[str] | None,
        typer.Option("--namespace", "-n", help="Only this one; may be given again."),
    ] = None,
    output: OutputOption = Output.table,
) -> None:
    """Copy a store into one of another kind, verified: cmr memory migrate ./memory postgresql://….

    The source stays as it is. When it was interrupted, the same command goes on.
    """
    from reweaving import Memory
    from reweaving.cli.memory.opening import require_there, shown_place
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    require_there(source)
    with watched("copying") as progress:
        moved = Memory.migrate(source, target, namespace or None, progress=progress)
    copied = sum(each.copied for each in moved.values())
    there = sum(each.there for each in moved.values())
    sentence = (
        f"{len(moved)} namespaces: {copied} entries copied, {there} were there, all compared; "
        f"{shown_place(source)} is as it was"
    )
    Printer(output).done(sentence, {name: asdict(each) for name, each in moved.items()})
