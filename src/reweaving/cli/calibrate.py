"""`cmr calibrate`: measure what a model's own states, heads and answers are worth for recall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from reweaving.retrieval.calibration import Calibration


def calibrate(
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    memory: Annotated[
        str, typer.Option(help="Memory to keep the calibration in: a folder or an address.")
    ] = "",
    namespace: Annotated[str, typer.Option(help="Its namespace.")] = "default",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the calibration here as well.")
    ] = None,
    false_weave_rate: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Ordinary requests that may get a memory."),
    ] = 0.05,
    quick: Annotated[bool, typer.Option(help="A small sample, for a first look.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the probes.")] = 0,
) -> None:
    """Find key layer, retrieval heads, the gate's threshold, and whether the model is a judge."""
    import json

    from rich.console import Console
    from rich.progress import Progress

    from reweaving.cli.files import prepare_file
    from reweaving.cli.loading import load_model
    from reweaving.embedded.loading import load_embedded
    from reweaving.experiments.calibrating import CalibrationSize, calibrate
    from reweaving.memory.memory import Memory

    console = Console()
    # What is wrong with a place is better known before minutes of measuring.
    if json_file is not None:
        prepare_file(json_file)
    if memory:
        Memory.open(memory, namespace).close()
    # The embedded model's calibration holds in any dtype, and half the width is twice as fast.
    loaded, tokenizer = load_model(model) if model else load_embedded(dtype="auto")
    size = CalibrationSize(history_tokens=700, each_kind=4) if quick else CalibrationSize()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("calibrating", total=None)

        def progress(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"calibrating {what}".strip())

        found = calibrate(
            loaded,
            tokenizer,
            model or str(loaded.config.name_or_path),
            progress,
            size=size,
            false_weave_rate=false_weave_rate,
            seed=seed,
        )
    console.print(_table(found))
    if json_file is not None:
        json_file.write_text(json.dumps(found.as_note(), indent=1) + "\n", "utf-8")
        console.print(f"written to {json_file}")
    if memory:
        with Memory.open(memory, namespace) as opened:
            found.keep(opened)
        console.print(f"kept in {memory}, namespace {namespace}: attach uses it from now on")


def _table(found: Calibration) -> Table:
    from rich.table import Table

    table = Table(title=f"{found.model}, {found.fingerprint[:12]}", title_justify="left")
    table.add_column("figure")
    table.add_column("value")
    heads = ", ".join(f"{layer}.{head} ({share:.2f})" for layer, head, share in found.heads[:6])
    table.add_row("key layer", str(found.key_layer))
    table.add_row("retrieval heads (layer.head)", heads)
    table.add_row("gate: least evidence", f"{found.threshold:g}")
    judge = "off: it would not help" if found.judge is None else found.judge.model_dump_json()
    table.add_row("judge", judge)
    for name, value in found.figures.items():
        table.add_row(name.replace("_", " "), f"{value:.4g}")
    return table
