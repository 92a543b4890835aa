"""Options that the commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Output(StrEnum):
    """How a command answers."""

    table = "table"
    json = "json"
    quiet = "quiet"


MemoryOption = Annotated[
    str,
    typer.Option(
        "--memory",
        "-m",
        envvar="CMR_MEMORY",
        help="Folder or address (postgresql://…) of the memory.",
    ),
]
NamespaceOption = Annotated[
    str, typer.Option("--namespace", "-n", envvar="CMR_NAMESPACE", help="Whose memory it is.")
]
OutputOption = Annotated[
    Output,
    typer.Option(
        "--output", "-o", help="A table for people, JSON for programs, or nothing but ids."
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before destroying.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="An entry's id, or its beginning.")]
IdsArgument = Annotated[
    list[str], typer.Argument(metavar="ID…", help="Ids of entries, or their beginnings.")
]
PLACE = "memory"
WHOSE = "default"
