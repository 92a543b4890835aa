"""Pictures of results, as PNG; drawn without a display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_COLOURS = ("#2b5fb3", "#9aa3ad", "#c77d2e", "#3a8f6b", "#7a5aa8", "#b3432b")
_LEGEND_COLUMNS = 5

Measured = tuple[float, float, float]
"""A value, and where its interval begins and ends."""


def bars(path: Path, title: str, y: str, groups: Mapping[str, Mapping[str, Measured]]) -> None:
    """Bars side by side: one colour per group, one place per name."""
    figure, axes = _canvas(title)
    names = list(next(iter(groups.values())))
    width = 0.8 / len(groups)
    for number, (group, values) in enumerate(groups.items()):
        places = [at + (number - (len(groups) - 1) / 2) * width for at in range(len(names))]
        heights = [values[name][0] for name in names]
        below = [max(values[name][0] - values[name][1], 0.0) for name in names]
        above = [max(values[name][2] - values[name][0], 0.0) for name in names]
        colour = _COLOURS[number % len(_COLOURS)]
        axes.bar(places, heights, width * 0.92, label=group, color=colour)
        axes.errorbar(places, heights, [below, above], fmt="none", ecolor="#333333", capsize=2)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel(y)
    axes.set_ylim(bottom=0)
    _finish(figure, axes, path)


def lines(
    path: Path, title: str, x: str, y: str, curves: Mapping[str, Sequence[tuple[float, float]]]
) -> None:
    """One line per curve, with its points."""
    figure, axes = _canvas(title)
    for number, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        axes.plot(*zip(*points, strict=True), marker="o", label=name, color=colour)
    axes.set_xticks(sorted({place for points in curves.values() for place, _ in points}))
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_ylim(bottom=0)
    _finish(figure, axes, path)


def _canvas(title: str) -> tuple[Any, Any]:
    # Not pyplot: it keeps every figure, and asks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _finish(figure: Any, axes: Any, path: Path) -> None:
    # Below the axes, where it covers nothing that was measured.
    names = axes.get_legend_handles_labels()[1]
    figure.legend(loc="outside lower center", ncols=min(len(names), _LEGEND_COLUMNS), frameon=False)
    figure.savefig(path, metadata={"Software": None})
