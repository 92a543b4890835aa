"""`cmr chat`: a conversation in the terminal that remembers earlier ones."""

from __future__ import annotations

from typing import Annotated

import typer

from reweaving.cli.loading import DeviceOption
from reweaving.cli.memory.options import PLACE, WHOSE, MemoryOption, NamespaceOption


def chat(
    memory: MemoryOption = PLACE,
    namespace: NamespaceOption = WHOSE,
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    device: DeviceOption = "auto",
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 256,
) -> None:
    """Talk with a model that remembers; /help lists what can be asked about its memory."""
    from rich.console import Console

    from reweaving import Memory

    console = Console(highlight=False)
    with Memory.open(memory, namespace=namespace) as opened:
        # Only now what takes seconds to import: a mistake above is answered at once.
        from reweaving import attach
        from reweaving.cli.conversation import Conversation
        from reweaving.cli.loading import load_model

        with console.status("loading the model"):
            loaded, tokenizer = load_model(model, device=device)
        with attach(loaded, tokenizer, opened) as woven:
            entries = opened.stats().entries
            console.print(f"{namespace} remembers {entries} entries · /help /memory /why /quit")
            Conversation(woven, console, max_new_tokens).run()
