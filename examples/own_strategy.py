"""A recall strategy of your own: whatever was read last."""

import torch

from reweaving.retrieval.base import STRATEGIES, RetrievalContext, RetrievalStrategy, Scores


class Latest(RetrievalStrategy):
    """The newest spans first; every one of them passes the gate."""

    def score(self, _context: RetrievalContext, catalogue) -> Scores:
        return Scores(rank=catalogue.recency, evidence=torch.ones(len(catalogue)))


def main(loaded=None) -> list[str]:
    import reweaving

    if "latest" not in STRATEGIES:
        STRATEGIES.add("latest", f"{__name__}:Latest")
    with reweaving.attach(*(loaded or reweaving.load_embedded())) as woven:
        for text in ("My cat is called Tom.", "The sky is blue today."):
            woven.remember(text)
        return [hit.text for hit in woven.recall("What is my cat called?", strategy="latest")]


if __name__ == "__main__":
    print(main())
