"""`cmr memory rotate-key`, `quarantine`, `opt-out`: who may read what is kept, and what is kept at all."""

from __future__ import annotations

import os
import sys
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
from reweaving.errors import InputError

_VARIABLE = "REWEAVING_NEW_KEY"


def rotate_key(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    variable: Annotated[
        str, typer.Option("--from-env", help="Variable that holds the new key.")
    ] = _VARIABLE,
    keyring: Annotated[
        str | None, typer.Option(help="Name of the new key in the system's keyring instead.")
    ] = None,
    decrypt: Annotated[
        bool, typer.Option("--decrypt", help="Take the encryption away instead.")
    ] = False,
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Encrypt the whole store, all namespaces, with another key: REWEAVING_NEW_KEY=… cmr memory rotate-key.

    The present key comes from REWEAVING_KEY. The new one is asked for where no variable holds it and
    somebody sits at a terminal. It is never an argument: those can be read by others.
    """
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.opening import opened, shown_place
    from reweaving.cli.memory.printing import Printer
    from reweaving.memory.privacy.keys import from_keyring

    if decrypt and keyring is not None:
        raise InputError(
            "--decrypt takes the encryption away, --keyring names a new key: one of both"
        )
    place = shown_place(memory)
    with opened(memory, namespace) as held:
        new = None
        if not decrypt:
            new = _from_environment(variable) if keyring is None else from_keyring(keyring)
        question = (
            f"Write all of {place} without encryption?"
            if decrypt
            else f"Encrypt all of {place} with the new key? The present one opens nothing afterwards."
        )
        confirm(question, yes)
        files = held.rotate_key(new)
    busy = [name for name, what in files.items() if what == "busy"]
    told = f"{place} is {'not encrypted' if decrypt else 'encrypted with the new key'} now"
    if busy:
        told += f"; {', '.join(busy)} could not be rewritten, another program is reading: close it"
    Printer(output).done(told, {"encrypted": not decrypt, "files": files})


def quarantine(
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="Ids, or their beginnings.")
    ] = None,
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    allow: Annotated[
        bool, typer.Option("--allow", help="Believe these entries from now on.")
    ] = False,
    output: OutputOption = Output.table,
) -> None:
    """Show what nobody vouches for; cmr memory quarantine --allow 3f2a lets it be recalled."""
    from reweaving.cli.memory.choosing import resolved
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer

    if allow != bool(entries):
        raise InputError("--allow needs ids, and ids need --allow; neither of both shows the list")
    with opened(memory, namespace) as held:
        if not entries:
            Printer(output).entries(held.quarantine())
            return
        ids = resolved(held, entries)
        held.release(*ids)
    Printer(output).done(f"released {len(ids)} entries", {"ids": ids, "trust": "user"}, ids)


def opt_out(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    off: Annotated[bool, typer.Option("--off", help="Keep again what is said.")] = False,
    output: OutputOption = Output.table,
) -> None:
    """Keep nothing new in a namespace; what is there stays until it is forgotten."""
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer

    with opened(memory, namespace) as held:
        held.opt_out(not off)
        state = held.opted_out
    told = f"{namespace!r} keeps {'nothing new' if state else 'what is said'} from now on"
    Printer(output).done(told, {"namespace": namespace, "opted_out": state})


def _from_environment(variable: str) -> str:
    """The new key out of a variable, or from whoever sits at the terminal."""
    found = os.environ.get(variable, "")
    if found:
        return found
    if not sys.stdin.isatty():
        raise InputError(
            f"there is no new key: put it into the environment as {variable}, name another variable "
            "with --from-env, or a key of the keyring with --keyring"
        )
    return str(typer.prompt("New key", hide_input=True, confirmation_prompt=True, err=True))
