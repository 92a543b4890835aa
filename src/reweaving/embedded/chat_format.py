"""How a model writes a chat: what stands before and after each turn, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from reweaving.embedded.dialogues.scene import Turn

_MARKS = {"system": "@@S@@", "user": "@@U@@", "assistant": "@@A@@"}


@dataclass(frozen=True)
class ChatFormat:
    """The text around the turns of a chat.

    Attributes
    ----------
    start : str
        What every sequence begins with, where that is not a part of its first turn.
    opens, closes : dict of str to str
        Before and after a turn of each role; no `system` where the model knows no such role.
    """

    start: str
    opens: dict[str, str]
    closes: dict[str, str]

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase) -> ChatFormat:
        """Read the format off the tokenizer's chat template; without one, use plain labels."""
        if not getattr(tokenizer, "chat_template", None):
            roles = {"system": "", "user": "User: ", "assistant": "Assistant:"}
            ends = {"system": "\n", "user": "\n", "assistant": f"{tokenizer.eos_token or ''}\n"}
            return cls(tokenizer.bos_token or "", roles, ends)
        try:
            return cls._with_roles(tokenizer, ("system",))
        except (TemplateError, ValueError):
            return cls._with_roles(tokenizer, ())

    @classmethod
    def _with_roles(cls, tokenizer: PreTrainedTokenizerBase, first: tuple[str, ...]) -> ChatFormat:
        def shown(*roles: str) -> str:
            messages = [{"role": role, "content": _MARKS[role]} for role in roles]
            return str(tokenizer.apply_chat_template(messages, tokenize=False))

        def after(text: str, role: str) -> str:
            _, mark, tail = text.rpartition(_MARKS[role])
            if not mark:
                raise ValueError(f"the chat template leaves out the role {role!r}")
            return tail

        whole = shown(*first, "user", "assistant", "user")
        closes = {
            "user": after(shown(*first, "user"), "user"),
            "assistant": after(shown(*first, "user", "assistant"), "assistant"),
        }
        between = whole.split(_MARKS["assistant"])[1].split(_MARKS["user"])[0]
        reply = whole.split(_MARKS["user"])[1].split(_MARKS["assistant"])[0]
        opens = {
            "user": between[len(closes["assistant"]) :],
            "assistant": reply[len(closes["user"]) :],
        }
        bos = tokenizer.bos_token or ""
        start = bos if whole.startswith(bos) and not opens["user"].startswith(bos) else ""
        if first:
            before, rest = whole.split(_MARKS["system"])
            opens["system"] = before[len(start) :]
            closes["system"] = rest.split(_MARKS["user"])[0][: -len(opens["user"]) or None]
        return cls(start, opens, closes)

    def system(self, text: str | None) -> str:
        """Return the beginning of a sequence with this system prompt (or none)."""
        if text is None or "system" not in self.opens:
            return self.start
        return self.start + self.opens["system"] + text + self.closes["system"]

    def turns(self, turns: Sequence[Turn]) -> str:
        """Return complete turns as text."""
        return "".join(self.opens[t.role] + t.text + self.closes[t.role] for t in turns)
