"""`cmr memory verify` and `repair`: is it whole, and bring back what is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from reweaving.errors import InputError, KeyRefusedError, StoreError

if TYPE_CHECKING:
    from reweaving import Memory
    from reweaving.stores.upkeep import Repair


def verify(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    output: OutputOption = Output.table,
) -> None:
    """Read everything and name what is damaged; exit code 1 when something is."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    with opened(memory, namespace) as held, watched("reading") as progress:
        found = held.verify(progress=progress)
    if output == Output.table and found.ok:
        typer.echo(f"{found.entries} entries are as they were written")
        if found.stray_payloads:
            typer.echo(
                f"{len(found.stray_payloads)} files are nobody's; cmr memory repair sweeps them"
            )
    else:
        Printer(output).facts("", found.as_dict(), found.damaged)
    if not found.ok:
        raise typer.Exit(1)


def repair(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    keep: Annotated[
        Path | None, typer.Option(help="Copy the damaged store into this new folder first.")
    ] = None,
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Bring back all that is intact: cmr memory repair --keep damaged.

    States that are damaged are made again from their token ids. What cannot be brought back is taken
    out, and named with its reason in a file in the folder repairs.
    """
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.opening import require_there, shown_place
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    require_there(memory)
    confirm(f"Mend {shown_place(memory)}? What is damaged beyond repair is taken out.", yes)
    if keep is not None:
        _keep(memory, keep)
    with watched("mending") as progress:
        held, rescued = _opened(memory, namespace, progress)
        with held:
            mended = held.repair(progress=progress)
    told = {**mended.as_dict(), "rescued": None if rescued is None else rescued.as_dict()}
    aside = {**mended.set_aside, **({} if rescued is None else rescued.set_aside)}
    audits = [each.audit for each in (rescued, mended) if each is not None and each.audit]
    sentence = (
        f"{mended.intact} entries needed nothing, {len(mended.rebuilt)} are read again from their "
        f"tokens, {len(mended.keyless)} lost their key, {len(aside)} could not be brought back"
    )
    if audits:
        sentence += f"; ids and reasons: {', '.join(audits)}"
    Printer(output).done(sentence, told, [*mended.rebuilt, *mended.keyless, *aside])


def _opened(location: str, namespace: str, progress: object) -> tuple[Memory, Repair | None]:
    """The memory; one that is too damaged to be opened is rescued first."""
    from reweaving import Memory

    try:
        return Memory.open(location, namespace=namespace), None
    except KeyRefusedError:
        raise
    except StoreError:
        if "://" in location:
            raise
    rescued = Memory.rescue(location, progress=progress)  # type: ignore[arg-type]
    return Memory.open(location, namespace=namespace), rescued


def _keep(location: str, folder: Path) -> None:
    if folder.exists():
        raise InputError(f"{folder} is there already; choose a new folder")
    if "://" in location:
        from reweaving.cli.memory.opening import shown_place

        raise InputError(f"{shown_place(location)} cannot be copied; use the database's own backup")
    shutil.copytree(location, folder)
