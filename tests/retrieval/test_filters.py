"""Filters let through exactly what a plain reading of their conditions does, whatever the strategy."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reweaving.errors import ConfigurationError
from reweaving.memory.memory import Memory
from reweaving.retrieval.base import STRATEGIES
from reweaving.retrieval.filters import RecallFilters
from reweaving.retrieval.retriever import Recall, RecallConfig
from tests.retrieval.world import STORIES, entry, word_states, words_of

TRUST = ("trusted", "user", "untrusted")
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.sampled_from(
            [{"topic": 0}, {"topic": [0, 1]}, {"topic": 1, "even": True}, {"none": 1}]
        ),
        "tags": st.lists(st.sampled_from(["a", "b", "c"]), max_size=2),
        "since": st.floats(0, 6),
        "until": st.floats(6.5, 13),
        "trust": st.lists(st.sampled_from(TRUST), max_size=2),
        "min_relevance": st.floats(0, 1),
    },
)


@pytest.fixture(scope="module")
def labelled() -> object:
    with Memory.open(":memory:") as memory:
        memory.add(
            [
                entry(
                    text,
                    f"s{at % 3}",
                    1 + 30 * at,
                    timestamp=float(at),
                    metadata={"topic": at % 3, "even": at % 2 == 0},
                    tags=("a",) if at % 4 == 0 else ("b", "c") if at % 4 == 1 else (),
                    trust=TRUST[at % 3],
                    relevance_score=at / len(STORIES),
                )
                for at, text in enumerate(STORIES)
            ]
        )
        yield memory


def plainly(given: dict[str, object]) -> set[str]:
    kept = set()
    for at, text in enumerate(STORIES):
        tags = {0: {"a"}, 1: {"b", "c"}}.get(at % 4, set())
        metadata = {"topic": at % 3, "even": at % 2 == 0}
        ok = given.get("since", 0) <= at < given.get("until", 99)  # type: ignore[operator]
        ok &= TRUST[at % 3] in given.get("trust", TRUST)  # type: ignore[operator]
        ok &= not given.get("tags") or bool(tags & set(given["tags"]))  # type: ignore[call-overload]
        ok &= at / len(STORIES) >= given.get("min_relevance", 0)  # type: ignore[operator]
        for name, value in given.get("metadata", {}).items():  # type: ignore[attr-defined]
            wanted = value if isinstance(value, list) else [value]
            ok &= metadata.get(name, "missing") in wanted
        if ok:
            kept.add(text)
    return kept


@pytest.mark.parametrize("strategy", ["fused", "lexical", "semantic_similarity"])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_filters=FILTERS)
def test_found_is_exactly_what_the_conditions_let_through(
    labelled: Memory, strategy: str, given_filters: dict[str, object]
) -> None:
    assert strategy in STRATEGIES
    recall = Recall(labelled, RecallConfig(threshold=0.0, share=0.0, allow_untrusted=True))
    question = "What is green and where is the locker of Clara?"
    found = recall.search(
        word_states(question),
        question,
        query_words=words_of(question),
        budget_tokens=10_000,
        limit=100,
        strategy=strategy,
        filters=given_filters,
    )
    assert {hit.text for hit in found} == plainly(given_filters)


def test_a_filter_cannot_let_in_what_the_settings_keep_out(labelled: Memory) -> None:
    recall = Recall(labelled, RecallConfig(threshold=0.0, share=0.0))
    asked = word_states("Clara?")
    found = recall.search(asked, budget_tokens=999, filters={"trust": ["untrusted"]})
    assert found == []


@pytest.mark.parametrize(
    ("given_filters", "message"),
    [
        ({"since": 5, "until": 5}, "not before until"),
        ({"min_relevance": 2}, "min_relevance"),
        ({"trust": ["stranger"]}, "trust"),
        ({"tag": ["a"]}, "did you mean 'tags'"),
        ({"since": float("nan")}, "since"),
    ],
)
def test_conditions_that_make_no_sense_are_refused(
    given_filters: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        RecallFilters.of(given_filters)
