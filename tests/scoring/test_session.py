"""A session that is scored message by message."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import make, tokenizer, tokens
from reweaving.capture.reader import SessionReader
from reweaving.errors import InputError
from reweaving.scoring.relevance import RelevanceScorer, ScoringConfig
from reweaving.scoring.session import CONTEXT_TOKENS, SessionScores
from reweaving.settings import ReweavingConfig
from tests.scoring.worlds import layer_inputs, states_of


def reading(length: int, hidden: int = 8) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(length)
    nats = torch.rand(length, generator=generator) * 6
    return states_of(1, length, hidden, length)[0], nats, torch.arange(length)


def in_pieces(scorer: RelevanceScorer, whole: tuple[torch.Tensor, ...], size: int) -> torch.Tensor:
    session = SessionScores()
    pieces = zip(*(part.split(size) for part in whole), strict=True)
    return torch.cat([session.score(scorer, *piece) for piece in pieces])


@pytest.mark.parametrize("name", ["variance", "surprise"])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_what_looks_only_back_is_scored_as_in_one_piece(name: str, size: int) -> None:
    whole, scorer = reading(CONTEXT_TOKENS), RelevanceScorer(8, name)
    expected = scorer(whole[0], surprise=whole[1], token_ids=whole[2])
    torch.testing.assert_close(in_pieces(scorer, whole, size), expected, atol=1e-5, rtol=0)


def test_a_short_message_is_compared_with_its_session() -> None:
    generator = torch.Generator().manual_seed(0)
    chatter = torch.randn(60, 16, generator=generator)
    news = torch.randn(8, 16, generator=generator) + 5.0
    rest = torch.zeros(60), torch.zeros(60, dtype=torch.long)
    scorer, session = RelevanceScorer(16, "variance"), SessionScores()
    session.score(scorer, chatter, *rest)
    behind = session.score(scorer, news, rest[0][:8], rest[1][:8])
    alone = SessionScores().score(scorer, news, rest[0][:8], rest[1][:8])
    assert float(behind.mean()) > 0.7
    assert float(alone.mean()) < 0.55


def test_only_so_many_earlier_tokens_are_kept() -> None:
    whole, scorer = reading(3 * CONTEXT_TOKENS), RelevanceScorer(8, "variance")
    session = SessionScores()
    *earlier, last = zip(*(part.split(100) for part in whole), strict=True)
    for piece in earlier:
        session.score(scorer, *piece)
    found = session.score(scorer, *last)
    kept = slice(700 - CONTEXT_TOKENS, None)
    expected = scorer(whole[0][kept], surprise=whole[1][kept])[-68:]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def test_a_message_that_is_refused_was_not_said() -> None:
    (states, nats, ids), scorer = reading(40), RelevanceScorer(8, "variance")
    session, other = SessionScores(), SessionScores()
    session.score(scorer, states[:20], nats[:20], ids[:20])
    other.score(scorer, states[:20], nats[:20], ids[:20])
    with pytest.raises(InputError, match="NaN"):
        session.score(scorer, torch.full((5, 8), torch.nan), nats[:5], ids[:5])
    rest = states[20:], nats[20:], ids[20:]
    assert torch.equal(session.score(scorer, *rest), other.score(scorer, *rest))


@pytest.mark.parametrize("name", ["attention", "gradient", "hybrid"])
def test_with_a_model(name: str) -> None:
    model, ids = make("llama", "sdpa"), tokens(40)
    scorer = RelevanceScorer(48, name, model=model, layer=1)
    whole = layer_inputs(model, ids, 1)[0], torch.ones(40), ids[0]
    found = in_pieces(scorer, whole, 20)
    assert found.shape == (40,)
    expected = scorer(whole[0], surprise=whole[1], token_ids=whole[2])
    torch.testing.assert_close(found[20:], expected[20:], atol=1e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("family", ["llama", "gpt2", "phi3", "gemma3", "mistral-sliding"])
@pytest.mark.parametrize("sizes", [(30,), (20, 9, 1, 40)])
def test_attention_seen_while_reading_is_attention_computed_again(
    family: str, sizes: tuple[int, ...]
) -> None:
    model = make(family, "sdpa")
    with reweaving.attach(model) as woven:
        reader, layer = SessionReader(woven.adapter), 2
        scorer = RelevanceScorer(woven.adapter.hidden_size, "attention", model=model, layer=layer)
        running, seen, again = reader.begin("s", None, 0), SessionScores(), SessionScores()
        for at, size in enumerate(sizes):
            ids = tokens(size, seed=at)[0]
            read = reader.read(running, ids.tolist(), (layer,), watched=layer)
            given = scorer, read.states[0], read.surprise, ids
            assert read.attended is not None
            found = seen.score(*given, read.attended)
            torch.testing.assert_close(found, again.score(*given), atol=1e-5, rtol=0)


@torch.no_grad()
def test_nothing_is_projected_again_where_attention_was_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = make("llama", "sdpa")
    monkeypatch.setattr(
        "reweaving.scoring.attention.layer_attention",
        lambda *_: pytest.fail("the layer was run again"),
    )
    config = ReweavingConfig(scoring=ScoringConfig(method="attention"))
    with reweaving.attach(model, tokenizer(), config=config) as woven:
        assert woven.remember("my cat is called Tom and my dog is called Rex", session="s")
        assert woven.remember("the dog lives in Rome", session="s")
