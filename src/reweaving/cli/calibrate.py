"""`cmr calibrate`: measure what a model's own states, heads and answers are worth for recall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reweaving.cli.loading import DeviceOption
from reweaving.cli.memory.options import WHOSE, NamespaceOption

if TYPE_CHECKING:
    from rich.table import Table
    from transformers import PreTrainedModel

    from reweaving.memory.memory import Memory
    from reweaving.retrieval.calibration import Calibration


def calibrate(
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    memory: Annotated[
        str,
        typer.Option(
            "--memory",
            "-m",
            envvar="CMR_MEMORY",
            help="Memory to keep the calibration in: a folder or an address.",
        ),
    ] = "",
    namespace: NamespaceOption = WHOSE,
    device: DeviceOption = "auto",
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
    from reweaving.cli.memory.opening import shown_place
    from reweaving.experiments.calibrating import CalibrationSize, calibrate
    from reweaving.memory.memory import Memory

    console = Console()
    # What is wrong with a place is better known before minutes of measuring.
    if json_file is not None:
        prepare_file(json_file)
    if memory:
        Memory.open(memory, namespace).close()
    # As chat loads it: a calibration is found by the fingerprint, which the dtype is part of.
    loaded, tokenizer = load_model(model, device=device)
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
    if memory:
        with Memory.open(memory, namespace) as opened:
            found.keep(opened)
            left = _left_out(found, opened, loaded)
        place = f"{shown_place(memory)}, namespace {namespace}"
        console.print(f"kept in {place}: attach uses it from now on{left}")
    if json_file is not None:
        json_file.write_text(json.dumps(found.as_note(), indent=1) + "\n", "utf-8")
        console.print(f"written to {json_file}")


def _left_out(found: Calibration, memory: Memory, model: PreTrainedModel) -> str:
    """What attach cannot take over where entries have the keys of another layer, in words."""
    from reweaving.memory.bound_model import bound_model
    from reweaving.retrieval.calibration_use import settled_key_layer

    depth = int(model.config.get_text_config(decoder=True).num_hidden_layers)
    layer = settled_key_layer(None, range(depth), depth, memory, found.fingerprint, found)
    if layer == found.key_layer or bound_model(memory).fingerprint != found.fingerprint:
        return ""
    return (
        f", but not its key layer and gate: the entries that are there have the keys of layer {layer}; "
        "an empty namespace takes over all of it"
    )


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
