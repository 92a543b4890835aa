"""`cmr bench`: measure one thing, print a table, write JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from reweaving.experiments.base import BenchResult


def bench(
    name: Annotated[str, typer.Argument(help="What to measure; `list` shows the names.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write name, summary, rows and environment here.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="A small sample, for a first look.")] = False,
    full: Annotated[
        bool,
        typer.Option(
            help="All of it, however long it takes: a bench NAME-full, where there is one."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything that is drawn.")] = 0,
) -> None:
    """Measure one thing; figures come from running, never from a constant."""
    from rich.console import Console
    from rich.progress import Progress

    from reweaving.cli.files import prepare_file
    from reweaving.experiments import BENCHES

    console = Console()
    if name == "list":
        console.print("\n".join(BENCHES.names()))
        return
    run = BENCHES.get(f"{name}-full" if full else name)
    if json_file is not None:
        # A path that cannot be written is better known before an hour of measuring.
        prepare_file(json_file)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"{name} {what}".strip())

        result = run(quick, seed, progress)
    console.print(_table(f"{name}: rows", result.rows))
    console.print(_summary(name, result))
    if json_file is not None:
        _write(json_file, name, result)
        console.print(f"written to {json_file}")


def _write(path: Path, name: str, result: BenchResult) -> None:
    from reweaving.experiments.base import environment

    report = {
        "name": name,
        "summary": result.summary,
        "rows": result.rows,
        "environment": environment(),
    }
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _summary(name: str, result: BenchResult) -> Table:
    lines = [{"figure": key, "value": value} for key, value in result.summary.items()]
    return _table(f"{name}: summary", lines)


def _table(title: str, lines: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in lines[0] if lines else ():
        table.add_column(column, overflow="fold")
    for line in lines:
        table.add_row(*(_shown(value) for value in line.values()))
    return table


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(part) for part in value)
    return str(value)
