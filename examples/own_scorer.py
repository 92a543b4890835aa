"""A scorer of your own: what is said loudly is worth remembering."""

import torch

from reweaving.scoring.base import SCORERS, Scorer, ScoringContext
from reweaving.scoring.relevance import RelevanceScorer


class LoudnessScorer(Scorer):
    """Scores a token by how long its state is, beside those before it."""

    def score(self, context: ScoringContext) -> torch.Tensor:
        lengths = context.states.norm(dim=-1)  # (batch, seq)
        usual = lengths.cumsum(1) / torch.arange(1, lengths.shape[1] + 1, device=lengths.device)
        return torch.sigmoid(lengths - usual)


def main() -> torch.Tensor:
    if "loudness" not in SCORERS:
        SCORERS.add("loudness", f"{__name__}:LoudnessScorer")
    scores = RelevanceScorer(16, "loudness")(torch.randn(1, 9, 16), torch.ones(1, 9))
    print(scores)
    return scores


if __name__ == "__main__":
    main()
