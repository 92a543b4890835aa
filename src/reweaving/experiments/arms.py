"""The ways in which an experiment lets a model answer: with its memory, and the controls."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from reweaving.experiments.tasks import Item
from reweaving.registry import Registry
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry

ARMS: Registry[Arm] = Registry(
    "arm",
    {
        name: f"reweaving.experiments.arms:{name}"
        for name in ("memory", "memory_off", "random_memory", "text_search", "full_text")
    },
    group="reweaving.arms",
)


@dataclass(frozen=True)
class Question:
    """One question, the model it is asked of, and what stands in its memory.

    Attributes
    ----------
    held
        Every entry of the data set, without states.
    draw
        For controls that draw.
    """

    woven: Reweaver
    item: Item
    held: Sequence[MemoryEntry]
    draw: random.Random

    @property
    def budget(self) -> int:
        """Most tokens of memory, the same for every arm."""
        return self.woven.config.budget_tokens


@dataclass(frozen=True)
class Asked:
    """What the model is given: its prompt, what is woven meanwhile, and how much memory that is."""

    prompt: str
    weaving: Callable[[], AbstractContextManager[Any]]
    memory_tokens: int = 0


Arm = Callable[[Question], Asked]


def memory(asked: Question) -> Asked:
    """What recall finds, woven."""
    hits = asked.woven.recall(asked.item.question)
    return Asked(
        asked.item.question, lambda: asked.woven.weaving(hits), sum(hit.tokens for hit in hits)
    )


def memory_off(asked: Question) -> Asked:
    """The plain model."""
    return Asked(asked.item.question, asked.woven.paused)


def random_memory(asked: Question) -> Asked:
    """As many tokens as the budget allows, of entries drawn at random, woven."""
    chosen, room = [], asked.budget
    for entry in asked.draw.sample(list(asked.held), len(asked.held)):
        if entry.tokens <= room:
            chosen.append(entry)
            room -= entry.tokens
    return Asked(
        asked.item.question, lambda: asked.woven.weaving(chosen), sum(e.tokens for e in chosen)
    )


def text_search(asked: Question) -> Asked:
    """What a word search (BM25) finds, pasted in as text."""
    texts, used = [], 0
    for hit in asked.woven.memory.search(asked.item.question, limit=len(asked.held)):
        if used + hit.tokens <= asked.budget:
            texts.append(hit.text)
            used += hit.tokens
    return Asked(_pasted(texts, asked.item.question), asked.woven.paused, used)


def full_text(asked: Question) -> Asked:
    """The right session pasted in whole: what reading again would give."""
    texts = [text for _, text in asked.item.context]
    tokens = len(asked.woven.tokenizer("\n".join(texts))["input_ids"])
    return Asked(_pasted(texts, asked.item.question), asked.woven.paused, tokens)


class Answer(NamedTuple):
    """What the model said, how many tokens that is, and whether its prompt lost its beginning to the window."""

    text: str
    tokens: int
    truncated: bool


@torch.no_grad()
def answered(woven: Reweaver, asked: Asked, max_new_tokens: int) -> Answer:
    """The model's greedy answer; of a prompt that is longer than the model's window only the end is read."""
    whole = torch.tensor([woven.chat.request(asked.prompt, woven.config.system)])
    window = woven.adapter.trained_length - max_new_tokens
    ids = whole[:, -window:].to(woven.adapter.entry_device)
    with asked.weaving():
        made = woven.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=max_new_tokens,
            do_sample=False,
            pad_token_id=woven.tokenizer.pad_token_id or woven.tokenizer.eos_token_id,
        )[0, ids.shape[1] :]
    text = str(woven.tokenizer.decode(made, skip_special_tokens=True)).strip()
    return Answer(text, len(made), whole.shape[1] > window)


def _pasted(texts: Sequence[str], question: str) -> str:
    return "\n".join((*texts, "", question)) if texts else question
