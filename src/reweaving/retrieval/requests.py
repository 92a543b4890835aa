"""From a request's token ids to what memory holds for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat
from reweaving.errors import InputError
from reweaving.events import span
from reweaving.retrieval.filters import RecallFilters
from reweaving.retrieval.judge import Judge, joined
from reweaving.retrieval.judge_parts import asked_parts
from reweaving.retrieval.judge_witness import Request
from reweaving.retrieval.retriever import Recall
from reweaving.types import Findings, Recollection, Verdict

_PROMPT_TOKENS = 1024
_ANY_BUDGET = 1_000_000  # tokens of all candidates; only what is chosen of them has to fit


@dataclass(frozen=True)
class Wanted:
    """What one call asks of recall; None is the configured value. See `Reweaver.recall`."""

    budget_tokens: int | None = None
    limit: int | None = None
    strategy: str | None = None
    task_type: str | None = None
    filters: RecallFilters | Mapping[str, Any] | None = None
    explain: bool = False


class RequestRecall:
    """Reads requests up to the key layer, and searches one memory for each.

    Parameters
    ----------
    chat
        Knows where a prompt's question stands; None where only token ids are known.
    budget_tokens
        Most tokens to find, unless a request says otherwise.
    judge
        Decides among candidates; None where the model is no judge, or has no words.
    """

    def __init__(
        self,
        recall: Recall,
        capturer: StateCapturer,
        chat: ChatFormat | None,
        budget_tokens: int,
        judge: Judge | None = None,
    ) -> None:
        self._recall, self._capturer, self._chat = recall, capturer, chat
        self._budget_tokens, self._judge = budget_tokens, judge

    def rows(
        self,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        wanted: Wanted = Wanted(),
    ) -> list[Findings]:
        """What memory holds for each row, best first.

        Parameters
        ----------
        ids, mask
            Prompts, shape ``(batch, seq)``; 0 in the mask for padding.
        wanted
            Budgets, strategy and conditions.

        Raises
        ------
        InputError
            For a budget or a limit below one.
        """
        asked_for = wanted.budget_tokens
        tokens = self._budget_tokens if asked_for is None else asked_for
        if tokens <= 0:
            raise InputError(f"budget = {tokens}: a recall needs a budget of at least one token")
        if wanted.limit is not None and wanted.limit < 1:
            raise InputError(f"limit = {wanted.limit}: a recall needs a limit of at least one span")
        with span("recall", self._capturer.adapter.model) as told:
            found = self._found(ids, mask, tokens, wanted)
            told.count(
                rows=len(found),
                entries=sum(len(row) for row in found),
                tokens=sum(hit.tokens for row in found for hit in row),
            )
        return found

    def _found(
        self, ids: torch.Tensor, mask: torch.Tensor | None, tokens: int, wanted: Wanted
    ) -> list[Findings]:
        found = []
        for whole, (row, states) in zip(ids.tolist(), self.states(ids, mask), strict=True):
            start, stop = (0, len(row)) if self._chat is None else self._chat.question_of(row)
            words = row[start:stop]
            pieces = [self._capturer.text([token]) for token in words]
            asked = _Asked(words, pieces, states[start:stop], _side_by_side(whole))
            found.append(self._one(asked, tokens, wanted))
        return found

    def states(
        self, ids: torch.Tensor, mask: torch.Tensor | None
    ) -> list[tuple[list[int], torch.Tensor]]:
        """Each row's token ids, and their key-layer states ``(tokens, hidden)``."""
        # What is asked stands at the end of a prompt; a long history before it is not read for recall.
        if mask is not None and ids.shape[1] > _PROMPT_TOKENS:
            # Padding comes first, so that the ends of all rows are cut out; the tokens keep their order.
            order = (mask != 0).long().argsort(dim=1, stable=True)
            ids, mask = ids.gather(1, order.to(ids.device)), mask.gather(1, order)
        asked, real = ids[:, -_PROMPT_TOKENS:], None if mask is None else mask[:, -_PROMPT_TOKENS:]
        return self._capturer.question(asked, real)

    def _one(self, asked: _Asked, tokens: int, wanted: Wanted) -> Findings:
        judge, chat = self._judge, self._chat
        if judge is None or chat is None:
            return Findings(self._search(asked, tokens, wanted))
        most = self._recall.config.limit if wanted.limit is None else wanted.limit
        questions = self._questions(judge, chat, asked, most)
        if not questions:
            return Findings(self._search(asked, tokens, wanted), Verdict("unneeded", {}, 0))
        offered = max(1, judge.config.candidates // len(questions))
        found = [
            judge.decide(
                self._request(chat, question),
                self._search(
                    question, _ANY_BUDGET, replace(wanted, limit=offered), everything=True
                ),
                max(1, most // len(questions)),
                tokens // len(questions),
            )
            for question in questions
        ]
        return joined(found)

    def _questions(self, judge: Judge, chat: ChatFormat, asked: _Asked, most: int) -> list[_Asked]:
        """What in a request needs memory: all of it, or several parts of it, or nothing.

        Idle words around a single question belong to it; two questions find their memories separately. One of more
        parts than spans may be found is asked as a whole.
        """
        parts = asked_parts(asked.pieces)
        each = [asked.part(*part) for part in parts] if 1 < len(parts) <= most else []
        needy = [part for part in each if judge.needs_memory(self._request(chat, part))]
        if len(needy) > 1:
            return needy
        return [asked] if judge.needs_memory(self._request(chat, asked)) else needy

    def _request(self, chat: ChatFormat, asked: _Asked) -> Request:
        longest = 0 if self._judge is None else self._judge.config.longest_request
        return Request.of(chat.asking(asked.words[-longest:]))

    def _search(
        self, asked: _Asked, tokens: int, wanted: Wanted, *, everything: bool = False
    ) -> list[Recollection]:
        """What the search finds for one question, as far as the prompt does not hold it still.

        `everything` for candidates that are going to be judged: then there is no gate.
        """
        return self._recall.search(
            asked.states.float().cpu(),
            self._capturer.text(asked.words),
            query_words=asked.pieces,
            budget_tokens=tokens,
            limit=wanted.limit,
            threshold=0.0 if everything else None,
            share=0.0 if everything else None,
            strategy=wanted.strategy,
            task_type=wanted.task_type,
            filters=wanted.filters,
            held=asked.holds,
            explain=wanted.explain,
        )


@dataclass(frozen=True, eq=False)
class _Asked:
    """The words of a question, the text and state of each, ``(tokens, hidden)``, and the prompt around them."""

    words: Sequence[int]
    pieces: Sequence[str]
    states: torch.Tensor
    prompt: str  # as `_side_by_side` writes it

    def part(self, start: int, stop: int) -> _Asked:
        return _Asked(
            self.words[start:stop], self.pieces[start:stop], self.states[start:stop], self.prompt
        )

    def holds(self, run: Sequence[int]) -> bool:
        """Whether token ids stand somewhere in the prompt, side by side."""
        return _side_by_side(run) in self.prompt


def _side_by_side(ids: Sequence[int]) -> str:
    """Token ids as a text, in which others stand as a part of it where they stand among these in a row."""
    return f" {' '.join(map(str, ids))} "
