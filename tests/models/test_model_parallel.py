"""A model that accelerate spreads: what its layers hold is what they hold on one device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as hf

from families import CONFIGS, make, tokens
from reweaving.adapters.fingerprint import model_fingerprint
from reweaving.errors import ConfigurationError
from reweaving.models import FullCMRModel, create_mistral_cmr_model

SAID, ASKED = tokens(20, seed=1), tokens(6, seed=2)
SETTINGS = {"relevance_threshold": 0.0, "scoring_method": "variance"}


def spread(model: Any, upper: str) -> dict[str, str]:
    """Every module on the CPU, and the upper half of the layers elsewhere."""
    places = {}
    for name, child in model.named_children():
        if list(child.children()) and name != "lm_head":
            for inner, part in child.named_children():
                if isinstance(part, torch.nn.ModuleList):
                    for at in range(len(part)):
                        far = at >= len(part) // 2
                        places[f"{name}.{inner}.{at}"] = upper if far else "cpu"
                else:
                    places[f"{name}.{inner}"] = "cpu"
        else:
            places[name] = "cpu"
    return places


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gpt2", "mistral-sliding", "gpt_neox"])
@pytest.mark.parametrize("upper", ["cpu", "disk"])
def test_layers_elsewhere_give_the_same(name: str, upper: str, tmp_path: Path) -> None:
    plain: Any = make(name, "sdpa")
    plain.save_pretrained(tmp_path / "model")
    with FullCMRModel(plain, SETTINGS) as model:
        model(SAID)
        model.save_memory(tmp_path / "memory")
        expected, alone = model(ASKED).logits, model(ASKED, use_memory=False).logits
        written = model.generate(ASKED, max_new_tokens=6, do_sample=False)
    assert not torch.equal(expected, alone), "premise: memory matters"
    places = spread(plain, upper)
    loaded: Any = hf.AutoModelForCausalLM.from_pretrained(
        tmp_path / "model", device_map=places, offload_folder=tmp_path / "offload"
    )
    if upper == "disk":
        assert any(weight.is_meta for weight in loaded.parameters()), "premise: it is elsewhere"
    with FullCMRModel(loaded, SETTINGS) as model:
        model(SAID)
        torch.testing.assert_close(model(ASKED).logits, expected)
        assert torch.equal(model(ASKED, use_memory=False).logits, alone)
        # States of one are states of the other: they are the same model.
        model.load_memory(tmp_path / "memory")
        torch.testing.assert_close(model(ASKED).logits, expected)
        model.load_memory(tmp_path / "memory")
        model(ASKED)
        assert torch.equal(model.generate(ASKED, max_new_tokens=6, do_sample=False), written)


def test_offloaded_weights_of_another_model_are_another_model(tmp_path: Path) -> None:
    """Law 12 reads the weights where they lie."""
    prints = []
    for seed in (0, 1):
        folder = tmp_path / str(seed)
        plain: Any = make("llama", seed=seed)
        plain.save_pretrained(folder)
        loaded = hf.AutoModelForCausalLM.from_pretrained(
            folder, device_map=spread(plain, "disk"), offload_folder=folder / "offload"
        )
        assert model_fingerprint(loaded) == model_fingerprint(plain)
        prints.append(model_fingerprint(loaded))
        # Only what is offloaded differs.
        upper = plain.model.layers[3].mlp.up_proj.weight
        with torch.no_grad():
            upper[0, 0] += 1
        plain.save_pretrained(folder)
        other = hf.AutoModelForCausalLM.from_pretrained(
            folder, device_map=spread(plain, "disk"), offload_folder=folder / "other"
        )
        assert model_fingerprint(other) not in prints
    assert prints[0] != prints[1]


def test_a_device_map_is_a_setting(tmp_path: Path) -> None:
    plain = make("mistral")
    plain.save_pretrained(tmp_path)
    settings = {"device_map": {"": "cpu"}}
    for made in (
        FullCMRModel(str(tmp_path), settings),
        create_mistral_cmr_model(str(tmp_path), memory_config=settings),
    ):
        with made as model:
            assert model.memory_config.device_map == {"": "cpu"}
            assert model(SAID).memory_stats["total_captured_states"] > 0
    with pytest.raises(ConfigurationError, match=r"device_map = \{'': 'cpu'\} spreads a model"):
        FullCMRModel(plain, settings)
    with (
        pytest.warns(UserWarning, match="random"),
        FullCMRModel(CONFIGS["llama"](), {"device_map": "auto"}) as model,
    ):
        assert model(SAID).memory_stats["total_captured_states"] > 0
