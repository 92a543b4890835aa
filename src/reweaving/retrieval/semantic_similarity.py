"""Likeness of meaning: every word of a request looks for its own best match in a span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from reweaving.errors import ConfigurationError
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.late_interaction import Matches, token_shares
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

    def heeds_exclusions(self) -> bool:
        """No: every span is compared."""
        return False

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is a weighted mean of cosines; ``evidence`` the energy of the matches."""
        found = self._matcher(catalogue).compare(
            self.matches(context, catalogue), catalogue.previous
        )
        name = "text" if self._reads_text(catalogue) else "similarity"
        return Scores(found.rank, found.evidence, {name: found.rank})

    def matches(self, context: RetrievalContext, catalogue: Catalogue) -> Matches:
        """How well each token of the request is met by each span."""
        if self._reads_text(catalogue):
            return self._text_matches(context, catalogue)
        states = context.states()
        keys = catalogue.keys
        if self.space == "whitened":
            states, keys = catalogue.whitener.whiten(states), catalogue.whitened_keys
        shares = token_shares(context.query_words, context.query_text, len(states))
        return Matches(keys.best_matches(states), shares, shares, catalogue.standing)

    def weights(self, matches: Matches, catalogue: Catalogue) -> torch.Tensor:
        """How much each token of the request counts, ``(tokens,)``."""
        return matches.weights(self._sharpness(catalogue))

    def _text_matches(self, context: RetrievalContext, catalogue: Catalogue) -> Matches:
        if catalogue.texts is None:
            raise ConfigurationError(
                "there is no text embedder to compare texts with; name one: "
                "RecallConfig(embedder='folder of a sentence-transformers model')"
            )
        embedder, text = catalogue.texts.embedder, context.query_text
        (states,) = embedder.states([("", text)])
        # Each token says what the whole request means, so all count; content words open the gate.
        shares = token_shares(embedder.words(text), text.casefold(), len(states))
        best = catalogue.text_keys.best_matches(states.to(torch.float32))
        return Matches(best, torch.ones(len(states)), shares)

    def _reads_text(self, catalogue: Catalogue) -> bool:
        return self.space == "text" or (self.space == "best" and catalogue.texts is not None)

    def _sharpness(self, catalogue: Catalogue) -> float:
        return _TEXT_SHARPNESS if self._reads_text(catalogue) else self.sharpness

    def _matcher(self, catalogue: Catalogue) -> SemanticMemoryMatcher:
        return SemanticMemoryMatcher(
            catalogue.keys.hidden,
            sharpness=self._sharpness(catalogue),
            context_share=self.context_share,
            context_reach=self.context_reach,
        )
