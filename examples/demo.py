"""The main job, end to end: one process reads and exits, a second one answers from memory.

`make demo` runs this file without arguments; it then starts itself twice, as ``read`` and as ``answer``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from answering import Asker, Reply
from picture import draw
from rich.console import Console
from rich.progress import track
from rich.table import Table
from stories import QUESTIONS, STORIES, Question, messages, sessions
from transformers.utils import logging

import reweaving

OUTPUT = Path("demo_output")
MEMORY = OUTPUT / "memory"
PICTURE = OUTPUT / "attention.png"
WAYS = ("with memory", "without", "history as text")


def read(console: Console) -> None:
    """First process: read every session, each committed as it is read."""
    model, tokenizer = reweaving.load_embedded()
    with (
        reweaving.Memory.open(MEMORY, namespace="demo") as memory,
        reweaving.attach(model, tokenizer, memory) as woven,
    ):
        started, spans, tokens = time.perf_counter(), 0, 0
        history = sessions()
        for name, talk in track(history, "reading", console=console, transient=True):
            entries = woven.remember(messages(talk), session=name)
            spans += len(entries)
            tokens += sum(entry.tokens for entry in entries)
        seconds = time.perf_counter() - started
    console.print(
        f"process {os.getpid()} read {len(history)} sessions, {tokens:,} tokens, and keeps them as "
        f"{spans} spans in {MEMORY} · {seconds:.0f} s, {tokens / seconds:.0f} tokens a second · exits"
    )
    if tokens <= 8192:
        sys.exit(f"the sessions have {tokens} tokens and should have more than 8,192")


def answer(console: Console, started: float) -> None:
    """Second process: open the memory again and answer, in three ways."""
    model, tokenizer = reweaving.load_embedded()
    with (
        reweaving.Memory.open(MEMORY, namespace="demo") as memory,
        reweaving.attach(model, tokenizer, memory) as woven,
    ):
        console.print(
            f"process {os.getpid()} opened {MEMORY}: {memory.stats().entries} spans of "
            f"{memory.stats().sessions} sessions"
        )
        asker = Asker(woven)
        asker.warm_up()
        replies: dict[str, list[Reply]] = {
            "with memory": [
                asker.with_memory(question.text)
                for question in track(QUESTIONS, "with memory", console=console, transient=True)
            ],
            "without": [asker.without(question.text) for question in QUESTIONS],
        }
        with console.status("reading the history as text"):
            share, seconds = asker.paste(sessions())
        replies["history as text"] = [
            asker.with_history(question.text)
            for question in track(QUESTIONS, "as text", console=console, transient=True)
        ]
        console.print(
            f"as text the window holds the last {share:.0%} of the history; reading it takes {seconds:.1f} s, "
            "which each request pays (measured once here, and its states shared by the nine)"
        )
    console.print(_answers(replies))
    console.print(_woven(replies["with memory"]))
    draw(PICTURE, QUESTIONS, replies["with memory"], set(STORIES))
    console.print(f"which memory each answer attended to: {PICTURE}")
    console.print(f"{time.time() - started:.0f} s in all, since the first process was started")
    counts = {way: sum(map(_right, QUESTIONS, replies[way])) for way in WAYS}
    console.print(" · ".join(f"{way} {counts[way]}/{len(QUESTIONS)}" for way in WAYS))


def _right(question: Question, reply: Reply) -> bool:
    return question.expected.casefold() in reply.text.casefold()


def _answers(replies: dict[str, list[Reply]]) -> Table:
    table = Table(
        "question", *WAYS, title="Answers, and seconds to the first token", show_lines=True
    )
    for number, question in enumerate(QUESTIONS):
        cells = []
        for way in WAYS:
            reply = replies[way][number]
            colour = "green" if _right(question, reply) else "red"
            text = reply.text if len(reply.text) <= 120 else f"{reply.text[:117]}…"
            cells.append(
                f"[{colour}]{text or '(nothing)'}[/] [dim]{reply.first_token_seconds:.2f} s"
            )
        table.add_row(question.text, *cells)
    return table


def _woven(replies: list[Reply]) -> Table:
    table = Table("question", "woven text", "session", "score", "attention", title="What was woven")
    for question, reply in zip(QUESTIONS, replies, strict=True):
        for place, span in enumerate(reply.woven):
            table.add_row(
                question.text if place == 0 else "",
                span.text,
                span.session,
                f"{span.score:.2f}",
                f"{span.attention:.1%}",
                end_section=place == len(reply.woven) - 1,
            )
        if not reply.woven:
            table.add_row(question.text, "(nothing)", "", "", "", end_section=True)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", nargs="?", choices=["read", "answer"])
    parser.add_argument("--started", type=float, default=time.time(), help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable_progress_bar()
    # A table that is piped into a file needs no narrow terminal.
    console = Console() if sys.stdout.isatty() else Console(width=160)
    if given.step == "read":
        read(console)
        return
    if given.step == "answer":
        answer(console, given.started)
        return
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    for name in ("read", "answer"):
        command = [sys.executable, __file__, name, "--started", str(given.started)]
        done = subprocess.run(command, check=False)
        if done.returncode:
            sys.exit(done.returncode)


if __name__ == "__main__":
    main()
