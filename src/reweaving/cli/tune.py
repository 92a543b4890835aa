"""`cmr tune`: train a memory adapter for the embedded model, or for any Hugging Face causal LM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reweaving.errors import InputError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from reweaving.embedded.tuning_config import StepReport


def tune(
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    out: Annotated[
        Path,
        typer.Option(help="Folder for checkpoint, log and adapter; an interrupted run resumes."),
    ] = Path("tuned"),
    steps: Annotated[int, typer.Option(min=1, help="Optimiser steps.")] = 480,
    minutes: Annotated[
        float, typer.Option(help="Stop after this many minutes; run again to go on. 0: no limit.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of dialogues and weights.")] = 0,
    start: Annotated[
        str, typer.Option(help="Folder of an adapter to go on from; by default a fresh one.")
    ] = "",
    rate: Annotated[float, typer.Option(min=1e-6, help="Learning rate at its highest.")] = 1e-3,
) -> None:
    """Train a LoRA adapter that answers from woven memory."""
    import time

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from reweaving.cli.files import prepare_folder
    from reweaving.embedded.tuning import Tuner
    from reweaving.embedded.tuning_config import TuningConfig

    if start and not (Path(start) / "adapter_config.json").is_file():
        raise InputError(f"no adapter in {start}: give the folder that cmr tune wrote")
    prepare_folder(out)
    console = Console()
    config = TuningConfig(steps=steps, seed=seed, start=start, learning_rate=rate)
    plain, tokenizer, name = _load(model)
    tuner = Tuner(plain, tokenizer, out, config, name)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    deadline = time.monotonic() + minutes * 60 if minutes else float("inf")
    with Progress(*columns, console=console) as bar:
        hearing = bar.add_task("the plain model speaks", total=config.ordinary + config.texts)
        tuner.prepare(lambda count: bar.advance(hearing, count))
        bar.update(hearing, visible=False)
        training = bar.add_task("tuning", total=steps, completed=tuner.step)

        def report(told: StepReport) -> None:
            text = f"loss {told.loss:.3f} · ordinary {told.ordinary:.4f} · {told.seconds:.1f} s"
            bar.update(training, completed=told.step, description=f"tuning · {text}")
            if not console.is_terminal and told.step % 10 == 0:
                console.print(f"step {told.step}/{told.steps} · {text} · texts {told.texts:.4f}")

        # At least once: of a run that was interrupted behind its last step, the adapter is still to be written.
        while True:
            tuner.run(report, until=tuner.step + config.save_every)
            if tuner.step >= steps or time.monotonic() >= deadline:
                break
    done = "finished" if tuner.step == steps else f"stopped at step {tuner.step} of {steps}"
    console.print(f"{done}; adapter in {out / 'adapter'}")


def _load(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, str]:
    from reweaving.cli.loading import load_model
    from reweaving.embedded.loading import load_embedded, torch_dtype
    from reweaving.embedded.weights import HUB_NAME

    if not name:
        plain, tokenizer = load_embedded(adapter=False, dtype="auto")
        return plain, tokenizer, HUB_NAME
    return *load_model(name, torch_dtype("auto")), name
