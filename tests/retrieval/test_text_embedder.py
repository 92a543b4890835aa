"""Token states of an embedder: read in context, once, and compared like the model's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from reweaving.errors import ConfigurationError, WeightsNotFoundError
from reweaving.memory.memory import Memory
from reweaving.retrieval.catalogue import Catalogue, SpanNote
from reweaving.retrieval.keys import KeyMatrix
from reweaving.retrieval.retriever import Recall, RecallConfig
from reweaving.retrieval.semantic_similarity import SemanticSimilarity
from reweaving.retrieval.text_embedder import TextEmbedder
from reweaving.retrieval.text_keys import TextKeys
from tests.retrieval.world import (
    STORIES,
    brute_force,
    context_of,
    entry,
    word_states,
    words_of,
)


class WordEmbedder:
    """Reads a word as the same vector wherever it stands, and notes what it has read."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def states(self, texts: Sequence[tuple[str, str]]) -> list[torch.Tensor]:
        self.read += texts
        return [word_states(text)[:, :32] for _, text in texts]

    def words(self, text: str) -> tuple[str, ...]:
        return words_of(text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with random weights."""
    where = tmp_path_factory.mktemp("bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "clara", "lock", "##er", "drives"]
    (where / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=12,
    )  # fmt: skip
    BertModel(config).save_pretrained(where)
    BertTokenizerFast(str(where / "vocab.txt"), model_max_length=12).save_pretrained(where)
    reader = Transformer(str(where), max_seq_length=12)
    whole = SentenceTransformer(modules=[reader, Pooling(16)], device="cpu")
    whole.save(str(where / "whole"))
    return where / "whole"


def test_states_are_those_of_the_text_behind_its_context(folder: Path) -> None:
    embedder = TextEmbedder(folder)
    assert embedder.words("Clara locker") == ("clara", "lock", "er")
    alone, behind = embedder.states([("", "Clara locker"), ("drives a", "Clara locker")])
    assert alone.shape == behind.shape == (3, 16)
    assert (alone - behind).abs().max() > 1e-2, "the context is seen"
    model = SentenceTransformer(str(folder), device="cpu")
    (plain,) = model.encode(["Clara locker"], output_value="token_embeddings")
    torch.testing.assert_close(alone.float(), torch.as_tensor(plain)[1:-1], atol=2e-3, rtol=0)
    (joined,) = model.encode(["drives a Clara locker"], output_value="token_embeddings")
    torch.testing.assert_close(behind.float(), torch.as_tensor(joined)[3:-1], atol=2e-3, rtol=0)


def test_a_batch_gives_what_single_texts_give(folder: Path) -> None:
    embedder = TextEmbedder(folder)
    pairs = [("", "a"), ("a clara", "lock drives a a"), ("", "drives"), ("", "")]
    for pair, states in zip(pairs, embedder.states(pairs), strict=True):
        torch.testing.assert_close(states, embedder.states([pair])[0], atol=2e-3, rtol=0)
    assert embedder.states([("a", "")])[0].shape == (1, 16)


def test_what_does_not_fit_is_cut_from_the_context_first(folder: Path) -> None:
    embedder = TextEmbedder(folder)
    (long,) = embedder.states([("clara " * 30, "drives a lock")])
    (fitting,) = embedder.states([("clara " * 7, "drives a lock")])
    torch.testing.assert_close(long, fitting)
    assert embedder.states([("clara", "a " * 40)])[0].shape == (10, 16)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFoundError, match="cannot be loaded"):
        TextEmbedder(tmp_path / "nothing")


def test_spans_are_read_behind_the_two_before_them_and_only_once() -> None:
    spans = [SpanNote(str(at), "s", at, 3, text) for at, text in enumerate(STORIES[:4])]
    spans.append(SpanNote("other", "t", 0, 3, STORIES[4]))
    embedder = WordEmbedder()
    keys = TextKeys(embedder)
    keys.of(spans[:3], [-1, 0, 1])
    catalogue = Catalogue(1, spans, KeyMatrix([word_states(span.text) for span in spans]), keys)
    best = catalogue.text_keys.best_matches(word_states("Clara")[:, :32])
    every = [word_states(span.text)[:, :32] for span in spans]
    np.testing.assert_allclose(
        best.numpy(), brute_force(word_states("Clara")[:, :32], every), atol=1e-4
    )
    first, second, third, fourth, other = (span.text for span in spans)
    assert embedder.read == [
        ("", first),
        (first, second),
        (f"{first} {second}", third),
        (f"{second} {third}", fourth),
        ("", other),
    ]


def test_the_text_space_ranks_by_the_embedder(filled: Memory) -> None:
    embedder = WordEmbedder()
    recall = Recall(filled, RecallConfig(strategy="semantic_similarity"), embedder=embedder)
    question = "Which code opens the locker of Clara?"
    noise = torch.randn(len(words_of(question)), 48, generator=torch.Generator().manual_seed(1))
    found = recall.search(noise, question, query_words=words_of(question), budget_tokens=200)
    assert found[0].text == "The locker of Clara opens with 4711."
    read = len(embedder.read)
    filled.add([entry("The bell of Tom is brass.", "new")])
    found = recall.search(noise, "Where is the bell of Tom?", budget_tokens=200)
    assert found[0].text == "The bell of Tom is brass."
    assert len(embedder.read) == read + 2, "the question and the new span"


def test_without_an_embedder_the_text_space_says_what_is_missing() -> None:
    catalogue = Catalogue(0, [SpanNote("a", "s", 0, 1, "x")], KeyMatrix([word_states("x")]))
    with pytest.raises(ConfigurationError, match="no text embedder"):
        SemanticSimilarity("text").score(context_of("x"), catalogue)
