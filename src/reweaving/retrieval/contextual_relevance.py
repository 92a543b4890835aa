"""What the model's own attention heads would look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reweaving.errors import ConfigurationError
from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.contextual_scorer import ContextualRelevanceScorer
from reweaving.retrieval.late_interaction import token_shares
from reweaving.retrieval.semantic_similarity import SemanticSimilarity


@dataclass(frozen=True)
class ContextualRelevance(RetrievalStrategy):
    """Products of query and key in the attention heads of the key layer, from the stored states.

    The heads are those that calibration found to retrieve, as far as they lie in the key layer, whose
    states every entry keeps; without calibration all of that layer.

    Parameters
    ----------
    states
        Whose evidence goes to the gate: products have no scale that one threshold could serve.
    """

    states: SemanticSimilarity = field(default_factory=lambda: SemanticSimilarity("states"))

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is `ContextualRelevanceScorer.relevance`; ``evidence`` that of the states.

        Raises
        ------
        ConfigurationError
            Where the model's heads are not at hand.
        """
        if catalogue.heads is None:
            raise ConfigurationError(
                "contextual_relevance asks the model's attention heads, and there is no model here: "
                "search through reweaving.attach, or give Recall its heads"
            )
        states = context.states()
        shares = token_shares(context.query_words, context.query_text, len(states))
        scorer = ContextualRelevanceScorer(states.shape[1], projection=catalogue.heads)
        rank = scorer.relevance(
            states, catalogue.head_keys, catalogue.keys.lengths, catalogue.typical_queries, shares
        )
        return Scores(rank, self.states.score(context, catalogue).evidence, {"attention": rank})


def heads_of_layer(
    calibrated: Iterable[tuple[int, int, float]], layer: int
) -> tuple[int, ...] | None:
    """Those of the calibrated heads, each (layer, head, share), that lie in a layer; None where none does."""
    return tuple(head for where, head, _ in calibrated if where == layer) or None
