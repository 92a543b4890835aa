"""Recall over a real memory: budget, exclusions, gate, changes, namespaces, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reweaving.errors import ConfigurationError, InputError, RegistryError
from reweaving.memory.memory import Memory
from reweaving.retrieval.base import STRATEGIES, RetrievalStrategy, Scores
from reweaving.retrieval.contextual_scorer import StatesAsHeads
from reweaving.retrieval.fusion import Fused
from reweaving.retrieval.gate import passing
from reweaving.retrieval.hierarchical import Hierarchical
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.types import Recollection
from tests.retrieval.world import STORIES, entry, word_states, words_of


def ask(recall: Recall, question: str, **options: object) -> list[Recollection]:
    settings: dict[str, object] = {"budget_tokens": 200, **options}
    return recall.search(
        word_states(question),
        question,
        query_words=words_of(question),
        **settings,  # type: ignore[arg-type]
    )


def texts(found: list[Recollection]) -> list[str]:
    return [hit.text for hit in found]


@pytest.mark.parametrize("strategy", STRATEGIES.names())
def test_every_strategy_finds_the_right_span(filled: Memory, strategy: str) -> None:
    assert issubclass(STRATEGIES.get(strategy), RetrievalStrategy)
    recall = Recall(filled, heads=StatesAsHeads(48, 4))
    found = ask(recall, "Which code opens the locker of Clara?", strategy=strategy)
    assert found[0].text == "The locker of Clara opens with 4711."
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


@pytest.mark.parametrize("strategy", STRATEGIES.names())
def test_every_strategy_says_what_made_the_score(filled: Memory, strategy: str) -> None:
    question = "Which code opens the locker of Clara?"
    recall = Recall(filled, heads=StatesAsHeads(48, 4))
    (plain, *_) = ask(recall, question, strategy=strategy)
    assert plain.explanation is None
    for hit in ask(recall, question, strategy=strategy, explain=True):
        assert hit.explanation
        assert sum(hit.explanation.values()) == pytest.approx(hit.score, abs=1e-4)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    budget=st.integers(1, 60),
    limit=st.integers(1, 6),
    question=st.sampled_from(STORIES),
    strategy=st.sampled_from(STRATEGIES.names()),
)
def test_budget_and_limit_are_never_exceeded(
    filled: Memory, budget: int, limit: int, question: str, strategy: str
) -> None:
    config = RecallConfig(threshold=0.0, share=0.0)
    recall = Recall(filled, config, heads=StatesAsHeads(48, 4))
    found = ask(recall, question, budget_tokens=budget, limit=limit, strategy=strategy)
    assert sum(hit.tokens for hit in found) <= budget
    assert len(found) <= limit


def test_a_span_too_long_for_the_budget_is_passed_over(memory: Memory) -> None:
    long = "The locker of Clara opens with 4711 " + "and so on " * 10
    memory.add([entry(long, "a"), entry("The locker of Clara is green.", "b")])
    memory.add([entry(text, "c", 30 * at) for at, text in enumerate(STORIES[6:])])
    recall = Recall(memory)
    question = "The locker of Clara opens with 4711 and so?"
    assert ask(recall, question, budget_tokens=200)[0].text == long
    assert texts(ask(recall, question, budget_tokens=20)) == ["The locker of Clara is green."]


@pytest.mark.parametrize("question", ["Who invented umbrellas?", "Explain inflation quickly!"])
def test_abstains_when_nothing_is_relevant(filled: Memory, question: str) -> None:
    assert ask(Recall(filled), question) == []
    assert len(ask(Recall(filled, RecallConfig(threshold=0.0, share=0.0)), question)) == 4


def test_a_memory_of_one_span_is_found_and_refused_as_well(memory: Memory) -> None:
    memory.add([entry("My project is called Aurora.")])
    recall = Recall(memory)
    assert texts(ask(recall, "What is my project called?")) == ["My project is called Aurora."]
    assert ask(recall, "Explain inflation quickly!") == []


def test_gate_judges_what_may_be_woven_only() -> None:
    scores = Scores(torch.tensor([3.0, 2.0, 1.0]), torch.tensor([0.9, 0.5, 0.7]))
    assert passing(scores, 0.6, 0.0).tolist() == [0, 1, 2]
    assert passing(scores, 0.6, 0.7).tolist() == [0, 2]
    allowed = torch.tensor([False, True, True])
    assert passing(scores, 0.6, 0.8, allowed).tolist() == [2]
    assert passing(scores, 0.8, 0.0, allowed).tolist() == []
    assert passing(scores, 0.0, 0.0, torch.zeros(3, dtype=torch.bool)).tolist() == []


def test_excluded_sessions_and_ids_are_not_found(filled: Memory) -> None:
    recall = Recall(filled)
    question = "Which code opens the locker of Clara?"
    (best, *_) = ask(recall, question)
    assert best.entry.id not in {
        h.entry.id for h in ask(recall, question, exclude_ids=[best.entry.id])
    }
    sessions = {h.entry.sequence_id for h in ask(recall, question, exclude_sessions=["s4"])}
    assert "s4" not in sessions


@pytest.mark.parametrize("cached", [0, 1000])
@pytest.mark.parametrize("strategy", STRATEGIES.names())
def test_what_is_held_still_is_as_if_it_were_excluded(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, strategy: str, cached: int
) -> None:
    """Found hits are excluded as long as some are held; that is done with one scoring and one loading."""
    question = "Which code opens the locker of Clara?"
    options: dict[str, object] = {"strategy": strategy, "limit": 2, "explain": True}
    config = RecallConfig(threshold=0.0, share=0.0, cache_size=cached)
    for at, text in enumerate(STORIES):
        ids = tuple(range(100 * at, 100 * at + len(word_states(text))))
        memory.add([entry(text, f"s{at % 5}", 30 * at, token_ids=ids)])
    recall = Recall(memory, config, heads=StatesAsHeads(48, 4))
    every = ask(recall, question, **{**options, "limit": 99})
    held = {hit.entry.token_ids for hit in every[:7]}
    excluded: set[str] = set()
    rounds = 0
    while True:
        expected = ask(recall, question, exclude_ids=excluded, **options)
        rounds += 1
        still = {hit.entry.id for hit in expected if hit.entry.token_ids in held}
        if not still:
            break
        excluded |= still
    assert rounds > 3
    recall = Recall(memory, config, heads=StatesAsHeads(48, 4))
    loaded: list[list[str]] = []
    get_many = memory.get_many
    monkeypatch.setattr(memory, "get_many", lambda ids: loaded.append(list(ids)) or get_many(ids))
    found = ask(recall, question, held=lambda ids: tuple(ids) in held, **options)
    assert [hit.entry.id for hit in found] == [hit.entry.id for hit in expected]
    assert [hit.score for hit in found] == [hit.score for hit in expected]
    assert [hit.explanation for hit in found] == [hit.explanation for hit in expected]
    assert loaded == [[hit.entry.id for hit in found]]
    heeds = STRATEGIES.get(strategy)().heeds_exclusions()
    assert recall.scored_spans == len(STORIES) * (rounds if heeds else 1)


@pytest.mark.parametrize("strategy", ["fused", "semantic_similarity", "lexical"])
def test_scores_that_heed_no_exclusion_do_not_change_with_one(
    filled: Memory, strategy: str
) -> None:
    assert not STRATEGIES.get(strategy)().heeds_exclusions()
    assert Fused(((Hierarchical(), 1.0),)).heeds_exclusions(), "as one of its parts does"
    recall = Recall(filled, RecallConfig(threshold=0.0, share=0.0))
    every = ask(recall, "Where does Clara work?", strategy=strategy, limit=99)
    gone = {hit.entry.id for hit in every[::2]}
    left = ask(recall, "Where does Clara work?", strategy=strategy, limit=99, exclude_ids=gone)
    assert [(hit.entry.id, hit.score) for hit in left] == [
        (hit.entry.id, hit.score) for hit in every[1::2]
    ]


def test_what_is_added_updated_or_forgotten_is_seen_at_once(filled: Memory) -> None:
    recall = Recall(filled)
    question = "When is the wedding of Zoe?"
    assert ask(recall, question) == []
    (added,) = new = [entry("The wedding of Zoe is in May.", "new")]
    filled.add(new)
    assert texts(ask(recall, question)) == ["The wedding of Zoe is in May."]
    filled.update(added.id, text="The wedding of Zoe is in June.")
    assert texts(ask(recall, question)) == ["The wedding of Zoe is in June."]
    filled.forget(id=added.id)
    assert ask(recall, question) == []


def test_growing_step_by_step_gives_the_scores_of_reading_all(memory: Memory) -> None:
    grown = Recall(memory, RecallConfig(threshold=0.0, share=0.0))
    question = "Which code opens the locker of Clara?"
    for at, text in enumerate(STORIES):
        memory.add([entry(text, f"s{at % 3}", 30 * at)])
        ask(grown, question)
    at_once = Recall(memory, RecallConfig(threshold=0.0, share=0.0))
    for a, b in zip(ask(grown, question), ask(at_once, question), strict=True):
        assert a.entry.id == b.entry.id
        assert a.score == pytest.approx(b.score, abs=1e-4)


def test_another_namespace_changes_nothing(tmp_path: Path) -> None:
    with Memory.open(tmp_path, "ann") as ann, Memory.open(tmp_path, "ben") as ben:
        ann.add([entry(text, "s", 30 * at) for at, text in enumerate(STORIES[:6])])
        question = "Which code opens the locker of Clara?"
        before = ask(Recall(ann), question)
        ben.add([entry("The locker of Clara opens with 9999.", "s", 1)])
        after = ask(Recall(ann), question)
        assert texts(before) == texts(after)
        assert [hit.score for hit in before] == [hit.score for hit in after]
        assert texts(ask(Recall(ben), question)) == ["The locker of Clara opens with 9999."]


def test_empty_memory_and_empty_request(memory: Memory, filled: Memory) -> None:
    with Memory.open(":memory:") as empty:
        assert ask(Recall(empty), "Anything?") == []
    assert Recall(filled).search(torch.empty(0, 48), budget_tokens=10) == []


def test_entries_without_keys_are_left_out(memory: Memory) -> None:
    memory.add([entry("Clara's locker has 1.", key_state=None), entry("Clara's locker has 2.")])
    found = ask(Recall(memory), "Clara's locker?")
    assert texts(found) == ["Clara's locker has 2."]
    memory.add([entry("Clara's locker has 3.", "z")])
    assert len(ask(Recall(memory), "Clara's locker?")) == 2


@pytest.mark.parametrize("options", [{"budget_tokens": 0}, {"limit": 0}, {"budget_tokens": -3}])
def test_a_budget_below_one_is_refused(filled: Memory, options: dict[str, int]) -> None:
    with pytest.raises(InputError, match="at least one of each"):
        ask(Recall(filled), "Clara's locker?", **options)


def test_bad_states_are_refused(filled: Memory) -> None:
    recall = Recall(filled)
    with pytest.raises(InputError, match="come from another model"):
        recall.search(torch.randn(3, 7), "x", budget_tokens=9)
    with pytest.raises(InputError, match="one request at a time"):
        recall.search(torch.randn(2, 3, 48), "x", budget_tokens=9)
    with pytest.raises(InputError, match="NaN"):
        recall.search(torch.full((3, 48), float("nan")), "x", budget_tokens=9)


def test_names_and_settings_are_checked(filled: Memory) -> None:
    with pytest.raises(RegistryError, match="did you mean 'fused'"):
        Recall(filled, RecallConfig(strategy="fusde"))
    with pytest.raises(ConfigurationError):
        RecallConfig(share=1.5)
    with pytest.raises(ConfigurationError, match="threshold"):
        RecallConfig(treshold=0.1)  # type: ignore[call-arg]


def test_without_texts_the_states_alone_open_the_gate(filled: Memory) -> None:
    states = word_states("Which code opens the locker of Clara?")[3:]
    for words in ((), ("",) * len(states)):
        found = Recall(filled).search(states, "", budget_tokens=60, query_words=words)
        assert found[0].text == "The locker of Clara opens with 4711."


def test_random_states_do_not_crash(memory: Memory) -> None:
    generator = torch.Generator().manual_seed(0)
    memory.add(
        [
            entry(text, "s", 30 * at, key_state=torch.randn(6, 48, generator=generator))
            for at, text in enumerate(STORIES)
        ]
    )
    found = ask(Recall(memory, RecallConfig(threshold=0.0, share=0.0)), "Clara's car?")
    assert len(found) == 4
