"""A chat template as text: what stands before and after each turn."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_MARKS = {"system": "@@S@@", "user": "@@U@@", "assistant": "@@A@@"}


@dataclass(frozen=True)
class ChatTemplate:
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
    def of(cls, tokenizer: PreTrainedTokenizerBase | None) -> ChatTemplate:
        """Read it off the tokenizer; without a chat template, turns are plain paragraphs.

        A template that does not write turn after turn gives plain paragraphs as well, with a warning.
        """
        if tokenizer is not None and tokenizer.chat_template:
            for first in (("system",), ()):  # some templates refuse a system prompt
                try:
                    return cls._with_roles(tokenizer, first)
                except (TemplateError, ValueError):
                    continue
            warnings.warn(
                f"the chat template of {type(tokenizer).__name__} cannot be taken apart into turns; "
                "messages are kept as plain paragraphs",
                stacklevel=2,
            )
        roles = ("system", "user", "assistant")
        start = getattr(tokenizer, "bos_token", None) or ""
        return cls(start, dict.fromkeys(roles, ""), dict.fromkeys(roles, "\n"))

    @classmethod
    def _with_roles(
        cls, tokenizer: PreTrainedTokenizerBase, first: tuple[str, ...]
    ) -> ChatTemplate:
        def shown(*roles: str) -> str:
            messages = [{"role": role, "content": _MARKS[role]} for role in roles]
            return str(tokenizer.apply_chat_template(messages, tokenize=False))

        def after(text: str, role: str) -> str:
            _, mark, tail = text.rpartition(_MARKS[role])
            if not mark:
                raise ValueError(f"the chat template leaves out the role {role!r}")
            return tail

        whole = shown(*first, "user", "assistant", "user")
        if whole.count(_MARKS["user"]) != 2 or whole.count(_MARKS["assistant"]) != 1:
            raise ValueError("the chat template leaves out turns, or writes them twice")
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
