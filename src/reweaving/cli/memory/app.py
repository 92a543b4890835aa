"""The commands of `cmr memory`."""

from __future__ import annotations

from collections.abc import Callable

import typer

from reweaving.cli.memory.archiving import export, load
from reweaving.cli.memory.copying import backup, migrate, restore
from reweaving.cli.memory.editing import edit, pin, tag, unpin
from reweaving.cli.memory.forgetting import forget, prune
from reweaving.cli.memory.health import repair, verify
from reweaving.cli.memory.listing import history, list_entries, search, show, stats
from reweaving.cli.memory.privacy import opt_out, quarantine, rotate_key
from reweaving.cli.memory.reencoding import reencode

memory = typer.Typer(help="Look at a memory, change it, copy it, mend it.", no_args_is_help=True)
_COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_entries,
    "show": show,
    "search": search,
    "stats": stats,
    "pin": pin,
    "unpin": unpin,
    "tag": tag,
    "edit": edit,
    "forget": forget,
    "history": history,
    "export": export,
    "import": load,
    "backup": backup,
    "restore": restore,
    "verify": verify,
    "repair": repair,
    "prune": prune,
    "reencode": reencode,
    "migrate": migrate,
    "quarantine": quarantine,
    "opt-out": opt_out,
    "rotate-key": rotate_key,
}
for name, command in _COMMANDS.items():
    memory.command(name)(command)
