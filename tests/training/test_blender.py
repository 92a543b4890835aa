"""What is trained learns, is written, and leaves the model as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import ReweavingConfig
from reweaving.errors import ConfigurationError, InputError
from reweaving.training.blender import BlenderTrainer, TrainingConfig
from reweaving.training.examples import Block, Example, examples_from_text
from reweaving.training.translator import fit_translator
from reweaving.weaving.settings import ReconstructionConfig
from reweaving.weaving.translate import StateTranslator

EXACT = ReconstructionConfig.exact()


def examples(count: int = 24) -> list[Example]:
    """Requests whose answer repeats a token of their memory."""
    draw = np.random.default_rng(0)
    made = []
    for _ in range(count):
        woven = tuple(int(t) for t in draw.integers(20, 150, 12))
        made.append(Example((Block((1,), woven),), (5, 6, 7), (woven[3], woven[4], 2)))
    return made


def test_ridge_regression_is_the_one_of_numpy() -> None:
    draw = torch.Generator().manual_seed(0)
    sequences = [
        {layer: torch.randn(20, 6, generator=draw) for layer in (0, 1, 2)} for _ in range(16)
    ]
    translator = StateTranslator(2, (0, 1), hidden_size=6, features=5)
    measured = fit_translator(translator, sequences)

    def unit(x: torch.Tensor) -> np.ndarray:
        array = x[1:].double().numpy()
        return array / np.sqrt((array**2).mean(-1, keepdims=True))

    kept = [s for at, s in enumerate(sequences) if at % 8 != 7]
    inner = translator.inner.double().numpy()
    x = np.concatenate([unit(s[2]) for s in kept])
    bent = torch.nn.functional.gelu(torch.tensor(x @ inner)).numpy()
    features = np.concatenate([x, bent, np.ones((len(x), 1))], axis=1)
    scale = (features**2).sum(0).mean()
    for layer in (0, 1):
        target = np.concatenate([unit(s[layer]) for s in kept])
        solved = [
            np.linalg.solve(features.T @ features + p * scale * np.eye(12), features.T @ target)
            for p in (1e-4, 1e-3, 1e-2, 1e-1)
        ]
        found = translator.outer[str(layer)].detach().numpy()
        assert min(np.abs(found - one).max() for one in solved) < 1e-4
    assert measured["tokens"] == 14 * 19


def test_what_depends_linearly_on_the_source_is_predicted() -> None:
    draw = torch.Generator().manual_seed(1)
    turn = torch.linalg.qr(torch.randn(8, 8, generator=draw)).Q
    sources = [torch.randn(40, 8, generator=draw) for _ in range(40)]
    translator = StateTranslator(1, (0,), hidden_size=8, features=4)
    assert not translator(0, sources[0]).any(), "untrained predicts nothing"
    measured = fit_translator(translator, [{1: s, 0: s @ turn} for s in sources])
    assert measured["explained_0"] > 0.999
    asked = torch.randn(5, 8, generator=draw)
    expected = asked @ turn / asked.square().mean(-1, keepdim=True).sqrt()
    assert (translator(0, 7 * asked) - expected).abs().max() < 1e-2


@pytest.mark.parametrize(
    "config",
    [
        EXACT.replace(integration_method="gated"),
        EXACT.replace(method="attention", integration_method="weighted_sum"),
        EXACT.replace(method="attention", integration_method="gated"),
        EXACT.replace(method="mlp"),
        EXACT.replace(method="mlp", integration_method="gated"),
    ],
)
def test_training_learns_and_leaves_the_model_as_it_was(
    config: ReconstructionConfig, tmp_path: Path
) -> None:
    model: Any = make("llama", "sdpa")
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    hooks = [len(m._forward_pre_hooks) for m in model.modules()]
    layers = (2, 3) if config.method == "mlp" else None
    trainer = BlenderTrainer(model, None, config, layers, TrainingConfig(steps=40, rows=8))
    measured = trainer.train(examples(), tmp_path)
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())
    assert [len(m._forward_pre_hooks) for m in model.modules()] == hooks
    assert all(weight.requires_grad for weight in model.parameters())
    if config != EXACT.replace(method="mlp"):  # regression follows states, not this loss
        assert measured["loss_after"] < measured["loss_before"]
    settings = ReweavingConfig(
        codec="hidden", layers=layers, reconstruction=config.replace(weights=tmp_path)
    )
    with reweaving.attach(model, None, config=settings) as woven:
        assert woven.reconstruction.active
        held = examples()[:16]
        with torch.no_grad():
            again = [float(trainer._loss(woven, held[at : at + 8])) for at in (0, 8)]
    assert np.mean(again) == pytest.approx(measured["loss_after"], abs=1e-4)


def test_an_exception_while_training_leaves_nothing(tmp_path: Path) -> None:
    model: Any = make("llama", "sdpa")
    hooks = [len(m._forward_pre_hooks) for m in model.modules()]

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    trainer = BlenderTrainer(model, None, EXACT.replace(integration_method="gated"))
    with pytest.raises(ZeroDivisionError):
        trainer.train(examples(), tmp_path / "none", fail)
    assert [len(m._forward_pre_hooks) for m in model.modules()] == hooks
    assert all(weight.requires_grad for weight in model.parameters())
    assert not (tmp_path / "none").exists()


def test_what_has_nothing_to_train_says_so() -> None:
    with pytest.raises(ConfigurationError, match="has nothing to train"):
        BlenderTrainer(make("llama"), None, EXACT)
    with pytest.raises(InputError, match="too few to train on"):
        examples_from_text([5] * 100, 1)


def test_the_command_trains_on_a_text_and_names_its_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from reweaving.cli.train_blender import train_blender

    made = tokenizer()
    make("llama").save_pretrained(tmp_path / "model")
    made.save_pretrained(tmp_path / "model")
    text = tmp_path / "text.txt"
    text.write_text("the cat is called Tom and lives in Rome. " * 60, "utf-8")
    train_blender(
        [text],
        str(tmp_path / "model"),
        "attention",
        "gated",
        tmp_path / "out",
        steps=2,
        minutes=1.0,
    )
    assert "loss_after" in capsys.readouterr().out
    assert (tmp_path / "out" / "blender.safetensors").is_file()
    # Unless told otherwise, what recalls most of those that need training.
    train_blender([text], str(tmp_path / "model"), out=tmp_path / "usual", steps=1)
    settings = EXACT.replace(method="mlp", weights=tmp_path / "usual")
    config = ReweavingConfig(codec="hidden", layers=(2, 3), reconstruction=settings)
    with reweaving.attach(make("llama"), made, config=config) as woven:
        assert woven.reconstruction.active
    with pytest.raises(InputError, match="no such file"):
        train_blender([tmp_path / "missing.txt"])
