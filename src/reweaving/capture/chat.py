"""A tokenizer's chat template, turn by turn: what opens a session, what one message adds."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reweaving.capture.template import ChatTemplate

_MARK = "\u2042"  # an asterism: stands for a message's text while the opening is learned
_SPEAKERS = ("user", "assistant")


@dataclass(frozen=True)
class Piece:
    """One message as tokens; ``start`` and ``stop`` bound its own text, the rest is the template's."""

    ids: tuple[int, ...]
    text: str
    role: str
    start: int
    stop: int


def find_start_id(model: Any, tokenizer: Any) -> int | None:
    """The token that sequences begin with, where tokenizer or model have one in the vocabulary.

    A config of a smaller vocabulary often still names its family's start token, which is not in it.
    """
    vocabulary = int(model.config.get_text_config(decoder=True).vocab_size)
    for owner in (tokenizer, model.config):
        value = getattr(owner, "bos_token_id", None)
        if isinstance(value, int) and 0 <= value < vocabulary:
            return value
    return None


class ChatFormat:
    """How sessions are written for one tokenizer, with its chat template or as plain paragraphs.

    Parameters
    ----------
    tokenizer
        A Hugging Face tokenizer, or None for models that are only fed token ids.
    start_id
        The start token, when the model has one.
    """

    def __init__(self, tokenizer: Any, start_id: int | None) -> None:
        self.tokenizer = tokenizer
        self.start_id = start_id
        template = ChatTemplate.of(tokenizer)
        self._around = {role: (template.opens[role], template.closes[role]) for role in _SPEAKERS}

    def opening(self, system: str | None = None) -> list[int]:
        """Tokens of a session before its first message: start token and system prompt."""
        text = ""
        if self._templated:
            messages = [{"role": "user", "content": _MARK}]
            if system is not None:
                messages.insert(0, {"role": "system", "content": system})
            rendered = self._render(messages)
            before, _ = self._around["user"]
            text = rendered[: rendered.rindex(before + _MARK)] if before + _MARK in rendered else ""
        elif system is not None:
            text = system + "\n"
        ids = self._encode(text)
        if self.start_id is not None and ids[:1] != [self.start_id] and not self._starts_itself:
            ids.insert(0, self.start_id)
        return ids

    def piece(self, text: str, role: str = "user") -> Piece:
        """One message with what the template puts around it."""
        before, after = self._around.get(role, self._around["user"])
        head, tail = self._encode(before), self._encode(after)
        body = self._encode(text, spelt_out=True)
        return Piece((*head, *body, *tail), text, role, len(head), len(head) + len(body))

    def request(self, text: str, system: str | None = None) -> list[int]:
        """A whole prompt that asks for an answer to one message."""
        if not self._templated:
            return [*self.opening(system), *self._encode(text)]
        messages = [{"role": "user", "content": text}]
        if system is not None:
            messages.insert(0, {"role": "system", "content": system})
        return self._encode(self._render(messages, ask=True))

    def asking(self, words: Sequence[int]) -> tuple[list[int], int, int]:
        """A message of these tokens alone, up to where its answer begins, and where they lie in it."""
        before, after = self._around["user"]
        head = self._encode(before)
        ids = [*head, *words, *self._encode(after), *self.answer_opening()]
        return ids, len(head), len(head) + len(words)

    def answer_opening(self) -> list[int]:
        """What stands before an answer: the template's opening of the assistant's turn."""
        return self._encode(self._around["assistant"][0])

    def question_of(self, ids: Sequence[int], longest: int = 64) -> tuple[int, int]:
        """Where in a prompt the last user message's own tokens lie: ``(start, stop)``.

        Falls back to the last ``longest`` tokens when the prompt was not written with the template.
        """
        before, after = self._around["user"]
        head, tail = self._encode(before), self._encode(after)
        at = _last_run(ids, head) if head else -1
        if at < 0:
            return max(0, len(ids) - longest), len(ids)
        start = at + len(head)
        length = _first_run(ids[start:], tail) if tail else -1
        return start, (start + length if length > 0 else len(ids))

    @cached_property
    def _speller(self) -> Any:
        """A tokenizer for what people say.

        A fast one keeps `split_special_tokens` between calls, where another thread would find it; of this one it never
        changes. Made when something is said, because a copy of a large vocabulary takes a while.
        """
        return copy.deepcopy(self.tokenizer)

    @property
    def _templated(self) -> bool:
        return bool(getattr(self.tokenizer, "chat_template", None))

    @property
    def _starts_itself(self) -> bool:
        # ChatML-like templates open every message with the start token, so an empty opening is complete.
        before, _ = self._around["user"]
        return self._encode(before)[:1] == [self.start_id]

    def _render(self, messages: list[dict[str, str]], ask: bool = False) -> str:
        return str(
            self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=ask)
        )

    def _encode(self, text: str, *, spelt_out: bool = False) -> list[int]:
        """Token ids; `spelt_out` for what somebody says, who could write the template's own marks."""
        if not text:
            return []
        if spelt_out:
            made = self._speller(text, add_special_tokens=False, split_special_tokens=True)
        else:
            made = self.tokenizer(text, add_special_tokens=False)
        return list(made["input_ids"])


def _last_run(ids: Sequence[int], run: Sequence[int]) -> int:
    for at in range(len(ids) - len(run), -1, -1):
        if list(ids[at : at + len(run)]) == list(run):
            return at
    return -1


def _first_run(ids: Sequence[int], run: Sequence[int]) -> int:
    for at in range(len(ids) - len(run) + 1):
        if list(ids[at : at + len(run)]) == list(run):
            return at
    return -1
