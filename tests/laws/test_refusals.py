"""What cannot be woven exactly is refused at `attach`, by name and reason; law 12 for states of another model."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch
import transformers as hf
from peft import LoraConfig

import reweaving
from families import make, tokens
from reweaving import ReweavingConfig
from reweaving.errors import (
    AttachmentError,
    ConfigurationError,
    ConformanceError,
    FingerprintError,
    InputError,
    UnsupportedModelError,
)

_TINY: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}


def _t5() -> Any:
    return hf.T5ForConditionalGeneration(
        hf.T5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=32, num_layers=2, num_heads=4)
    )


def _mamba() -> Any:
    return hf.MambaForCausalLM(
        hf.MambaConfig(vocab_size=64, hidden_size=32, num_hidden_layers=2, state_size=4)
    )


def _bloom() -> Any:
    return hf.BloomForCausalLM(hf.BloomConfig(vocab_size=64, hidden_size=32, n_layer=2, n_head=4))


def _hybrid() -> Any:
    return hf.Qwen3NextForCausalLM(
        hf.Qwen3NextConfig(
            **_TINY,
            num_key_value_heads=2,
            head_dim=8,
            intermediate_size=32,
            layer_types=["linear_attention", "full_attention"],
            num_experts=2,
            num_experts_per_tok=1,
            moe_intermediate_size=16,
            shared_expert_intermediate_size=16,
            linear_num_value_heads=2,
            linear_num_key_heads=2,
            linear_key_head_dim=8,
            linear_value_head_dim=8,
        )
    )


def _opt() -> Any:
    return hf.OPTForCausalLM(hf.OPTConfig(**_TINY, ffn_dim=32, word_embed_proj_dim=32))


def _encoder() -> Any:
    return hf.BertModel(hf.BertConfig(**_TINY, intermediate_size=32))


def _headless() -> Any:
    return hf.LlamaModel(hf.LlamaConfig(**_TINY, intermediate_size=32))


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (_t5, "encoder-decoder"),
        (_mamba, "running state"),
        (_bloom, "ALiBi"),
        (_hybrid, "linear"),
        (_opt, "rotary"),
        (_encoder, "causal"),
        (_headless, "AutoModelForCausalLM"),
        (lambda: torch.nn.Linear(2, 2), "causal language model"),
    ],
)
def test_what_cannot_be_woven_is_refused_with_its_reason(build: Any, reason: str) -> None:
    model = build()
    with pytest.raises(UnsupportedModelError, match=reason):
        reweaving.attach(model)


def test_states_of_another_model_are_refused_by_name() -> None:
    one, other = make("llama", seed=0), make("llama", seed=1)
    with reweaving.attach(one) as woven:
        entries = woven.capture(tokens(20))
    with (
        reweaving.attach(other) as woven,
        pytest.raises(FingerprintError, match="cmr memory reencode"),
    ):
        woven.weaving(entries)


@pytest.mark.parametrize("change", ["one weight", "dtype", "config"])
def test_a_fingerprint_sees_every_change(change: str) -> None:
    from reweaving.adapters.fingerprint import model_fingerprint

    model = make("llama")
    before = model_fingerprint(model)
    assert before == model_fingerprint(make("llama")), "the same model has the same fingerprint"
    with torch.no_grad():
        if change == "one weight":
            weight = model.model.layers[1].mlp.up_proj.weight
            weight[3, 5] = torch.nextafter(weight[3, 5], torch.tensor(10.0))
        elif change == "dtype":
            model = model.to(torch.bfloat16)
        else:
            model.config.rms_norm_eps = 1e-3
    assert model_fingerprint(model) != before


def test_layers_out_of_range_are_left_out_with_a_warning_that_names_them() -> None:
    with pytest.warns(UserWarning, match=r"layers \[4, 8\] are left out"):
        woven = reweaving.attach(make("llama"), config=ReweavingConfig(layers=(1, 4, 8)))
    with woven:
        assert woven.layers == (1,)
    with pytest.raises(InputError, match=r"none of the layers \[7\]"):
        reweaving.attach(make("llama"), config=ReweavingConfig(layers=(7,)))


def test_nan_in_states_is_refused() -> None:
    model = make("llama")
    with reweaving.attach(model) as woven:
        with torch.no_grad():
            model.model.embed_tokens.weight[7] = float("nan")
        with pytest.raises(InputError, match="NaN"):
            woven.capture(torch.tensor([[5, 7, 9]]))
        assert woven.memory.stats().entries == 0


@pytest.mark.parametrize(
    "ids",
    [
        torch.zeros(1, 0, dtype=torch.long),
        torch.rand(1, 4),
        torch.tensor([[5, 160]]),
        torch.tensor([[-1]]),
    ],
)
def test_token_ids_that_are_none_are_refused(ids: torch.Tensor) -> None:
    with reweaving.attach(make("llama")) as woven, pytest.raises(InputError):
        woven.capture(ids)


def test_longer_than_the_window_is_refused() -> None:
    with reweaving.attach(make("llama")) as woven:
        with pytest.raises(InputError, match="window of 512"):
            woven.capture(tokens(513))
        with pytest.raises(InputError, match="window"):
            woven.model.generate(tokens(513), max_new_tokens=1)


def test_settings_are_checked_by_name_and_range() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'budget_tokens'"):
        ReweavingConfig(budget_token=3)
    with pytest.raises(ConfigurationError, match="budget_tokens = 0"):
        ReweavingConfig(budget_tokens=0)
    with pytest.raises(ConfigurationError, match="codec"):
        ReweavingConfig(codec="zip")  # type: ignore[arg-type]


def test_rows_must_fit_the_batch() -> None:
    with reweaving.attach(make("llama")) as woven:
        entries = woven.capture(tokens(10))
        with (
            pytest.raises(InputError, match="2 rows"),
            woven.weaving([entries, entries]),
            torch.no_grad(),
        ):
            woven.model(tokens(5, rows=3))


def test_a_model_that_its_adapter_misreads_is_refused_with_what_was_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from reweaving.adapters.base import BackboneAdapter

    model = make("llama")
    with monkeypatch.context() as patch:
        patch.setattr(BackboneAdapter, "rotate", lambda self, layer, keys, cos, sin: keys)
        with pytest.raises(ConformanceError, match=r"differ from live ones by \d\.\de"):
            reweaving.attach(model)
    with reweaving.attach(model) as woven:
        assert woven.conformance.exact


def test_the_probe_costs_three_short_passes() -> None:
    model = make("llama")
    lengths = []
    model.model.register_forward_pre_hook(
        lambda _, args, kwargs: lengths.append(kwargs["input_ids"].shape[1]), with_kwargs=True
    )
    with reweaving.attach(model):
        assert sorted(lengths) == [4, 8, 12]


def test_two_memories_do_not_serve_four_rows() -> None:
    with reweaving.attach(make("llama")) as woven, torch.no_grad():
        entries = woven.capture(tokens(10))
        with woven.weaving([entries, entries]):
            with pytest.raises(InputError, match="2 rows"):
                woven.model(tokens(5, rows=4))
            woven.model.generate(
                tokens(5, rows=2), max_new_tokens=2, do_sample=False, num_beams=2
            )  # several rows of each, as `generate` makes them


@pytest.mark.parametrize("change", ["dtype", "adapter"])
def test_a_model_that_changed_since_attach_is_refused(change: str) -> None:
    model = make("llama", "sdpa")
    with reweaving.attach(model) as woven:
        if change == "dtype":
            model.to(torch.bfloat16)
        else:
            model.add_adapter(LoraConfig(target_modules=["k_proj"]))
        with pytest.raises(AttachmentError, match="attach again"):
            woven.capture(tokens(8))
        with pytest.raises(AttachmentError, match="attach again"):
            model.generate(tokens(5), max_new_tokens=2)
    with reweaving.attach(model) as woven:
        woven.capture(tokens(8))


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_model_with_a_memory_is_not_copied(how: Any) -> None:
    model = make("llama")
    with reweaving.attach(model), pytest.raises(AttachmentError, match="state_dict"):
        how(model)
    copied = how(model)
    assert copied is not model


@pytest.mark.filterwarnings("ignore:`gradient_checkpointing_enable`:FutureWarning")
def test_layers_that_would_run_again_without_memory_are_refused() -> None:
    model = make("llama", "sdpa")
    model.gradient_checkpointing_enable()
    with reweaving.attach(model) as woven:
        entries = woven.capture(tokens(8))
        model.train()
        with woven.weaving(entries), pytest.raises(InputError, match="checkpointing"):
            model(tokens(5))
        model(tokens(5))  # without memory it is the model's own business
