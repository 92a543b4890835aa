"""From a request's token ids to what memory holds for it."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from reweaving.capture.capturer import StateCapturer
from reweaving.capture.chat import ChatFormat
from reweaving.errors import InputError
from reweaving.retrieval.retriever import Recall
from reweaving.types import Recollection

_PROMPT_TOKENS = 1024


class RequestRecall:
    """Reads requests up to the key layer, and searches one memory for each.

    Parameters
    ----------
    chat
        Knows where a prompt's question stands; None where only token ids are known.
    budget_tokens
        Most tokens to find, unless a request says otherwise.
    """

    def __init__(
        self, recall: Recall, capturer: StateCapturer, chat: ChatFormat | None, budget_tokens: int
    ) -> None:
        self._recall, self._capturer, self._chat = recall, capturer, chat
        self._budget_tokens = budget_tokens

    def rows(
        self,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        budget: int | None = None,
        strategy: str | None = None,
        task_type: str | None = None,
    ) -> list[list[Recollection]]:
        """What memory holds for each row, best first.

        Parameters
        ----------
        ids, mask
            Prompts, shape ``(batch, seq)``; 0 in the mask for padding.
        budget
            Most tokens to find; None for the configured budget.
        strategy, task_type
            See `reweaving.retrieval`.

        Raises
        ------
        InputError
            For a budget below one.
        """
        tokens = self._budget_tokens if budget is None else budget
        if tokens <= 0:
            raise InputError(f"budget = {tokens}: a recall needs a budget of at least one token")
        # What is asked stands at the end of a prompt; a long history before it is not read for recall.
        asked, real = ids[:, -_PROMPT_TOKENS:], None if mask is None else mask[:, -_PROMPT_TOKENS:]
        found = []
        for whole, (row, states) in zip(
            ids.tolist(), self._capturer.question(asked, real), strict=True
        ):
            start, stop = (0, len(row)) if self._chat is None else self._chat.question_of(row)
            hits = self._recall.search(
                states[start:stop].float().cpu(),
                self._capturer.text(row[start:stop]),
                query_words=[self._capturer.text([token]) for token in row[start:stop]],
                budget_tokens=tokens,
                strategy=strategy,
                task_type=task_type,
            )
            # What the prompt itself still holds is not woven a second time.
            found.append([hit for hit in hits if not _holds(whole, hit.entry.token_ids)])
        return found


def _holds(ids: Sequence[int], run: Sequence[int]) -> bool:
    """Whether token ids stand somewhere in others, side by side."""
    return f" {' '.join(map(str, run))} " in f" {' '.join(map(str, ids))} "
