"""Each layer makes its memory when it asks for it: what is wrong is told before, and one weave serves every mode."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

import reweaving
from families import make, tokens
from reweaving.errors import InputError


def test_entries_without_their_states_are_refused_before_a_pass_begins() -> None:
    with reweaving.attach(make("llama")) as woven:
        bare = [
            replace(entry, hidden_state=None, keys=None, values=None)
            for entry in woven.capture(tokens(24, seed=1))
        ]
        entered = False
        with pytest.raises(InputError, match="without its states"), woven.weaving(bare):
            entered = True
        assert not entered


def test_a_pass_in_inference_mode_leaves_memory_that_gradients_can_pass() -> None:
    model = make("llama")
    asked = tokens(7, seed=2)
    embedded = model.get_input_embeddings()(asked).detach().requires_grad_()
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(tokens(24, seed=1))):
        with torch.inference_mode():
            first = model(asked).logits.clone()
        logits = model(inputs_embeds=embedded).logits
        logits.sum().backward()
    assert torch.equal(logits.detach(), first)
    assert embedded.grad is not None
    assert embedded.grad.abs().sum() > 0
