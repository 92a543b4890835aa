"""What is kept, what is dropped, and what one namespace can learn of another: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reweaving.errors import ConfigurationError
from reweaving.memory.memory import Memory
from reweaving.retrieval.cache import CacheKey, RetrievalCache, content_digest
from reweaving.retrieval.retriever import Recall, RecallConfig
from tests.retrieval.world import STORIES, entry, word_states, words_of

QUESTION = "Which code opens the locker of Clara?"


def key(content: int, namespace: str = "ann", generation: int = 1) -> CacheKey:
    return CacheKey(namespace, generation, bytes([content]), "")


def asked(recall: Recall, question: str = QUESTION, **options: object) -> list[str]:
    wanted: dict[str, object] = {"budget_tokens": 200, **options}
    found = recall.search(
        word_states(question), question, query_words=words_of(question), **wanted  # type: ignore[arg-type]
    )  # fmt: skip
    return [hit.text for hit in found]


@settings(max_examples=40, deadline=None)
@given(size=st.integers(0, 5), puts=st.lists(st.integers(0, 9), max_size=30))
def test_keeps_the_ones_used_last_and_never_more(size: int, puts: list[int]) -> None:
    cache, order = RetrievalCache(size), list[int]()
    for content in puts:
        cache.put(key(content), content)
        order = [other for other in order if other != content] + [content]
        kept = order[-size:] if size else []
        assert len(cache) == len(kept)
    kept = order[-size:] if size else []
    assert [cache.get(key(content)) for content in kept] == kept
    assert all(cache.get(key(content)) is None for content in set(range(10)) - set(kept))


def test_reading_a_result_keeps_it() -> None:
    cache = RetrievalCache(2)
    cache.put(key(1), "one")
    cache.put(key(2), "two")
    cache.get(key(1))
    cache.put(key(3), "three")
    assert cache.get(key(1)) == "one"
    assert cache.get(key(2)) is None


def test_a_newer_generation_drops_what_was_before_it_and_an_older_one_is_not_kept() -> None:
    cache = RetrievalCache()
    cache.put(key(1), "old")
    cache.put(key(1, generation=2), "new")
    assert len(cache) == 1
    assert cache.get(key(1)) is None
    cache.put(key(5), "late")
    assert cache.get(key(5)) is None
    assert cache.get(key(1, generation=2)) == "new"


@settings(max_examples=30, deadline=None)
@given(others=st.lists(st.integers(0, 99), max_size=40))
def test_what_another_namespace_asks_pushes_nothing_out(others: list[int]) -> None:
    cache = RetrievalCache(2)
    cache.put(key(1), "mine")
    for content in others:
        cache.put(key(content, namespace="ben", generation=content + 1), "theirs")
        cache.get(key(1, namespace="ben"))
    assert cache.get(key(1)) == "mine"
    cache.clear("ben")
    assert cache.get(key(1)) == "mine"
    cache.clear()
    assert len(cache) == 0


def test_a_size_below_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="cache_size = -1"):
        RetrievalCache(-1)


def test_digests_tell_contents_apart() -> None:
    states = torch.randn(3, 4)
    other = states.clone()
    other[0, 0] += 1e-4
    digests = {
        content_digest(states),
        content_digest(other),
        content_digest(states.reshape(4, 3)),
        content_digest(states, texts=("ab", "c")),
        content_digest(states, texts=("a", "bc")),
    }
    assert len(digests) == 5
    assert content_digest(states) == content_digest(states.clone())


def test_the_same_request_is_scored_once_and_a_write_makes_it_be_scored_again(
    filled: Memory,
) -> None:
    recall = Recall(filled)
    first = asked(recall)
    scored = recall.scored_spans
    assert scored == len(STORIES)
    assert asked(recall) == first
    assert recall.scored_spans == scored
    filled.add([entry("The locker of Clara opens with 1234 now.", "new")])
    assert "The locker of Clara opens with 1234 now." in asked(recall)
    assert recall.scored_spans == scored + len(STORIES) + 1


@pytest.mark.parametrize(
    "options",
    [
        {"budget_tokens": 12},
        {"limit": 1},
        {"strategy": "lexical"},
        {"task_type": "conversation"},
        {"filters": {"min_relevance": 0.5}},
        {"exclude_sessions": ["s4"]},
        {"exclude_ids": ["none"]},
    ],
)
def test_whatever_is_asked_differently_is_scored(
    filled: Memory, options: dict[str, object]
) -> None:
    recall, fresh = Recall(filled), Recall(filled)
    asked(recall)
    before = recall.scored_spans
    assert asked(recall, **options) == asked(fresh, **options)
    assert recall.scored_spans == before + len(STORIES)


def test_another_namespace_with_a_warm_cache_leaves_my_work_as_it_is(tmp_path: Path) -> None:
    with Memory.open(tmp_path, "ann") as ann, Memory.open(tmp_path, "ben") as ben:
        for memory in (ann, ben):
            memory.add([entry(text, "s", 30 * at) for at, text in enumerate(STORIES)])
        theirs, mine = Recall(ben), Recall(ann)
        asked(theirs)
        asked(theirs)
        asked(mine)
        assert mine.scored_spans == len(STORIES), "their warm cache saved me nothing"
        asked(mine)
        ben.add([entry("Something else entirely.", "t")])
        asked(theirs)
        asked(mine)
        assert mine.scored_spans == len(STORIES), "their write cost me nothing"


def test_what_expires_is_gone_from_cached_results_too(tmp_path: Path) -> None:
    now = [1000.0]
    with Memory.open(":memory:", clock=lambda: now[0]) as memory:
        memory.add([entry("The locker of Clara opens with 4711.", expires_at=2000.0)])
        recall = Recall(memory)
        assert asked(recall) != []
        now[0] = 3000.0
        assert asked(recall) == []


def test_no_cache_scores_every_time(filled: Memory) -> None:
    recall = Recall(filled, RecallConfig(cache_size=0))
    assert asked(recall) == asked(recall)
    assert recall.scored_spans == 2 * len(STORIES)
