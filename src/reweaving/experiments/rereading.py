"""Answers from memory as text: the spans' own tokens stand before the question and are read again."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch

from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry
from reweaving.weaving.positions import in_reading_order


class Rereader:
    """Lets the plain model of an attached one answer with text before the question.

    A prompt is the session's opening, the spans with their chat markup in the order in which they
    were said, and the question: what one pass over the same tokens would see.
    """

    def __init__(self, woven: Reweaver, longest_answer_tokens: int) -> None:
        self._woven, self._longest = woven, longest_answer_tokens
        self._opening = woven.chat.opening(woven.config.system)

    def answers(
        self, questions: Sequence[str], spans: Sequence[Sequence[MemoryEntry]]
    ) -> list[str]:
        """Answer each question behind its own spans."""
        prompts = [
            [*self._opening, *_tokens(row), *self._question(text)]
            for text, row in zip(questions, spans, strict=True)
        ]
        return self._generated(prompts, [], None)

    @torch.no_grad()
    def answers_after(self, spans: Sequence[MemoryEntry], questions: Sequence[str]) -> list[str]:
        """Answer all questions behind the same spans, which are read once."""
        before = [*self._opening, *_tokens(spans)]
        with self._woven.paused():
            read = self._woven.model(input_ids=torch.tensor([before]), use_cache=True)
        return self._generated(
            [self._question(text) for text in questions], before, read.past_key_values
        )

    def _question(self, text: str) -> list[int]:
        chat = self._woven.chat
        return [*chat.piece(text).ids, *chat.answer_opening()]

    @torch.no_grad()
    def _generated(
        self, prompts: Sequence[Sequence[int]], before: Sequence[int], cache: Any
    ) -> list[str]:
        tokenizer = self._woven.tokenizer
        pad, width = tokenizer.pad_token_id, max(map(len, prompts))
        ids = [[*before, *[pad] * (width - len(p)), *p] for p in prompts]
        mask = [[1] * len(before) + [0] * (width - len(p)) + [1] * len(p) for p in prompts]
        if cache is not None:
            cache = copy.deepcopy(cache)
            cache.batch_repeat_interleave(len(prompts))
        with self._woven.paused():
            made = self._woven.model.generate(
                input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask), do_sample=False,
                pad_token_id=pad, max_new_tokens=self._longest, past_key_values=cache,
            )  # fmt: skip
        texts = tokenizer.batch_decode(made[:, len(ids[0]) :], skip_special_tokens=True)
        return [text.strip() for text in texts]


def _tokens(spans: Sequence[MemoryEntry]) -> list[int]:
    return [token for entry in in_reading_order(spans) for token in entry.token_ids]
