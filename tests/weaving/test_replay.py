"""States that were not kept are made again as the attached model reads now."""

from __future__ import annotations

import torch

import reweaving
from families import make, tokens
from reweaving import ReweavingConfig


@torch.no_grad()
def test_entries_that_were_stored_with_fewer_layers_are_read_again_with_those_at_hand() -> None:
    model = make("llama")
    read, asked = tokens(24, seed=1), tokens(7, seed=2)
    expected = model(torch.cat([read, asked], dim=1)).logits[:, 24:]
    with reweaving.attach(model, config=ReweavingConfig(codec="replay", layers=(0,))) as woven:
        entries = woven.capture(read)
    assert {entry.layers for entry in entries} == {(0,)}
    with reweaving.attach(model) as woven, woven.weaving(entries):
        assert (model(asked).logits - expected).abs().max() <= 1e-4
