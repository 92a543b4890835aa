"""One conversation: what is said is committed before it is answered."""

from __future__ import annotations

import datetime
import sys
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from transformers import TextStreamer

from reweaving.cli.interrupt import stopped_by_ctrl_c
from reweaving.errors import InputError

if TYPE_CHECKING:
    from reweaving import MemoryEntry, Reweaver

_RECENT_MESSAGES = 4  # of this conversation, given as text; what is older comes from memory
_HELP = """/memory        the newest entries of this namespace
/why           what was woven for the last answer, and its share of attention
/forget TEXT   forget every entry that contains the text
/forget all    forget everything in this namespace
/quit          leave; Ctrl-C stops an answer, and leaves at the prompt"""


class Conversation:
    """Reads lines, remembers them, and streams answers, until the input ends.

    Parameters
    ----------
    woven
        A model with a memory.
    console
        Where answers go.
    max_new_tokens
        Longest answer.
    """

    def __init__(self, woven: Reweaver, console: Console, max_new_tokens: int) -> None:
        self._woven = woven
        self._console = console
        self._max_new_tokens = max_new_tokens
        self._recent: list[dict[str, str]] = []
        self._session = _new_session()

    def run(self) -> None:
        """Answer until ``/quit``, the end of the input, or Ctrl-C at the prompt."""
        while True:
            try:
                line = self._read_line()
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return
            if line == "/quit":
                return
            try:
                self._obey(line) if line.startswith("/") else self._answer(line)
            except InputError as error:
                self._console.print(escape(str(error)), style="red")
            except KeyboardInterrupt:
                self._console.print("\n(stopped)", style="dim")

    def _read_line(self) -> str:
        if sys.stdin.isatty():
            return input("› ").strip()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def _answer(self, text: str) -> None:
        if not text:
            return
        question = {"role": "user", "content": text}
        inputs = self._inputs([*self._recent, question])
        said = _Answer(
            self._woven.tokenizer,
            self._console,
            lambda: self._woven.remember(text, session=self._session, role="user"),
        )
        with stopped_by_ctrl_c() as stop:
            try:
                self._woven.model.generate(
                    **inputs,
                    max_new_tokens=self._max_new_tokens,
                    do_sample=False,
                    streamer=said,
                    stopping_criteria=[stop],
                )
            finally:
                # Stopped while memory was being searched: what was said is kept all the same.
                said.commit()
        if stop.asked:
            raise KeyboardInterrupt
        # An answer that was stopped is not kept: half a sentence would be continued in the next.
        if said.text.strip():
            self._woven.remember(said.text, session=self._session, role="assistant")
            answer = {"role": "assistant", "content": said.text}
            self._recent = [*self._recent, question, answer][-_RECENT_MESSAGES:]

    def _inputs(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        tokenizer, model = self._woven.tokenizer, self._woven.model
        if getattr(tokenizer, "chat_template", None):
            encoded = tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"
            )
        else:
            encoded = tokenizer(messages[-1]["content"], return_tensors="pt")
        moved: dict[str, Any] = dict(encoded.to(model.device))
        return moved

    def _obey(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        commands: dict[str, Callable[[], None]] = {
            "/help": lambda: self._console.print(_HELP),
            "/memory": self._show_memory,
            "/why": self._show_why,
            "/forget": lambda: self._forget(rest.strip()),
        }
        if command not in commands:
            raise InputError(f"there is no command {command}; /help lists what there is")
        commands[command]()

    def _show_memory(self) -> None:
        entries = self._woven.memory.newest(20)
        if not entries:
            self._console.print("nothing is remembered yet", style="dim")
            return
        table = Table("read", "session", "said by", "text", "woven")
        for entry in entries:
            table.add_row(
                _clock(entry), _short(entry.sequence_id), entry.role, escape(entry.text.strip()),
                f"{entry.access_count}×",
            )  # fmt: skip
        self._console.print(table)

    def _show_why(self) -> None:
        record = self._woven.last_weave
        hits = [] if record is None else record.recollections
        if record is None or not hits:
            self._console.print("nothing was woven into the last answer", style="dim")
            return
        try:
            shares = record.attention
        except InputError:
            # An answer that was stopped has no tokens whose attention could be measured.
            shares = {}
        table = Table("text", "session", "score", "share of attention")
        for hit in hits:
            share = f"{shares[hit.entry.id]:.1%}" if hit.entry.id in shares else "–"
            session = _short(hit.entry.sequence_id)
            table.add_row(escape(hit.text.strip()), session, f"{hit.score:.2f}", share)
        self._console.print(table)

    def _forget(self, what: str) -> None:
        if not what:
            raise InputError("/forget needs a text that occurs in the entries, or all")
        memory = self._woven.memory
        receipt = memory.forget(namespace=True) if what == "all" else memory.forget(text=what)
        # The running conversation may hold it too; a new one begins.
        self._recent, self._session = [], _new_session()
        self._console.print(f"forgot {len(receipt.ids)} entries, {receipt.tokens} tokens")


class _Answer(TextStreamer):
    """Prints tokens as they come; the prompt's arrival, after recall, is the moment to commit."""

    def __init__(self, tokenizer: Any, console: Console, remember: Callable[[], object]) -> None:
        super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self.text = ""
        self._console = console
        self._remember = remember
        self._committed = False

    def commit(self) -> None:
        """Remember the question, once."""
        if not self._committed:
            self._remember()
            self._committed = True

    def put(self, value: Any) -> None:
        self.commit()
        TextStreamer.put(self, value)

    def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
        self.text += text
        self._console.print(text, end="\n" if stream_end else "", markup=False, soft_wrap=True)


def _new_session() -> str:
    day = datetime.datetime.now().astimezone().strftime("%Y-%m-%d")
    return f"chat {day} {uuid.uuid4().hex[:6]}"


def _clock(entry: MemoryEntry) -> str:
    return datetime.datetime.fromtimestamp(entry.timestamp).astimezone().strftime("%m-%d %H:%M")


def _short(session: int | str) -> str:
    text = str(session)
    return text if len(text) <= 24 else f"{text[:21]}…"
