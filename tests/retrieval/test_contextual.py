"""Attention heads as a way to search: the scorer against loops, the heads against the model."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import reweaving
from families import CONFIGS, make, tokenizer
from reweaving.adapters.attention_heads import AttentionHeads
from reweaving.adapters.resolve import resolve_adapter
from reweaving.errors import ConfigurationError, InputError
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.contextual_relevance import ContextualRelevance, heads_of_layer
from reweaving.retrieval.contextual_scorer import ContextualRelevanceScorer, StatesAsHeads
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.retriever import RecallConfig
from tests.retrieval.world import STORIES, catalogue_of, context_of, word_states


class TwoHeadsOneKey:
    """Two heads that read the same keys, as grouped attention has them."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(0)
        self.q = torch.randn(2, 6, 4, generator=generator)
        self.k = torch.randn(1, 6, 4, generator=generator)

    def queries(self, states: torch.Tensor) -> torch.Tensor:
        return states @ self.q

    def keys(self, states: torch.Tensor) -> torch.Tensor:
        return states @ self.k

    def key_of(self, kv_heads: int) -> list[int]:
        assert kv_heads == 1
        return [0, 0]


def slowly(
    query: torch.Tensor, memories: list[torch.Tensor], heads: TwoHeadsOneKey, shares: list[float]
) -> list[float]:
    total = np.zeros(len(memories))
    every = torch.cat(memories).double().numpy()
    for head in range(2):
        for token, state in enumerate(query.double().numpy()):
            asked = (state - every.mean(axis=0)) @ heads.q[head].double().numpy()
            best = np.array(
                [
                    max(
                        asked @ (key @ heads.k[0].double().numpy()) / 2.0
                        for key in m.double().numpy()
                    )
                    for m in memories
                ]
            )
            lead = (best - best.mean()) / max(best.std(), 1e-6)
            total += shares[token] * lead * lead.max()
    return list(total / (2 * sum(shares)))


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    tokens=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_equals_the_loops(lengths: list[int], tokens: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    memories = [torch.randn(n, 6, generator=generator) for n in lengths]
    query = torch.randn(tokens, 6, generator=generator)
    heads = TwoHeadsOneKey()
    shares = [1.0, 0.05, 1.0, 0.5][:tokens]
    found = ContextualRelevanceScorer(6, projection=heads).score(
        query, memories, torch.tensor(shares)
    )
    np.testing.assert_allclose(found.numpy(), slowly(query, memories, heads, shares), atol=2e-3)


def test_without_a_model_states_are_cut_into_heads() -> None:
    states = torch.arange(12.0).reshape(2, 6)
    heads = StatesAsHeads(6, 3)
    assert heads.queries(states)[1].tolist() == [[2, 3], [8, 9]]
    memories = [word_states(text) for text in STORIES]
    found = ContextualRelevanceScorer(48, 4).score(word_states("The locker of Clara"), memories)
    assert int(found.argmax()) == STORIES.index("The locker of Clara opens with 4711.")
    assert ContextualRelevanceScorer(48).score(word_states("x"), []).shape == (0,)


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigurationError, match="num_heads = 7"):
        ContextualRelevanceScorer(48, 7)
    with pytest.raises(InputError, match="hidden_size = 48"):
        ContextualRelevanceScorer(48).score(torch.zeros(1, 48), [torch.zeros(1, 47)])
    with pytest.raises(ConfigurationError, match="attention heads"):
        ContextualRelevance().score(context_of("x"), catalogue_of(list(STORIES)))
    with pytest.raises(InputError, match="it has 0 to 3"):
        AttentionHeads(resolve_adapter(make("llama", "sdpa")), 0, (4,))


@pytest.mark.parametrize("family", CONFIGS)
def test_keys_are_those_of_the_layer_and_the_model_is_left_alone(family: str) -> None:
    adapter = resolve_adapter(make(family))
    states = torch.randn(5, adapter.hidden_size, generator=torch.Generator().manual_seed(0))
    layer = len(adapter.layers) - 1
    before = dict(adapter.layers[layer].named_modules())
    heads = AttentionHeads(adapter, layer)
    keys = heads.keys(states)
    expected, _ = adapter.project(layer, states[None])
    torch.testing.assert_close(keys, expected[0].float(), atol=1e-6, rtol=0)
    queries = heads.queries(states)
    assert queries.shape == (len(heads.heads), 5, keys.shape[-1])
    assert [adapter.layers[layer].get_submodule(n) is m for n, m in before.items()] == [True] * len(
        before
    )


def test_queries_are_those_of_the_layer() -> None:
    adapter = resolve_adapter(make("llama", "sdpa"))
    states = torch.randn(3, adapter.hidden_size, generator=torch.Generator().manual_seed(1))
    layer = adapter.layers[1]
    with torch.no_grad():
        by_hand = layer.self_attn.q_proj(layer.input_layernorm(states)).reshape(3, 4, -1)
    some = AttentionHeads(adapter, 1, (2, 0))
    torch.testing.assert_close(
        some.queries(states), by_hand.transpose(0, 1)[[2, 0]], atol=1e-6, rtol=0
    )
    assert some.key_of(2) == [1, 0]
    assert some.key_of(4) == [2, 0]


def test_an_attached_model_searches_by_its_own_heads() -> None:
    config = reweaving.ReweavingConfig(recall=RecallConfig(threshold=0.0, share=0.0))
    with reweaving.attach(make("llama", "sdpa"), tokenizer(), config=config) as woven:
        for at, fact in enumerate(["my cat is called Tom", "the dog lives in Rome"]):
            woven.remember(fact, session=str(at))
        found = woven.recall("the dog lives in Rome", strategy="contextual_relevance", explain=True)
        assert found
        assert list(found[0].explanation or {}) == ["attention"]


def test_calibrated_heads_are_those_of_the_key_layer() -> None:
    calibrated = [(3, 1, 0.9), (2, 0, 0.8), (3, 0, 0.4)]
    assert heads_of_layer(calibrated, 3) == (1, 0)
    assert heads_of_layer(calibrated, 1) is None


def test_head_keys_are_projected_once_for_all_spans() -> None:
    spans = [SpanNote(str(at), "s", at, 3, text) for at, text in enumerate(STORIES)]
    states = [word_states(text) for text in STORIES]
    heads = StatesAsHeads(48, 4)
    catalogue = Catalogue(0, spans, KeyMatrix(states), heads=heads)
    torch.testing.assert_close(catalogue.head_keys, heads.keys(torch.cat(states)))
    scores = ContextualRelevance().score(context_of("Clara's locker opens?"), catalogue)
    assert int(scores.rank.argmax()) == STORIES.index("The locker of Clara opens with 4711.")
