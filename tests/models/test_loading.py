"""Which weights a config gets, and what stands in where they cannot be had."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import transformers as hf

from families import CONFIGS, make
from reweaving.errors import ConfigurationError, UnsupportedModelError, WeightsNotFoundError
from reweaving.models import CMRTransformer
from reweaving.models.loading import load_backbone


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hub, as on a machine without a network; folders are still read."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", "/nonexistent")


@pytest.fixture
def tiny_gpt2(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller model where GPT-2's own size would be made."""
    small = CONFIGS["gpt2"]()
    monkeypatch.setattr(hf, "GPT2Config", lambda: small)


def same_weights(one: Any, other: Any) -> bool:
    mine, theirs = one.state_dict(), other.state_dict()
    return all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_a_path_in_the_config_or_beside_it(tmp_path: Path) -> None:
    saved = make("llama")
    saved.save_pretrained(tmp_path)
    config = hf.AutoConfig.from_pretrained(tmp_path)
    assert str(config._name_or_path) == str(tmp_path)
    assert same_weights(load_backbone(config), saved)
    assert same_weights(load_backbone(CONFIGS["llama"](), str(tmp_path)), saved)
    assert same_weights(load_backbone(str(tmp_path)), saved)
    assert load_backbone(saved) is saved


def test_a_config_without_a_name_gets_random_weights_and_one_warning() -> None:
    with pytest.warns(UserWarning, match="random") as said:
        load_backbone(CONFIGS["llama"]())
    assert len(said) == 1
    assert "model_name" in str(said[0].message)


@pytest.mark.usefixtures("unreachable")
def test_named_weights_that_cannot_be_reached() -> None:
    config = CONFIGS["llama"]()
    with pytest.warns(UserWarning, match="'nobody/nothing' cannot be reached") as said:
        model = load_backbone(config, "nobody/nothing")
    assert len(said) == 1
    assert model.config.model_type == "llama"
    with pytest.raises(WeightsNotFoundError, match=r"'nobody/nothing'.*fallback = False"):
        load_backbone(config, "nobody/nothing", fallback=False)
    with pytest.raises(WeightsNotFoundError, match="neither config nor weights"):
        load_backbone("nobody/nothing")


@pytest.mark.usefixtures("unreachable", "tiny_gpt2")
def test_gpt2_stands_in_for_a_mistral_and_says_so() -> None:
    config = CONFIGS["mistral"]()
    config._name_or_path = "mistralai/Ministral-8B-Instruct-2410"
    with pytest.warns(UserWarning, match="GPT-2 stands in") as said:
        model = load_backbone(config)
    assert len(said) == 1
    assert "random" in str(said[0].message)
    assert model.config.model_type == "gpt2"
    with pytest.raises(WeightsNotFoundError, match="Ministral-8B"):
        CMRTransformer(config, fallback=False)


def test_public_gpt2_is_loaded_where_it_can_be_reached(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved = make("gpt2")
    saved.save_pretrained(tmp_path)
    monkeypatch.setattr("reweaving.models.loading.PUBLIC_MODEL", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.warns(UserWarning, match="stands in: use its tokenizer"):
        model = load_backbone(str(tmp_path / "mistral"))
    assert same_weights(model, saved)


def test_a_bare_namespace_or_dictionary() -> None:
    with pytest.warns(UserWarning, match="random"):
        model = load_backbone(SimpleNamespace(vocab_size=90, num_hidden_layers=3))
    assert model.config.vocab_size == 90
    assert len(model.model.layers) == 3
    with pytest.raises(ConfigurationError, match="num_hidden_layers = None"):
        load_backbone({"vocab_size": 90})


def test_what_is_no_causal_language_model() -> None:
    with pytest.raises(UnsupportedModelError, match="T5Config"):
        load_backbone(hf.T5Config(vocab_size=90, d_model=16, num_layers=1, num_heads=2))


@pytest.mark.parametrize("device_map", [{"": "cpu"}, "auto"])
def test_a_device_map_spreads_random_weights(device_map: str | dict[str, str]) -> None:
    with pytest.warns(UserWarning, match="random"):
        model = CMRTransformer(CONFIGS["llama"](), {"device_map": device_map})
    with model:
        model.enable_memory()
        assert model(torch.arange(2, 40)[None]).memory_stats["total_captured_states"] > 0
