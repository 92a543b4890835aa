"""One question asked in three ways, with the time until its first token."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from stories import Talk, messages
from transformers import DynamicCache
from transformers.generation.streamers import BaseStreamer

from reweaving import Reweaver

_ANSWER_TOKENS = 32
_CHUNK_TOKENS = 1024


@dataclass(frozen=True)
class Woven:
    """A span that was woven for an answer."""

    text: str
    session: str
    score: float
    attention: float


@dataclass(frozen=True)
class Reply:
    """An answer, how long its first token took, and what it was woven from."""

    text: str
    first_token_seconds: float
    woven: list[Woven] = field(default_factory=list)


class FirstToken(BaseStreamer):
    """Notes when the first token comes; the prompt itself is put first."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.seconds = 0.0
        self._puts = 0

    def put(self, value: Any) -> None:  # noqa: ARG002
        self._puts += 1
        if self._puts == 2:
            self.seconds = time.perf_counter() - self.started

    def end(self) -> None:
        pass


class Asker:
    """Asks the model behind a memory."""

    def __init__(self, woven: Reweaver) -> None:
        self.woven = woven
        self.model, self.tokenizer = woven.model, woven.tokenizer
        self._history: Any = None
        self._history_seconds = 0.0

    def warm_up(self) -> None:
        """The first request of a process pays for what later ones find ready."""
        self.with_memory("Hello.")

    def without(self, question: str) -> Reply:
        """The plain model."""
        with self.woven.paused():
            return self._generate(self._prompt([{"role": "user", "content": question}]))

    def with_memory(self, question: str) -> Reply:
        """`generate` recalls and weaves by itself; attention is measured afterwards."""
        reply = self._generate(self._prompt([{"role": "user", "content": question}]))
        record = self.woven.last_weave
        if record is None:
            return reply
        shares = record.attention
        spans = [
            Woven(hit.text.strip(), str(hit.entry.sequence_id), hit.score, shares[hit.entry.id])
            for hit in record.recollections
        ]
        return Reply(reply.text, reply.first_token_seconds, spans)

    def paste(self, history: list[tuple[str, Talk]]) -> tuple[float, float]:
        """Read the history as text, as much of its end as the window holds beside a question.

        Returns
        -------
        share, seconds
            The share of the messages that fits, and how long the model reads.
        """
        told = [message for _, talk in history for message in messages(talk)]
        room = self.model.config.max_position_embeddings - 2 * _ANSWER_TOKENS - 64
        first = 0
        while len(self._ids(told[first:])) > room:
            first += 2
        self._messages = told[first:]
        ids = torch.tensor([self._ids(self._messages)])
        cache = DynamicCache(config=self.model.config)
        started = time.perf_counter()
        with torch.no_grad(), self.woven.paused():
            for at in range(0, ids.shape[1], _CHUNK_TOKENS):
                self.model(ids[:, at : at + _CHUNK_TOKENS], past_key_values=cache, logits_to_keep=1)
        self._history, self._history_seconds = cache, time.perf_counter() - started
        return len(self._messages) / len(told), self._history_seconds

    def with_history(self, question: str) -> Reply:
        """The history as text before the question; its first token waits for all of it."""
        prompt = self._prompt([*self._messages, {"role": "user", "content": question}])
        read = self._ids(self._messages)
        if prompt[0, : len(read)].tolist() != read:
            raise RuntimeError("the prompt does not begin with the history that was read")
        with self.woven.paused():
            reply = self._generate(prompt, past_key_values=copy.deepcopy(self._history))
        return Reply(reply.text, reply.first_token_seconds + self._history_seconds)

    def _ids(self, messages: list[dict[str, str]]) -> list[int]:
        text = self.tokenizer.apply_chat_template(messages, tokenize=False)
        # Longer than the window while it is being cut to fit; no need to warn of that.
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _prompt(self, messages: list[dict[str, str]]) -> torch.Tensor:
        text = self.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True
        )
        return torch.tensor([self.tokenizer(text, add_special_tokens=False)["input_ids"]])

    def _generate(self, prompt: torch.Tensor, **more: Any) -> Reply:
        watch = FirstToken()
        output = self.model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=_ANSWER_TOKENS,
            do_sample=False,
            streamer=watch,
            **more,
        )
        text = self.tokenizer.decode(output[0, prompt.shape[1] :], skip_special_tokens=True)
        return Reply(" ".join(text.split()), watch.seconds)
