"""Attribution against an independent reference: eager attention weights of one pass over everything."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import make, padded, tokens


@torch.no_grad()
@pytest.mark.parametrize(
    "name", ["gpt2", "gpt_neox", "llama", "mistral-sliding", "gemma2", "gemma3", "phi3"]
)
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_attention_per_span_and_token_equals_one_pass(name: str, backend: str) -> None:
    if name == "gemma2" and backend == "sdpa":
        return
    read, asked = tokens(100, seed=1), tokens(8, seed=2)
    model = make(name, backend)
    with reweaving.attach(model) as woven:
        entries = woven.capture(read)
        assert len(entries) == 2
        with woven.weaving(entries):
            out = model.generate(asked, max_new_tokens=6, do_sample=False)
        assert woven.last_weave is not None
        measured = woven.last_weave.attention_per_token
        means = woven.last_weave.attention
    whole = torch.cat([read, out[:, :-1]], dim=1)
    weights = torch.stack(make(name, "eager")(whole, output_attentions=True).attentions)
    # (layers, 1, heads, tokens, tokens); the query before each generated token, the keys of each span
    mean = weights[:, 0].mean((0, 1))[107:]
    for entry in entries:
        start = max(entry.position_idx, 1)  # the start token belongs to no span
        expected = mean[:, start : entry.position_idx + entry.tokens].sum(-1)
        assert torch.tensor(measured[entry.id]).sub(expected).abs().max() <= 1e-5
        assert means[entry.id] == pytest.approx(float(expected.mean()), abs=1e-5)


@torch.no_grad()
def test_nothing_is_measured_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from reweaving.weaving.attribution import AttentionMass

    monkeypatch.setattr(AttentionMass, "add", lambda *_: pytest.fail("weights were computed"))
    model = make("llama", "sdpa")
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(tokens(20))):
        model.generate(tokens(5), max_new_tokens=3, do_sample=False)
        assert woven.last_weave is not None
        assert woven.last_weave.positions == {woven.last_weave.entries[0].id: list(range(-19, 0))}


@torch.no_grad()
@pytest.mark.parametrize("mask_given", [True, False])
def test_a_row_that_ended_is_measured_as_it_is_alone(mask_given: bool) -> None:
    model = make("llama", "sdpa")
    asked = [tokens(8, seed=2), tokens(5, seed=3)]
    ids, mask = padded(asked, "left")
    nothing = int(ids.max()) + 1  # a token that nobody says
    ids = ids.masked_fill(mask == 0, nothing)
    with reweaving.attach(model) as woven:
        entries = woven.capture(tokens(60, seed=1))
        with woven.weaving(entries):
            said = model.generate(asked[1], max_new_tokens=9, do_sample=False)[0, 5:].tolist()
        options = {"max_new_tokens": 9, "do_sample": False, "pad_token_id": nothing}
        options |= {"eos_token_id": [said[2]]}
        alone = []
        for row in asked:
            with woven.weaving(entries):
                model.generate(row, **options)
            assert woven.last_weave is not None
            alone.append(woven.last_weave.attention_per_token)
        with woven.weaving([entries, entries]):
            model.generate(ids, attention_mask=mask if mask_given else None, **options)
        assert woven.last_weave is not None
        rows = woven.last_weave.rows
        together = [row.attention_per_token for row in rows]
    assert len(next(iter(together[1].values()))) == said.index(said[2]) + 1
    for one, other in zip(alone, together, strict=True):
        for key in one:
            assert other[key] == pytest.approx(one[key], abs=1e-5)
