"""Reconstruction methods and their integration, against full-context logits and numpy."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import reweaving
from families import make, padded, tokens
from reweaving import Reweaver, ReweavingConfig
from reweaving.errors import (
    ConfigurationError,
    FingerprintError,
    InputError,
    WeightsNotFoundError,
)
from reweaving.weaving.blend import ContextBlender
from reweaving.weaving.integrate import ReconstructionIntegrator
from reweaving.weaving.settings import ReconstructionConfig
from reweaving.weaving.trained import write_weights

READ, ASKED = tokens(60, seed=1), tokens(9, seed=2)
ONE = {"max_memory_tokens": None, "compression_ratio": 1.0}


def attached(model: Any, codec: str = "auto", layers: Any = None, **settings: Any) -> Reweaver:
    return reweaving.attach(
        model,
        config=ReweavingConfig(
            codec=codec, layers=layers, reconstruction=ReconstructionConfig(**settings)
        ),
    )


def chosen(woven: Reweaver) -> dict[int, set[int]]:
    """Layer to the slots that the last weave kept, of its only row."""
    weave = woven.last_weave.weave
    return {
        layer: set(kept.slots[0, kept.real[0]].tolist())
        for (layer, _), kept in weave._kept.items()
        if kept is not None
    }


@torch.no_grad()
def in_one_pass(model: Any, open_slots: dict[int, set[int]], nats: float = 0.0) -> torch.Tensor:
    """Logits of the request behind everything that was read, some of it hidden from some layers."""
    both = torch.cat([READ, ASKED], dim=1)
    read = READ.shape[1]

    def hide(layer: int) -> Any:
        def hook(_: Any, args: Any, kwargs: Any) -> Any:
            mask = kwargs["attention_mask"].clone()  # (1, 1, tokens, tokens), additive
            open_ = open_slots.get(layer, set(range(read)))
            shut = [slot for slot in range(read) if slot not in open_]
            mask[:, :, read:, shut] = torch.finfo(mask.dtype).min
            mask[:, :, read:, sorted(open_)] += nats
            return args, {**kwargs, "attention_mask": mask}

        return hook

    with ExitStack() as stack:
        for layer, module in enumerate(model.model.layers):
            stack.callback(module.register_forward_pre_hook(hide(layer), with_kwargs=True).remove)
        return model(both).logits[:, read:]


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "qwen3", "mistral"])
def test_hierarchical_is_exact_attention_over_fewer_tokens_the_lower_the_layer(name: str) -> None:
    model = make(name, "eager")
    whole = in_one_pass(model, {})
    with attached(
        model, method="hierarchical", integration_method="attention", max_memory_tokens=None
    ) as woven:
        with woven.weaving(woven.capture(READ)):
            logits = model(ASKED).logits
        kept = chosen(woven)
    assert (logits - in_one_pass(model, kept)).abs().max() <= 1e-4
    assert (logits - whole).abs().max() > 1e-2, "premise: compression shows"
    sizes = [len(kept.get(layer, range(60))) for layer in range(4)]
    assert sizes == [12, math.ceil(60 * (0.2 + 0.8 / 3)), math.ceil(60 * (0.2 + 1.6 / 3)), 60]
    assert all(0 in slots for slots in kept.values()), "the start token stays"


@torch.no_grad()
@pytest.mark.parametrize("name", ["llama", "gemma3", "gpt2"])
def test_hierarchical_keeps_what_the_request_attends_to(name: str) -> None:
    model = make(name, "eager")
    both = torch.cat([READ, ASKED], dim=1)
    weights = model(both, output_attentions=True).attentions[0][0].numpy()  # (heads, all, all)
    paid = weights[:, 60:, :60].sum((0, 1))
    pooled = np.convolve(np.pad(paid, 2), np.ones(5) / 5, mode="valid")
    pooled[0] = np.inf
    expected = set(np.argsort(-pooled)[:12].tolist())
    with attached(model, method="hierarchical", integration_method="attention") as woven:
        with woven.weaving(woven.capture(READ)):
            model(ASKED)
        assert chosen(woven)[0] == expected


@torch.no_grad()
def test_what_is_kept_holds_more_attention_than_what_a_draw_keeps() -> None:
    model = make("llama", "eager")
    both = torch.cat([READ, ASKED], dim=1)
    attentions = model(both, output_attentions=True).attentions
    with attached(model, compression_ratio=0.5, integration_method="attention") as woven:
        with woven.weaving(woven.capture(READ)):
            model(ASKED)
        kept = chosen(woven)
    generator = np.random.default_rng(0)
    for layer in (1, 2):
        paid = attentions[layer][0].numpy()[:, 60:, :60].sum((0, 1))
        mine = paid[sorted(kept[layer])].sum()
        size = len(kept[layer]) - 1
        draws = [paid[[0, *(1 + generator.permutation(59)[:size])]].sum() for _ in range(200)]
        assert mine > np.mean(draws)


@torch.no_grad()
def test_nothing_is_cut_where_everything_fits() -> None:
    model = make("llama", "eager")  # under sdpa the exact way has a kernel of its own
    outputs = []
    for settings in ({"method": "direct"}, {"method": "hierarchical"}):
        with (
            attached(model, integration_method="attention", **ONE, **settings) as woven,
            woven.weaving(woven.capture(READ)),
        ):
            outputs.append(model(ASKED).logits)
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(READ)):
        outputs.append(model(ASKED).logits)
    assert torch.equal(outputs[0], outputs[1])
    assert torch.equal(outputs[0], outputs[2])


@torch.no_grad()
@pytest.mark.parametrize("most", [1, 7, 60])
def test_no_layer_attends_to_more_than_the_limit(most: int) -> None:
    model = make("llama", "eager")
    with attached(
        model, method="direct", integration_method="attention", max_memory_tokens=most
    ) as woven:
        with woven.weaving(woven.capture(READ)):
            logits = model(ASKED).logits
        kept = chosen(woven)
    assert all(len(slots) == most for slots in kept.values())
    assert bool(kept) is (most < 60)
    assert (logits - in_one_pass(model, kept)).abs().max() <= 1e-4


@torch.no_grad()
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.8])
def test_the_memory_weight_multiplies_the_odds_of_memory(backend: str, weight: float) -> None:
    model = make("llama", backend)
    expected = in_one_pass(make("llama", "eager"), {}, math.log(weight / (1 - weight)))
    with (
        attached(
            model,
            method="direct",
            integration_method="weighted_sum",
            memory_weight=weight,
            max_memory_tokens=None,
        ) as woven,
        woven.weaving(woven.capture(READ)),
    ):
        assert (model(ASKED).logits - expected).abs().max() <= 1e-4


def test_half_the_weight_is_the_softmax_itself() -> None:
    generator = np.random.default_rng(1)
    memory, own = generator.normal(size=5), generator.normal(size=3)
    values = generator.normal(size=8)
    for weight in (0.2, 0.5, 0.7):
        z_m, z_s = np.exp(memory).sum(), np.exp(own).sum()
        o_m, o_s = np.exp(memory) @ values[:5] / z_m, np.exp(own) @ values[5:] / z_s
        formula = (weight * z_m * o_m + (1 - weight) * z_s * o_s) / (
            weight * z_m + (1 - weight) * z_s
        )
        nats = ReconstructionIntegrator(1, "weighted_sum", weight).log_odds
        scores = np.exp(np.concatenate([memory + nats, own]))
        assert scores @ values / scores.sum() == pytest.approx(formula)
    assert ReconstructionIntegrator(1, "weighted_sum", 0.5).log_odds == 0
    assert ReconstructionIntegrator(1, "attention").log_odds == 0


UNTRAINED = [
    {"method": "direct", "integration_method": "gated"},
    {"method": "hierarchical", "integration_method": "gated"},
    {"method": "mlp", "integration_method": "attention"},
    {"method": "attention", "integration_method": "weighted_sum"},
    {"method": "attention", "integration_method": "gated"},
    {"method": "attention", "integration_method": "attention"},
    {"method": "direct", "integration_method": "weighted_sum", "memory_weight": 0.0},
]


@torch.no_grad()
@pytest.mark.parametrize("settings", UNTRAINED)
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_what_is_not_trained_is_the_plain_model_bit_for_bit(
    backend: str, settings: dict[str, Any]
) -> None:
    model = make("llama", backend)
    plain = model(ASKED).logits
    answer = model.generate(ASKED, max_new_tokens=12, do_sample=False)
    with attached(model, **settings) as woven, woven.weaving(woven.capture(READ)):
        assert torch.equal(model(ASKED).logits, plain)
        assert torch.equal(model.generate(ASKED, max_new_tokens=12, do_sample=False), answer)


@torch.no_grad()
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_compressed_rows_are_alone(backend: str, side: str) -> None:
    model = make("llama", backend)
    asked = [tokens(9, seed=3), tokens(40, seed=4), tokens(5, seed=5)]
    ids, mask = padded(asked, side)
    with attached(model, max_memory_tokens=20) as woven:
        memories = [woven.capture(tokens(count, seed=count)) for count in (50, 12, 33)]
        alone = []
        for memory, row in zip(memories, asked, strict=True):
            with woven.weaving(memory):
                alone.append(model(row).logits[0])
        with woven.weaving(memories):
            together = model(ids, attention_mask=mask).logits
    for row, expected in enumerate(alone):
        assert (together[row, mask[row].bool()] - expected).abs().max() <= 1e-4


@torch.no_grad()
def test_the_choice_holds_while_an_answer_is_generated_and_attributed() -> None:
    model = make("llama", "sdpa")
    with attached(model, max_memory_tokens=20) as woven:
        entries = woven.capture(READ)
        with woven.weaving(entries):
            model.generate(ASKED, max_new_tokens=6, do_sample=False)
            first = chosen(woven)
        with woven.weaving(entries):
            model.generate(ASKED, max_new_tokens=6, do_sample=False)
        assert chosen(woven) == first
        shares = woven.last_weave.attention
        assert chosen(woven) == first, "measured with the choice that the answer was given with"
        assert 0 < sum(shares.values()) <= 1


def test_the_documented_defaults_are_the_defaults() -> None:
    blender, config = ContextBlender(12), ReconstructionConfig()
    assert (config.method, config.integration_method) == ("hierarchical", "weighted_sum")
    assert (config.memory_weight, config.max_memory_tokens, config.compression_ratio) == (
        0.3,
        128,
        0.6,
    )
    assert (blender.integrator.method, blender.integrator.memory_weight) == ("weighted_sum", 0.3)
    assert blender.max_memory_tokens == 128
    assert np.mean(blender.shares) == pytest.approx(0.6)
    assert reweaving.ReweavingConfig().reconstruction.is_exact


def test_shares_grow_from_the_bottom_and_average_to_the_ratio() -> None:
    for ratio in (0.1, 0.5, 0.6, 1.0):
        blender = ContextBlender(30, max_memory_tokens=None, compression_ratio=ratio)
        assert np.mean(blender.shares) == pytest.approx(ratio)
        assert list(blender.shares) == sorted(blender.shares)
        assert max(blender.shares) <= 1 + 1e-9
        assert min(blender.shares) >= -1e-9


@torch.no_grad()
def test_layers_that_were_not_stored_are_predicted_once_trained(tmp_path: Path) -> None:
    """With weights under which prediction is the source's state, the mlp weaves exactly that."""
    model = make("llama", "sdpa")
    settings = {"method": "mlp", "integration_method": "attention", **ONE}
    with attached(model, layers=(2, 3), **settings) as woven:
        plain = model(ASKED).logits
        translator = woven.reconstruction.translator
        assert translator is not None
        assert (translator.source, translator.layers) == (2, (0, 1))
        for weight in translator.outer.values():
            weight[:48] = torch.eye(48)
        write_weights(
            tmp_path, woven.reconstruction.modules(), woven.config.reconstruction,
            woven.fingerprint, {},
        )  # fmt: skip
    with attached(model, layers=(2, 3), weights=tmp_path, **settings) as woven:
        entries = woven.capture(READ)
        with woven.weaving(entries):
            logits = model(ASKED).logits
            weave = woven.last_weave.weave
        states = torch.cat([e.hidden_state[0] for e in entries])  # layer 2
        scaled = states / states.square().mean(-1, keepdim=True).sqrt()
        keys, values = woven.adapter.project(1, scaled[None])
        assert (weave._states[1][1][:, :, 1:] - values[:, :, 1:]).abs().max() < 1e-5
        assert (weave._states[1][0][:, :, 1:] - keys[:, :, 1:]).abs().max() < 1e-5
        assert not torch.equal(logits, plain)
    other = make("llama", "sdpa", seed=5)
    with pytest.raises(FingerprintError, match="train them again"):
        attached(other, layers=(2, 3), weights=tmp_path, **settings)
    with pytest.raises(ConfigurationError, match="for method 'mlp'"):
        attached(model, weights=tmp_path, method="attention")
    with pytest.raises(WeightsNotFoundError, match="cmr train-blender"):
        attached(model, weights=tmp_path / "none", method="attention")


@torch.no_grad()
def test_stored_layers_need_no_prediction() -> None:
    model = make("llama", "sdpa")
    with attached(model, method="mlp", integration_method="attention", **ONE) as woven:
        woven.reconstruction.active = True
        with woven.weaving(woven.capture(READ)):
            logits = model(ASKED).logits
    with reweaving.attach(model) as woven, woven.weaving(woven.capture(READ)):
        assert (model(ASKED).logits - logits).abs().max() <= 1e-4


@torch.no_grad()
@pytest.mark.parametrize("integration", ["weighted_sum", "gated", "attention"])
def test_the_residual_stream_takes_what_the_formula_says(integration: str) -> None:
    model = make("llama", "sdpa")
    with attached(model, method="attention", integration_method=integration) as woven:
        reader = woven.reconstruction.reader
        integrator = woven.reconstruction.blender.integrator
        assert reader is not None
        for name, weight in reader.maps.items():
            if name.startswith("out"):
                weight.normal_(generator=torch.Generator().manual_seed(1))
        for part in (integrator.gates, integrator.scales):
            if part is not None:
                part.normal_(generator=torch.Generator().manual_seed(2))
        woven.reconstruction.active = True
        seen: dict[str, torch.Tensor] = {}
        layer = reader.layers[0]
        entries = woven.capture(READ)
        plain_in = []
        handle = model.model.layers[layer].register_forward_pre_hook(
            lambda _, args: plain_in.append(args[0])
        )
        with woven.paused():
            model(ASKED)
        with woven.weaving(entries):
            model(ASKED)
        handle.remove()
        states = torch.cat([e.hidden_state[layer] for e in entries])
    hidden, changed = plain_in[0][0].double().numpy(), plain_in[1][0].double().numpy()
    seen = {k: v.double().numpy() for k, v in reader.maps.items()}

    def normal(x: np.ndarray) -> np.ndarray:
        return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)

    m = normal(states.double().numpy())
    q, k, v = (
        (x @ seen[f"{n}{layer}"]).reshape(len(x), 4, 64)
        for n, x in (("query", normal(hidden)), ("key", m), ("value", m))
    )
    scores = np.einsum("qhd,khd->hqk", q, k) / 8
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    update = np.einsum("hqk,khd->qhd", weights, v).reshape(len(hidden), 256) @ seen[f"out{layer}"]
    if integration == "weighted_sum":
        share: Any = 0.3
    elif integration == "gated":
        share = np.tanh(float(integrator.gates[layer, 0]))
    else:
        k_h, k_u = integrator.scales[layer].double().numpy()
        share = 1 / (1 + np.exp(normal(hidden) @ k_h - normal(update) @ k_u))[:, None]
    assert np.abs(changed - (hidden + share * update)).max() < 1e-3


def test_methods_that_read_residual_states_refuse_memory_without_them() -> None:
    model = make("llama", "sdpa")
    with pytest.raises(ConfigurationError, match="'kv' keeps no residual states"):
        attached(model, codec="kv", method="attention")
    with pytest.raises(ConfigurationError, match="add it to ReweavingConfig"):
        attached(model, layers=(0, 1), method="mlp")
    with attached(model, method="attention") as woven:
        woven.reconstruction.active = True
        entry = woven.capture(READ)[0]
        entry.layer_idx, entry.hidden_state = (0,), entry.hidden_state[:1]
        with pytest.raises(InputError, match="holds no residual states of layer 1"):
            woven.weaving([entry])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"memory_weight": 1.0}, "memory_weight = 1.0"),
        ({"compression_ratio": 0.0}, "compression_ratio = 0.0"),
        ({"max_memory_tokens": 0}, "max_memory_tokens = 0"),
        ({"method": "magic"}, "method = 'magic'"),
        ({"memory_wieght": 0.3}, "did you mean 'memory_weight'"),
    ],
)
def test_wrong_settings_are_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        ReconstructionConfig(**wrong)
