"""Episodes first, spans second, neighbours after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.fusion import Fused
from reweaving.retrieval.hierarchical import Hierarchical
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.late_interaction import chance_level, standing_out
from reweaving.retrieval.words import content_shares
from tests.retrieval.world import STORIES, brute_force, context_of, word_states, words_of


def sessions_of(texts: tuple[str, ...], per: int) -> Catalogue:
    spans = [
        SpanNote(str(at), at // per, 10 * at, len(words_of(text)), text)
        for at, text in enumerate(texts)
    ]
    return Catalogue(0, spans, KeyMatrix([word_states(text) for text in texts]))


def test_an_episode_counts_by_the_best_of_its_spans_for_each_word() -> None:
    question, catalogue = "Does Clara drive or paint?", sessions_of(STORIES, 3)
    best = brute_force(word_states(question), [word_states(text) for text in STORIES])
    counts = content_shares(words_of(question), question).numpy()
    chance = chance_level(torch.from_numpy(best)).numpy()
    weights = counts * standing_out(torch.from_numpy(best), torch.from_numpy(chance)).numpy() ** 2
    episodes = best.reshape(len(best), -1, 3).max(axis=2)  # (tokens, episodes)
    met = weights @ episodes / weights.sum()
    z = (met - met.mean()) / met.std()
    scores = Hierarchical(group_share=0.7).score(context_of(question), catalogue)
    np.testing.assert_allclose(scores.parts["episode"].numpy(), 0.7 * z.repeat(3), atol=1e-3)


def test_what_is_not_visited_comes_last_and_is_no_evidence() -> None:
    catalogue = sessions_of(STORIES, 2)
    context = context_of("Which code opens the locker of Clara?")
    scores = Hierarchical(visited_episodes=1, visited_clusters=1).score(context, catalogue)
    away = scores.parts["not visited"] < 0
    assert bool(away.any())
    assert not bool(away.all())
    assert float(scores.rank[away].max()) < float(scores.rank[~away].min())
    assert scores.evidence[away].tolist() == [0.0] * int(away.sum())
    alone = Fused().score(context, catalogue)
    torch.testing.assert_close(scores.evidence[~away], alone.evidence[~away])
    assert int(scores.rank.argmax()) == STORIES.index("The locker of Clara opens with 4711.")


def test_neighbours_of_a_hit_are_lifted_and_others_are_not() -> None:
    catalogue = sessions_of(STORIES, 6)
    context = context_of("Which code opens the locker of Clara?")
    lifted = Hierarchical(hits=1).score(context, catalogue).parts["neighbours"]
    hit = STORIES.index("The locker of Clara opens with 4711.")
    assert set(lifted.nonzero().flatten().tolist()) <= {hit - 1, hit + 1}
    assert float(lifted[hit - 1]) > 0
    scores = Hierarchical(hits=1).score(context, catalogue)
    assert float(scores.rank[hit - 1]) <= float(scores.rank[hit])


def test_parts_add_up() -> None:
    scores = Hierarchical().score(context_of("Anna's dog?"), sessions_of(STORIES, 4))
    total = torch.stack(list(scores.parts.values())).sum(dim=0)
    torch.testing.assert_close(scores.rank, total, atol=1e-5, rtol=0)


def test_only_groups_that_hold_what_may_be_found_are_visited() -> None:
    catalogue = sessions_of(STORIES, 2)
    context = context_of("Which code opens the locker of Clara?")
    strategy = Hierarchical(visited_episodes=1, visited_clusters=0)
    first = strategy.score(context, catalogue)
    visited = [at for at in range(len(STORIES)) if first.parts["not visited"][at] == 0]
    barred = replace(
        context, exclude_sessions=frozenset(catalogue.spans[at].session for at in visited)
    )
    second = strategy.score(barred, catalogue)
    now = [at for at in range(len(STORIES)) if second.parts["not visited"][at] == 0]
    assert now
    assert not set(now) & set(visited)
