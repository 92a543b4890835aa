"""The command `cmr`: its commands, and the one place where errors become messages."""

from __future__ import annotations

import os
import sys

import typer

from reweaving.cli.bench import bench
from reweaving.cli.calibrate import calibrate
from reweaving.cli.chat import chat
from reweaving.cli.doctor import doctor
from reweaving.cli.memory.app import memory
from reweaving.cli.train_blender import train_blender
from reweaving.cli.tune import tune
from reweaving.errors import ConfigurationError, InputError, ReweavingError

app = typer.Typer(
    name="cmr",
    help="Memory for language models, in their own attention.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (chat, bench, doctor, tune, train_blender, calibrate):
    app.command()(command)
app.add_typer(memory, name="memory")


@app.callback()
def callback() -> None:
    """Keep `cmr` a group of commands, however few there are."""


def main() -> None:
    """Run a command; a mistake ends with exit code 2, a failure with 1, both with one message.

    ``CMR_TRACEBACK=1`` in the environment shows where an error came from.
    """
    try:
        app()
    except ReweavingError as error:
        if os.environ.get("CMR_TRACEBACK"):
            raise
        sys.stderr.write(f"cmr: {error}\n")
        sys.exit(2 if isinstance(error, ConfigurationError | InputError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
