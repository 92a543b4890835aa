"""Surprise without a table of logits is surprise with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from transformers import DynamicCache

from families import CONFIGS, make, tokens
from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.surprised import SurprisedReader
from reweaving.scoring.head_nats import head_nats


@torch.no_grad()
def logits_of(model: Any, chunks: Sequence[torch.Tensor]) -> torch.Tensor:
    """The model's own, ``(tokens, vocab)``; some rotations depend on how a text is cut into chunks."""
    cache = DynamicCache(config=model.config)
    return torch.cat([model(chunk, past_key_values=cache).logits[0] for chunk in chunks])


def expected(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """In float64, from a table of all logits."""
    shares = logits.double().log_softmax(-1)
    nats = -shares[:-1].gather(1, ids[0, 1:, None])[:, 0]
    return torch.cat([nats.new_zeros(1), nats])


@pytest.mark.parametrize("family", CONFIGS)
def test_chunks_have_the_surprise_of_the_model_s_own_logits(family: str) -> None:
    model, ids = make(family), tokens(30)
    chunks = ids.split([17, 1, 12], dim=1)
    reader, before = SurprisedReader(resolve_adapter(model)), None
    cache, found = DynamicCache(config=model.config), []
    for chunk in chunks:
        nats, before = reader.read(chunk, cache, before)
        found.append(nats)
    logits = logits_of(model, chunks)
    torch.testing.assert_close(torch.cat(found).double(), expected(logits, ids), atol=1e-4, rtol=0)
    torch.testing.assert_close(before, logits[-1:], atol=1e-4, rtol=0)
    assert before.untyped_storage().nbytes() == before.nbytes  # not a view of a whole table


def test_no_table_of_logits_is_made_where_none_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make("llama")
    reader = SurprisedReader(resolve_adapter(model))
    reader.probe()
    monkeypatch.setattr(model, "forward", lambda *_, **__: pytest.fail("all logits were made"))
    reader.read(tokens(9), DynamicCache(config=model.config), None)


@pytest.mark.parametrize("family", ["gemma2", "cohere"])
def test_capped_and_scaled_logits_are_the_model_s_own(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make(family)
    reader = SurprisedReader(resolve_adapter(model))
    reader.probe()
    monkeypatch.setattr(
        "reweaving.capture.surprised.head_nats", lambda *_: pytest.fail("the cap was left out")
    )
    reader.read(tokens(9), DynamicCache(config=model.config), None)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("level", [0.0, 300.0, -300.0])
def test_any_vocabulary_and_any_level(bias: bool, level: float) -> None:
    draw = torch.Generator().manual_seed(1)
    states, weight = torch.randn(7, 8, generator=draw), torch.randn(9001, 8, generator=draw)
    shift = torch.full((9001,), level) if bias else None
    ids = torch.tensor([3, 4095, 4096, 8191, 8192, 9000, 0])
    nats, last = head_nats(states, weight, shift, ids)
    logits = states.double() @ weight.double().T + (level if bias else 0.0)
    wanted = -logits.log_softmax(-1)[:-1].gather(1, ids[1:, None])[:, 0]
    torch.testing.assert_close(nats.double(), wanted, atol=2e-4, rtol=0)
    torch.testing.assert_close(last[0].double(), logits[-1], atol=2e-4, rtol=0)
