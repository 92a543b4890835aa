"""Calibrating a tiny model from beginning to end, and the command that does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from typer.testing import CliRunner

import reweaving
from reweaving import Memory, ReweavingConfig
from reweaving.adapters.fingerprint import model_fingerprint
from reweaving.cli.loading import load_model
from reweaving.cli.main import app
from reweaving.experiments import calibrating
from reweaving.experiments.calibrating import CalibrationSize, calibrate
from reweaving.experiments.calibrating_heads import _looked_at, retrieval_heads
from reweaving.retrieval.calibration import Calibration, find_calibration, likeness
from tests.embedded.conftest import tiny, tokenizer

__all__ = ["tiny", "tokenizer"]  # fixtures


def silent(done: int, total: int, what: str = "") -> None:
    assert 0 <= done <= total


def test_a_model_is_measured(tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    size = CalibrationSize(history_tokens=500, each_kind=2)
    found = calibrate(tiny, tokenizer, "tiny", silent, size=size, false_weave_rate=0.5)
    assert found == Calibration.of_note(json.loads(json.dumps(found.as_note())))
    assert 0 <= found.key_layer < 3
    assert len(found.centre) == 48
    assert found.likeness == pytest.approx(likeness(tiny), rel=1e-6)
    shares = [share for *_, share in found.heads]
    assert shares == sorted(shares, reverse=True)
    assert {(layer, head) for layer, head, _ in found.heads} == {
        (layer, head) for layer in range(3) for head in range(4)
    }
    assert found.figures["ordinary_woven"] <= 0.5
    with Memory.open(":memory:") as memory:
        found.keep(memory)
        with reweaving.attach(tiny, tokenizer, memory) as woven:
            assert woven.calibration == found
            assert woven.key_layer == found.key_layer


def test_heads_look_where_they_look_in_one_pass(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast
) -> None:
    told = [1, *torch.randint(5, 700, (149,), generator=torch.Generator().manual_seed(3)).tolist()]
    words = tokenizer("Where does Ann live?", add_special_tokens=False)["input_ids"]
    with reweaving.attach(tiny, tokenizer) as woven:
        spans = woven.capture(told)
        assert len(spans) > 2
        ids, start, stop = woven.chat.asking(words)
        places = {span.id: at for at, span in enumerate(spans)}
        looked = _looked_at(woven, words, spans, places)
        right = (frozenset({1}),)
        heads = retrieval_heads(woven, [(words, spans, right)])
    tiny.set_attn_implementation("eager")
    with torch.no_grad():
        attentions = tiny(torch.tensor([[*told, *ids]]), output_attentions=True).attentions
    for layer, (ours, theirs) in enumerate(zip(looked, attentions, strict=True)):
        asked = theirs[0][:, len(told) + start : len(told) + stop].sum(dim=1)  # (heads, tokens)
        for at, span in enumerate(spans):
            first = span.position_idx + (span.position_idx == 0)  # the start token is no span's
            mass = asked[:, first : span.position_idx + span.tokens].sum(dim=1)
            assert torch.allclose(ours[:, at], mass, atol=1e-4), (layer, at)
    wanted = {
        (layer, head): float(int(spans_of.argmax()) == 1)
        for layer, shares in enumerate(looked)
        for head, spans_of in enumerate(shares)
    }
    assert {(layer, head): share for layer, head, share in heads} == wanted


def test_the_command_keeps_what_it_found(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    tiny.save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    given = ["calibrate", "--model", str(tmp_path / "model"), "--quick"]
    given += ["--memory", str(tmp_path / "memory"), "--json", str(tmp_path / "out" / "c.json")]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    assert "key layer" in result.output
    note = json.loads((tmp_path / "out" / "c.json").read_text("utf-8"))
    with Memory.open(tmp_path / "memory") as memory:
        assert memory.note(f"calibration {note['fingerprint']}") == note


def test_the_command_tells_what_entries_of_another_layer_leave_out(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    folder = str(tmp_path / "model")
    tiny.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    with (
        Memory.open(tmp_path / "memory", "ann") as memory,
        reweaving.attach(*load_model(folder), memory, ReweavingConfig(key_layer=2)) as woven,
    ):
        woven.remember("My boat is called Aurora.")
    given = ["calibrate", "--model", folder, "--quick", "--memory", str(tmp_path / "memory")]
    for namespace, left_out in (("ann", True), ("bob", False)):
        result = CliRunner().invoke(app, [*given, "--namespace", namespace])
        assert result.exit_code == 0, result.output
        told = " ".join(result.output.split())
        assert ("but not its key layer and gate" in told) == left_out
        assert ("the keys of layer 2" in told) == left_out


def test_what_is_kept_for_the_embedded_model_is_found_in_a_chat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The measuring, which takes minutes, is left out; what counts is which model it is given."""

    def measured(model: Any, tokenizer: Any, name: str, *_: Any, **__: Any) -> Calibration:
        return Calibration(
            model=name, fingerprint=model_fingerprint(model, tokenizer), key_layer=3,
            threshold=0.5, false_weave_rate=0.05,
        )  # fmt: skip

    monkeypatch.setattr(calibrating, "calibrate", measured)
    # As on a processor that multiplies in bfloat16.
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    result = CliRunner().invoke(app, ["calibrate", "--memory", str(tmp_path / "m")])
    assert result.exit_code == 0, result.output
    model, tokenizer = reweaving.load_embedded()
    with Memory.open(tmp_path / "m") as memory:
        kept = find_calibration(model, model_fingerprint(model, tokenizer), memory)
    assert kept is not None
    assert kept.threshold == 0.5, "not the one that comes with the package"
