"""Messages of one session, each scored where it was said."""

from __future__ import annotations

import torch

from reweaving.scoring.attended import Attended
from reweaving.scoring.relevance import RelevanceScorer

CONTEXT_TOKENS = 256
"""Earlier tokens that a message is scored behind. Without any, the states of a short message are compared with
themselves alone, which tells facts from chatter little better than chance; from 64 on, more add nothing."""


class SessionScores:
    """What scoring a session's next message needs of the earlier ones.

    Life: made with the running session and dropped with it; `score` is called once per message, in order,
    by one thread at a time.
    """

    def __init__(self) -> None:
        self._states: torch.Tensor | None = None
        self._surprise: torch.Tensor | None = None
        self._ids: torch.Tensor | None = None

    def score(
        self,
        scorer: RelevanceScorer,
        states: torch.Tensor,
        surprise: torch.Tensor,
        token_ids: torch.Tensor,
        attended: Attended | None = None,
    ) -> torch.Tensor:
        """Score the tokens of one message behind those that came before it.

        Parameters
        ----------
        scorer
            Its layer, if it has a model, is the one whose states are given.
        states
            Residual stream at the input of that layer, shape ``(tokens, hidden)``.
        surprise
            ``-log p`` of each token in nats, shape ``(tokens,)``.
        token_ids
            Shape ``(tokens,)``.
        attended
            What the layer attended to while it read the message, where that was kept.

        Returns
        -------
        torch.Tensor
            Scores in [0, 1], shape ``(tokens,)``, float32.

        Raises
        ------
        InputError
            As the scorer does; the message then counts as not said.
        """
        new = len(states)
        all_states = _behind(self._states, states)
        all_surprise = _behind(self._surprise, surprise)
        all_ids = _behind(self._ids, token_ids)
        scores: torch.Tensor = scorer(
            all_states, token_ids=all_ids, surprise=all_surprise, attended=attended
        )
        # Cloned: a slice would keep the whole reading alive.
        self._states = all_states[-CONTEXT_TOKENS:].clone()
        self._surprise = all_surprise[-CONTEXT_TOKENS:].clone()
        self._ids = all_ids[-CONTEXT_TOKENS:].clone()
        return scores[len(scores) - new :]


def _behind(earlier: torch.Tensor | None, new: torch.Tensor) -> torch.Tensor:
    new = new.detach()
    return new if earlier is None else torch.cat([earlier.to(new.device), new])
