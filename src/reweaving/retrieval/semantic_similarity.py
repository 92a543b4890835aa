"""Likeness of meaning: every word of a request looks for its own best match in a span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from reweaving.errors import ConfigurationError
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.late_interaction import token_shares
from reweaving.retrieval.semantic_matcher import SemanticMemoryMatcher

_TEXT_SHARPNESS = 1.0  # an embedder's states say of every word what the whole text means


@dataclass(frozen=True)
class SemanticSimilarity(RetrievalStrategy):
    """Late interaction over the model's own states, or over those of a text embedder.

    Parameters
    ----------
    space
        ``"states"`` for the states that the model itself captured, ``"whitened"`` for the same after
        whitening, ``"text"`` for the token states of the configured text embedder, and ``"best"`` for
        those where there is an embedder and for the model's where there is none.
    sharpness
        Power to which standing out counts among the model's own states.
    context_share, context_reach
        How much of a match in earlier spans of its session a span inherits, and from how far back;
        see `inherit`.
    """

    space: Literal["best", "states", "whitened", "text"] = "best"
    sharpness: float = 2.0
    context_share: float = 0.5
    context_reach: int = 16

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is a weighted mean of cosines; ``evidence`` the energy of the matches."""
        if self.space == "text" or (self.space == "best" and catalogue.texts is not None):
            return self._by_text(context, catalogue)
        states = context.states()
        keys = catalogue.keys
        if self.space == "whitened":
            states, keys = catalogue.whitener.whiten(states), catalogue.whitened_keys
        shares = token_shares(context.query_words, context.query_text, len(states))
        matcher = self._matcher(states.shape[1], self.sharpness)
        return matcher.compare(
            states, keys, counts=shares, shares=shares, previous=catalogue.previous
        )

    def _by_text(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        if catalogue.texts is None:
            raise ConfigurationError(
                "there is no text embedder to compare texts with; name one: "
                "RecallConfig(embedder='folder of a sentence-transformers model')"
            )
        embedder, text = catalogue.texts.embedder, context.query_text
        (states,) = embedder.states([("", text)])
        words = embedder.words(text)
        # Each token says what the whole request means, so all count; content words open the gate.
        shares = token_shares(words, text.casefold(), len(states))
        matcher = self._matcher(states.shape[1], _TEXT_SHARPNESS)
        found = matcher.compare(
            states.to(torch.float32),
            catalogue.text_keys,
            shares=shares,
            previous=catalogue.previous,
        )
        return Scores(found.rank, found.evidence, {"text": found.rank})

    def _matcher(self, hidden: int, sharpness: float) -> SemanticMemoryMatcher:
        return SemanticMemoryMatcher(
            hidden,
            sharpness=sharpness,
            context_share=self.context_share,
            context_reach=self.context_reach,
        )
