"""`cmr memory reencode`: another model for a memory."""

from __future__ import annotations

from typing import Annotated

import typer

from reweaving.cli.loading import DeviceOption
from reweaving.cli.memory.options import (
    PLACE,
    WHOSE,
    MemoryOption,
    NamespaceOption,
    Output,
    OutputOption,
    YesOption,
)


def reencode(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    device: DeviceOption = "auto",
    codec: Annotated[str, typer.Option(help="hidden, kv, replay, or auto.")] = "auto",
    yes: YesOption = False,
    output: OutputOption = Output.table,
) -> None:
    """Make all states again from the token ids: cmr memory reencode --model NAME.

    The old states are used until all new ones are there; when it was interrupted, the same command
    goes on.
    """
    from reweaving.cli.memory.asking import confirm
    from reweaving.cli.memory.opening import opened
    from reweaving.cli.memory.printing import Printer
    from reweaving.cli.memory.watching import watched
    from reweaving.memory.bound_model import bound_model

    with opened(memory, namespace) as held:
        entries, bound = held.stats().entries, bound_model(held)
        question = (
            f"Replace the states of {entries} entries of {namespace!r}, made by {bound.shown}?"
        )
        confirm(question, yes)
        # Only now what takes seconds to import: a mistake above is answered at once.
        from reweaving import ReweavingConfig, attach
        from reweaving.cli.loading import load_model

        config = ReweavingConfig(codec=codec)
        with watched("loading the model") as progress:
            loaded, tokenizer = load_model(model, device=device)
            with attach(loaded, tokenizer, config=config) as woven:
                told = held.reencode(woven, progress=progress)
    sentence = f"{told.entries} entries, {told.tokens} tokens: now of {told.now}"
    if told.retokenised:
        sentence += ", with token ids made from the texts for another tokenizer"
    Printer(output).done(sentence, told.as_dict())
