"""What a data set holds: something that was said, a question about it, and how an answer is judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from reweaving.config import Settings
from reweaving.errors import InputError
from reweaving.registry import Registry

TASKS = ("conversation", "long_context", "question_answering", "summarization", "code_generation")


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes
    ----------
    context
        Messages of one earlier session, in order: ``(role, text)``.
    question
        What is asked in a new session.
    answers
        Any of these is right; for a summary, the reference.
    """

    context: tuple[tuple[str, str], ...]
    question: str
    answers: tuple[str, ...]


class DatasetConfig(Settings):
    """One data set.

    Parameters
    ----------
    name
        How reports call it; None for the task's name.
    task
        ``conversation``, ``long_context``, ``question_answering``, ``summarization`` or ``code_generation``.
    path
        A JSON Lines file; None for the task's generator. Each line is an object with ``context`` (a text, a
        list of texts or of ``{"role", "content"}``), ``question`` and ``answers`` (a text or a list).
    items
        How many are drawn, or read, at most.
    seed
        Of the generator.
    """

    name: str | None = None
    task: str = "question_answering"
    path: Path | None = None
    items: int = Field(default=20, gt=0)
    seed: int = 0

    def load(self) -> list[Item]:
        """The items.

        Raises
        ------
        RegistryError
            For a task that nobody knows.
        InputError
            For a file that is not there, or a line that is not as described; the message names it.
        """
        draw = GENERATORS.get(self.task)
        if self.path is None:
            found: list[Item] = draw(self.items, self.seed)
            return found
        return read_items(self.path, self.items)


GENERATORS: Registry[Any] = Registry(
    "task",
    {task: f"reweaving.experiments.task_generators:{task}" for task in TASKS},
    group="reweaving.tasks",
)


def read_items(path: Path, most: int) -> list[Item]:
    """Items of a JSON Lines file, in order."""
    if not path.is_file():
        raise InputError(f"there is no data set {path}; give a JSON Lines file")
    items: list[Item] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and len(items) < most:
                items.append(_item(line, f"{path}, line {number}"))
    if not items:
        raise InputError(f"{path} holds no items")
    return items


def _item(line: str, where: str) -> Item:
    try:
        value = json.loads(line)
        context = value["context"]
        context = [context] if isinstance(context, str) else context
        messages = tuple(
            ("user", one) if isinstance(one, str) else (str(one["role"]), str(one["content"]))
            for one in context
        )
        answers = value["answers"]
        answers = (answers,) if isinstance(answers, str) else tuple(map(str, answers))
        question = str(value["question"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{where}: {type(error).__name__} {error}; a line is an object with context, question and answers"
        ) from error
    if not messages or not question.strip() or not answers or not all(answers):
        raise InputError(f"{where}: context, question and answers must not be empty")
    return Item(messages, question, answers)
