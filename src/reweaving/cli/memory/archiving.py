"""`cmr memory export` and `import`: one namespace as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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


def export(
    path: Annotated[Path, typer.Argument(help="The archive to write.")],
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Write a namespace into one file, not encrypted: cmr memory export ann.zip."""
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    with opened(memory, namespace) as held:
        if path.is_file():
            confirm(f"Replace {path}?", yes)
        with watched("writing") as progress:
            told = held.export(path, overwrite=path.is_file(), progress=progress)
    sentence = f"{told.entries} entries, {told.tokens} tokens, {told.bytes} bytes in {path}"
    Printer(output).done(sentence, told.as_dict())


def load(
    path: Annotated[Path, typer.Argument(help="An archive of cmr memory export.")],
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    trust: Annotated[
        str | None,
        typer.Option(help="For archives of others: untrusted keeps every entry in quarantine."),
    ] = None,
    output: OutputOption = Output.table,
) -> None:
    """Take in an archive, all of it or nothing: cmr memory import ann.zip --namespace ann."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched

    with opened(memory, namespace, create=True) as held, watched("reading") as progress:
        told = held.load(path, trust=trust, progress=progress)
    sentence = f"{len(told.added)} entries added, {len(told.known)} were there already"
    Printer(output).done(sentence, told.as_dict(), told.added)
