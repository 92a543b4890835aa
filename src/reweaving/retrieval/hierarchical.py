"""From the large to the small: episodes and topics first, their spans second, neighbours of hits after."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from reweaving.retrieval.base import RetrievalContext, RetrievalStrategy, Scores
from reweaving.retrieval.catalogue import Catalogue
from reweaving.retrieval.choosing import allowed_spans
from reweaving.retrieval.fusion import Fused, z_scores
from reweaving.retrieval.hierarchy import MemoryHierarchy
from reweaving.retrieval.late_interaction import weighted
from reweaving.retrieval.semantic_similarity import SemanticSimilarity


@dataclass(frozen=True)
class Hierarchical(RetrievalStrategy):
    """Visits the episodes and clusters that meet the request best, and ranks their spans.

    A group meets a word of the request as well as the best of its spans does. A span's rank is its own
    z-score and a share of its episode's and of its cluster's; spans of groups that are not visited come
    after all others and are no evidence. The spans right before and after a hit are lifted to a share
    of its lead, because an answer often stands beside what was asked for.

    Parameters
    ----------
    spans
        What ranks the spans.
    groups
        What compares the groups.
    group_share
        Weight of the episode's and of the cluster's z-score.
    visited_episodes, visited_clusters
        How many of each are visited.
    hits, neighbour_share
        How many of the best spans lift their neighbours, and to which share of their own rank.
    max_clusters
        See `MemoryHierarchy`.
    """

    spans: RetrievalStrategy = field(default_factory=Fused)
    groups: SemanticSimilarity = field(default_factory=SemanticSimilarity)
    group_share: float = 0.2
    visited_episodes: int = 16
    visited_clusters: int = 8
    hits: int = 4
    neighbour_share: float = 0.5
    max_clusters: int = 32

    def score(self, context: RetrievalContext, catalogue: Catalogue) -> Scores:
        """``rank`` is a sum of z-scores; ``evidence`` that of the spans' own strategy, where visited."""
        found = self.spans.score(context, catalogue)
        matches = self.groups.matches(context, catalogue)
        weights = self.groups.weights(matches, catalogue)
        hierarchy = catalogue.hierarchy(self.max_clusters)
        parts = {"spans": z_scores(found.rank)}
        visited = torch.zeros(len(catalogue), dtype=torch.bool)
        allowed = allowed_spans(catalogue, context, ())
        for name, group, most in (
            ("episode", hierarchy.episodes, self.visited_episodes),
            ("cluster", hierarchy.clusters, self.visited_clusters),
        ):
            met = weighted(MemoryHierarchy.best_of_groups(matches.best, group), weights)
            met = torch.where(
                torch.isfinite(met), met, met.min()
            )  # a cluster that nobody belongs to
            parts[name] = self.group_share * z_scores(met)[group]
            groups = group[allowed].unique()  # those that hold something which may be found
            best = met[groups].topk(min(most, len(groups))).indices
            visited |= torch.isin(group, groups[best])
        rank = torch.stack(list(parts.values())).sum(dim=0)
        parts["neighbours"] = self._lift(rank, visited, catalogue)
        rank = rank + parts["neighbours"]
        parts["not visited"] = torch.where(visited, 0.0, -(rank.max() - rank.min() + 1))
        return Scores(rank + parts["not visited"], found.evidence * visited, parts)

    def _lift(
        self, rank: torch.Tensor, visited: torch.Tensor, catalogue: Catalogue
    ) -> torch.Tensor:
        """What the neighbours of the best visited spans gain, ``(spans,)``."""
        best = rank.masked_fill(~visited, -torch.inf).topk(min(self.hits, len(rank)))
        lifted = rank.clone()
        for value, at in zip(best.values, best.indices, strict=True):
            for beside in (catalogue.previous[at], catalogue.following[at]):
                if bool(beside >= 0) and bool(value > 0):
                    share = self.neighbour_share * value
                    lifted[beside] = torch.maximum(lifted[beside], share)
        return lifted - rank
