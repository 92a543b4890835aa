"""The retriever over a buffer."""

from __future__ import annotations

import pytest
import torch

from reweaving.errors import ConfigurationError, InputError, RegistryError
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.retrieval.advanced import AdvancedMemoryRetriever
from reweaving.retrieval.base import STRATEGIES, RetrievalContext
from reweaving.types import MemoryEntry
from tests.retrieval.world import STORIES, word_states

HIDDEN = 48
LOCKER = STORIES.index("The locker of Clara opens with 4711.")


def held(layer: int = 2, **fields: object) -> tuple[LayeredMemoryBuffer, list[MemoryEntry]]:
    buffer = LayeredMemoryBuffer()
    entries = [
        MemoryEntry(word_states(text), layer, at % 3, at, timestamp=float(at), text=text, **fields)  # type: ignore[arg-type]
        for at, text in enumerate(STORIES)
    ]
    buffer.add_entries(entries)
    return buffer, entries


def asking(text: str = "The locker of Clara", layer: int = 2, budget: int = 3) -> RetrievalContext:
    return RetrievalContext(
        current_sequence_id=7,
        current_layer_idx=layer,
        current_hidden_states=word_states(text)[None],
        attention_mask=None,
        sequence_position=0,
        retrieval_budget=budget,
        task_type=None,
        query_text=text,
    )


@pytest.mark.parametrize("strategy", STRATEGIES.names())
def test_every_strategy_searches_a_buffer(strategy: str) -> None:
    buffer, entries = held()
    config = {"similarity_threshold": 0.0, "criteria_weights": {"similarity": 1.0}}
    retriever = AdvancedMemoryRetriever(HIDDEN, buffer, config)
    found = retriever.retrieve_memories(asking(), strategy=strategy)
    assert len(found) == 3
    assert found[0].entry is entries[LOCKER]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_only_the_requests_layer_is_searched() -> None:
    buffer, _ = held(layer=2)
    retriever = AdvancedMemoryRetriever(HIDDEN, buffer)
    assert retriever.retrieve_memories(asking(layer=1)) == []
    assert len(retriever.retrieve_memories(asking(layer=2, budget=50))) == len(STORIES)


def test_the_similarity_threshold_holds_back_what_is_not_alike() -> None:
    buffer, entries = held()
    strict = AdvancedMemoryRetriever(HIDDEN, buffer, {"similarity_threshold": 0.7})
    found = strict.retrieve_memories(asking(budget=50), strategy="semantic_similarity")
    assert [hit.entry for hit in found] == [entries[LOCKER]]
    assert all(hit.score >= 0.7 for hit in found)


def test_what_comes_and_goes_is_seen_and_the_cache_knows_the_rest() -> None:
    buffer, entries = held()
    retriever = AdvancedMemoryRetriever(HIDDEN, buffer, {"criteria_weights": {"similarity": 1.0}})
    for _ in range(2):
        assert retriever.retrieve_memories(asking())[0].entry is entries[LOCKER]
    stats = retriever.get_retrieval_stats()
    assert (stats["total_retrievals"], stats["cache_hits"]) == (2, 1)
    assert stats["scored_entries"] == len(STORIES)
    buffer.discard([entries[LOCKER].id])
    assert retriever.retrieve_memories(asking())[0].entry is not entries[LOCKER]
    new = MemoryEntry(word_states("The locker of Clara"), 2, 9, 0)
    buffer.add_entry(new)
    assert retriever.retrieve_memories(asking())[0].entry is new
    buffer.clear_all()
    assert retriever.retrieve_memories(asking()) == []
    assert retriever.get_retrieval_stats()["strategy_usage"] == {"multi_criteria": 5}


def test_entries_of_a_single_state_and_of_several_layers() -> None:
    buffer = LayeredMemoryBuffer()
    states = torch.randn(3, HIDDEN, generator=torch.Generator().manual_seed(0))
    buffer.add_entry(MemoryEntry(states[0], 2, 0, 0))
    buffer.add_entry(MemoryEntry(states[1:2], 2, 0, 1))
    both = MemoryEntry(torch.stack([states[:1], states[2:]]), (1, 2), 0, 2)
    buffer.add_entry(both)
    retriever = AdvancedMemoryRetriever(HIDDEN, buffer, {"criteria_weights": {"similarity": 1.0}})
    context = RetrievalContext(0, 2, states[2:], retrieval_budget=1)
    assert [hit.entry for hit in retriever.retrieve_memories(context)] == [both]
    context = RetrievalContext(0, 1, states[:1], retrieval_budget=5)
    assert [hit.entry for hit in retriever.retrieve_memories(context)] == [both]


def test_mistakes_are_named() -> None:
    buffer, _ = held()
    with pytest.raises(ConfigurationError, match="did you mean 'max_clusters'"):
        AdvancedMemoryRetriever(HIDDEN, buffer, {"max_cluster": 3})
    with pytest.raises(RegistryError, match="did you mean 'multi_criteria'"):
        AdvancedMemoryRetriever(HIDDEN, buffer, {"strategy": "multicriteria"})
    with pytest.raises(ConfigurationError, match="num_heads = 7"):
        AdvancedMemoryRetriever(HIDDEN, buffer, {"context_heads": 7})
    with pytest.raises(InputError, match="hidden_size is 47"):
        AdvancedMemoryRetriever(47, buffer, {"context_heads": 1}).retrieve_memories(asking())
    with pytest.raises(InputError, match="at least one"):
        AdvancedMemoryRetriever(HIDDEN, buffer).retrieve_memories(asking(budget=0))
