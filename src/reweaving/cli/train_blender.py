"""`cmr train-blender`: train gates, readers or translators on the user's model and text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reweaving.cli.loading import DeviceOption
from reweaving.errors import InputError


def train_blender(
    text: Annotated[list[Path], typer.Option(help="A text file to learn from; may be repeated.")],
    model: Annotated[
        str, typer.Option(help="Name or path of a causal LM; by default the embedded one.")
    ] = "",
    method: Annotated[str, typer.Option(help="direct, hierarchical, mlp or attention.")] = "mlp",
    integration: Annotated[
        str, typer.Option(help="weighted_sum, gated or attention.")
    ] = "attention",
    out: Annotated[Path, typer.Option(help="Folder for the weights.")] = Path("blender"),
    steps: Annotated[int, typer.Option(min=1, help="Optimiser steps.")] = 60,
    minutes: Annotated[
        float, typer.Option(min=0.0, help="Stop after this many minutes. 0: no limit.")
    ] = 5.0,
    lowest: Annotated[
        int, typer.Option(min=0, help="Lowest layer that will be stored; 0 for half the depth.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn.")] = 0,
    device: DeviceOption = "auto",
) -> None:
    """Train what stands between a frozen model and its memory; until then it weaves nothing."""
    from rich.console import Console
    from rich.progress import Progress

    from reweaving.cli.files import prepare_folder
    from reweaving.cli.loading import load_model
    from reweaving.training.blender import BlenderTrainer, TrainingConfig
    from reweaving.training.examples import examples_from_text
    from reweaving.weaving.settings import ReconstructionConfig

    whole = "\n\n".join(_read(path) for path in text)
    prepare_folder(out)
    config = ReconstructionConfig.exact().replace(method=method, integration_method=integration)
    plain, tokenizer = load_model(model, device=device)
    depth = int(plain.config.get_text_config(decoder=True).num_hidden_layers)
    trainer = BlenderTrainer(
        plain,
        tokenizer,
        config,
        range(lowest or depth // 2, depth) if method == "mlp" else None,
        TrainingConfig(steps=steps, seconds=minutes * 60, seed=seed),
    )
    ids = tokenizer(whole, add_special_tokens=False)["input_ids"]
    console = Console()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("training", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        examples = examples_from_text(ids, tokenizer.bos_token_id)
        measured = trainer.train(examples, out, tell)
    for name, value in measured.items():
        console.print(f"{name} {value:.4g}")
    if measured["loss_after"] >= measured["loss_before"]:
        console.print(
            "with these weights the held-out answers are no likelier than with nothing woven: "
            "give more text or more steps before you use them"
        )
    console.print(f"weights in {out}; use them with ReconstructionConfig(weights={str(out)!r}, …)")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise InputError(f"no such file: {path}; give text files to learn from") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; name another file") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is no text in UTF-8: byte {error.start} is {error.object[error.start]:#04x}; "
            "convert it, or leave it out"
        ) from error
