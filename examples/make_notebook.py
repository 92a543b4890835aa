"""Writes ``tour.ipynb`` from the scripts beside it: one cell of words and one of code for each."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STORIES = ("support_assistant", "writing_copilot", "banking_helper")
PARTS = ("basic_integration", "mistral_integration", "own_scorer", "own_strategy", "own_store")


def cell(kind: str, text: str, name: str) -> dict[str, Any]:
    made = {"cell_type": kind, "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
    return made if kind == "markdown" else {**made, "execution_count": None, "outputs": []}


def cells(script: str) -> list[dict[str, Any]]:
    """A script's docstring as words, and the rest of it as code that ends with a call of ``main``."""
    source = (HERE / f"{script}.py").read_text("utf-8")
    words = ast.get_docstring(ast.parse(source)) or script
    code = source.split('"""', 2)[2].split('\n\nif __name__ == "__main__":')[0]
    for line in ("from __future__ import annotations", "from assistant import told_and_asked"):
        code = code.replace(f"{line}\n\n", "")  # what stories share stands in a cell before them
    code = code.strip()
    title = script.replace("_", " ").capitalize()
    return [
        cell("markdown", f"## {title}\n\n{words}", f"{script}-words"),
        cell("code", f"{code}\n\n\nmain();" if "def main(" in code else code, f"{script}-code"),
    ]


def notebook() -> str:
    made = {
        "cells": [
            cell("markdown", "# Contextual Memory Reweaving: a tour", "title"),
            *(one for script in ("assistant", *STORIES, *PARTS) for one in cells(script)),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (HERE / "tour.ipynb").write_text(notebook(), "utf-8")
