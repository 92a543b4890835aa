"""`cmr memory reencode` with a small model on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

import reweaving
from families import make, tokenizer
from reweaving import Memory
from reweaving.cli.loading import load_model
from reweaving.cli.main import app
from reweaving.errors import FingerprintError, WeightsNotFoundError
from reweaving.memory.bound_model import bound_model
from reweaving.models.devices import resolve_device


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Another model than the memory's."""
    make("llama", seed=5).save_pretrained(tmp_path / "model")
    tokenizer().save_pretrained(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CMR_MEMORY", str(tmp_path / "m"))
    with (
        Memory.open(tmp_path / "m") as memory,
        reweaving.attach(make("llama"), tokenizer(), memory) as woven,
    ):
        woven.remember("my cat is called Tom", session="monday")
    return tmp_path / "m"


def test_another_model_is_refused_until_the_memory_is_reencoded(folder: Path, saved: Path) -> None:
    model, words = load_model(str(saved))
    with (
        Memory.open(folder) as memory,
        pytest.raises(FingerprintError, match="cmr memory reencode"),
    ):
        reweaving.attach(model, words, memory)
    done = subprocess.run(
        [sys.executable, "-c", "from reweaving.cli.main import main; main()",
         "memory", "reencode", "--model", str(saved), "--yes", "-o", "json"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["entries"] == 1
    assert not told["retokenised"]
    with Memory.open(folder) as memory, reweaving.attach(model, words, memory) as woven:
        assert woven.fingerprint.startswith(told["now"].split("(")[1].rstrip(")"))
        with woven.weaving(memory.entries()):
            pass


def test_a_model_of_another_dtype_is_told_from_the_memorys(folder: Path, saved: Path) -> None:
    full, words = load_model(str(saved), device="auto")
    assert full.device.type == resolve_device().type
    with Memory.open(folder, "bob") as memory:
        with reweaving.attach(full, words, memory) as woven:
            woven.remember("my cat is called Tom", session="monday")
        half, words = load_model(str(saved), torch.bfloat16)
        there, here = (f"LlamaForCausalLM {saved} in {kind}" for kind in ("float32", "bfloat16"))
        with pytest.raises(FingerprintError) as refused:
            reweaving.attach(half, words, memory)
        assert f"holds states of {there} (" in str(refused.value)
        assert f"mean nothing to {here} (" in str(refused.value)
        with reweaving.attach(half, words) as woven:
            memory.reencode(woven)
        assert bound_model(memory).name == here


def test_a_model_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["memory", "reencode", "--model", str(tmp_path / "nothing"), "--yes"]
    )
    assert isinstance(result.exception, WeightsNotFoundError)
    result = CliRunner().invoke(app, ["memory", "reencode", "--codec", "zip", "--yes"])
    assert isinstance(result.exception, reweaving.ReweavingError)
    assert "codec" in str(result.exception)
