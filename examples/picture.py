"""A picture of which memory each answer attended to."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

from answering import Reply
from matplotlib import pyplot as plt
from matplotlib.patches import Patch
from stories import Question

_COLOURS = ("#4477aa", "#228833", "#cc6677")
_OTHER = "#bbbbbb"


def draw(path: Path, questions: list[Question], replies: list[Reply], stories: set[str]) -> None:
    """One group of bars for each question: its woven spans, by their share of attention."""
    colours = dict(zip(sorted(stories), _COLOURS, strict=True))
    rows = max(sum(max(len(reply.woven), 1) for reply in replies), 1)
    figure, axes = plt.subplots(figsize=(12, 1.5 + 0.32 * (rows + len(replies))))
    place, ticks, labels = 0, [], []
    longest = max((span.attention for reply in replies for span in reply.woven), default=1.0)
    for question, reply in zip(questions, replies, strict=True):
        ticks.append(place + (max(len(reply.woven), 1) - 1) / 2)
        labels.append(question.text)
        for span in reply.woven:
            axes.barh(place, span.attention, color=colours.get(span.session, _OTHER), height=0.85)
            text = span.text if len(span.text) <= 90 else f"{span.text[:87]}…"
            axes.text(
                span.attention + longest * 0.01, place, text.replace("\n", " "), va="center", size=7
            )
            place += 1
        place += 1 if reply.woven else 2
    axes.set_yticks(ticks, labels, size=8)
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 2.2)
    axes.set_xlabel("share of attention, mean over answer tokens, layers and heads")
    axes.set_title("Which memory each answer attended to")
    legend = [
        *(Patch(color=colours[name], label=name) for name in colours),
        Patch(color=_OTHER, label="other"),
    ]
    axes.legend(handles=legend, loc="lower right", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)
