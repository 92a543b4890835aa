"""Eight bits per weight: real ones, smaller, near the original, and woven as exactly as they run."""

from __future__ import annotations

import pytest
import torch

import reweaving
from families import CONFIGS, make, tokens
from reweaving.errors import InputError
from reweaving.models import CMRTransformer
from reweaving.models.quantization import quantize_weights, quantized_share


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gpt2", "mistral-sliding", "gemma2"])
def test_weights_are_integers_and_weaving_is_exact(name: str) -> None:
    model, read, asked = make(name, "eager"), tokens(20, seed=1), tokens(6, seed=2)
    head = model.get_output_embeddings()
    whole = {
        n: m.weight.nbytes for n, m in model.named_modules() if "proj" in n and n.endswith("proj")
    }
    original = model(torch.cat([read, asked], 1)).logits
    quantize_weights(model)
    assert model.get_output_embeddings() is head
    for module_name, before in whole.items():
        weight = model.get_submodule(module_name).weight
        assert weight.dtype == torch.int8
        assert weight.nbytes * 4 == before
    one_pass = model(torch.cat([read, asked], 1)).logits
    difference = (one_pass - original).abs().mean() / original.abs().mean()
    assert 0 < difference < 0.1
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(read)):
        # A rounding that tips over moves a value by one step of 127.
        assert (model(asked).logits - one_pass[:, 20:]).abs().max() <= 2e-2 * one_pass.abs().max()


def test_the_share_and_what_cannot_be_saved(tmp_path: object) -> None:
    with pytest.warns(UserWarning, match="random"):
        model = CMRTransformer(CONFIGS["llama"](), {"use_quantization": True})
    inside = sum(w.numel() for n, w in model.backbone.named_parameters() if "proj" in n)
    total = sum(w.numel() for w in model.backbone.parameters())
    assert quantized_share(model.backbone) == inside / total > 0.5
    with pytest.raises(InputError, match="8-bit weights are not saved"):
        model.save_pretrained(str(tmp_path))
