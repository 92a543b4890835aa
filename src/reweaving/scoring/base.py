"""What a scorer sees of a reading, what it gives back, and the table of scorers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import torch

from reweaving.errors import InputError
from reweaving.registry import Registry

if TYPE_CHECKING:
    from reweaving.adapters.base import BackboneAdapter
    from reweaving.scoring.attended import Attended
    from reweaving.scoring.relevance import ScoringConfig

NEUTRAL = 0.5
"""The score of a token that nothing is known about, and of one that is like most."""


@dataclass(frozen=True)
class ModelLayer:
    """A model, and the layer at whose input states are taken."""

    adapter: BackboneAdapter
    layer: int


@dataclass(frozen=True, eq=False)
class ScoringContext:
    """One reading of some sequences, as scorers see it.

    Rows are packed: each begins with its first real token, and what lies behind its last one is zero. So
    no scorer has to think of padding, and none can be changed by it.

    Parameters
    ----------
    states
        Residual stream at the input of one layer, shape ``(batch, seq, hidden)``, float32; finite.
    mask
        True for tokens, False behind the last one, shape ``(batch, seq)``; rows may be empty.
    token_ids
        Shape ``(batch, seq)``, where they are known.
    attention
        Attention weights of one layer, averaged over heads, shape ``(batch, seq, seq)``: queries, keys.
    surprise
        ``-log p`` of each token in nats, shape ``(batch, seq)``; 0 where nothing could predict it.
    model
        The model that read, where it is at hand.
    attended
        What its layer attended to meanwhile, where that was kept.
    """

    states: torch.Tensor
    mask: torch.Tensor
    token_ids: torch.Tensor | None = None
    attention: torch.Tensor | None = None
    surprise: torch.Tensor | None = None
    model: ModelLayer | None = None
    attended: Attended | None = None

    def ids(self) -> torch.Tensor:
        """Token ids, shape ``(batch, seq)``.

        Raises
        ------
        InputError
            When they were not given.
        """
        if self.token_ids is None:
            raise InputError(
                "this scoring method reads what the model predicts: call the scorer with token_ids="
            )
        return self.token_ids


class Scorer(ABC):
    """A way to score every token of a reading.

    Life: `RelevanceScorer` makes it once with `configured`, then calls `score` once per reading, on the
    caller's thread and without gradients. It keeps nothing between calls, leaves model and context as they
    are, and may be called from several threads.

    Scores mean the same for a short and a long sequence: compare a token with what is expected of it,
    through a fixed function, and never with all others (a softmax over the sequence shrinks with it).
    """

    @classmethod
    def configured(cls, config: ScoringConfig) -> Self:  # noqa: ARG003 - for scorers that have settings
        """Make the scorer from the settings of all scorers."""
        return cls()

    @abstractmethod
    def score(self, context: ScoringContext) -> torch.Tensor:
        """Score tokens in [0, 1], shape ``(batch, seq)``; what stands at padding is not looked at."""

    def source(self, context: ScoringContext) -> str:  # noqa: ARG002 - for scorers with several sources
        """What the scores rest on: ``states``, ``given`` values, or the ``model``."""
        return "states"


SCORERS: Registry[type[Scorer]] = Registry(
    "scorer",
    {
        "attention": "reweaving.scoring.attention:AttentionScorer",
        "attention_based": "reweaving.scoring.attention:AttentionScorer",
        "variance": "reweaving.scoring.variance:VarianceScorer",
        "variance_based": "reweaving.scoring.variance:VarianceScorer",
        "gradient": "reweaving.scoring.gradient:GradientScorer",
        "gradient_based": "reweaving.scoring.gradient:GradientScorer",
        "surprise": "reweaving.scoring.surprise:SurpriseScorer",
        "hybrid": "reweaving.scoring.hybrid:HybridScorer",
    },
)
