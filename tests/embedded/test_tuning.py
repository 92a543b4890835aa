"""Training learns, resumes as if it had not stopped, and leaves the lower layers alone."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from reweaving.embedded.block_attention import ScenePlan
from reweaving.embedded.loading import merged
from reweaving.embedded.looking import astray
from reweaving.embedded.lora import with_lora
from reweaving.embedded.low_rank import make_lean
from reweaving.embedded.tuning import Tuner
from reweaving.embedded.tuning_config import StepReport, TuningConfig
from reweaving.errors import ConfigurationError

SMALL: dict[str, Any] = {
    "scenes": 1,
    "questions": 3,
    "rank": 4,
    "ordinary": 4,
    "texts": 4,
    "text_rows": 2,
    "save_every": 2,
    "warmup": 2,
    "learning_rate": 2e-2,
}


def tuner(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path, steps: int
) -> Tuner:
    folder.mkdir(exist_ok=True)
    made = Tuner(model, tokenizer, folder, TuningConfig(steps=steps, **SMALL), "tiny")
    made.prepare()
    return made


def fresh(tiny: LlamaForCausalLM) -> LlamaForCausalLM:
    copy = LlamaForCausalLM(deepcopy(tiny.config)).eval()
    copy.load_state_dict(tiny.state_dict())
    return copy


def test_the_loss_falls(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    told: list[StepReport] = []
    made = tuner(tiny, tokenizer, tmp_path, 96)
    made.run(told.append)
    assert [t.step for t in told] == list(range(1, 97))
    lines = (tmp_path / "training.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["step"] == 96
    made.step = 0  # the same scenes once more, to compare like with like
    again = [made.train_step().loss for _ in range(8)]
    fallen = [then.loss - now for now, then in zip(again, told, strict=False)]
    assert sum(fallen) / len(fallen) > 0.02, "on the mean: a few scenes of many get worse"


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    whole = tuner(fresh(tiny), tokenizer, tmp_path / "whole", 5)
    whole.run(lambda _: None)
    tuner(fresh(tiny), tokenizer, tmp_path / "parts", 5).run(lambda _: None, until=2)
    again = tuner(fresh(tiny), tokenizer, tmp_path / "parts", 5)
    assert again.step == 2
    again.run(lambda _: None)
    one, other = (
        load_file(tmp_path / name / "adapter" / "adapter_model.safetensors")
        for name in ("whole", "parts")
    )
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_other_settings_do_not_continue_a_run(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    tuner(fresh(tiny), tokenizer, tmp_path, 4)
    other = Tuner(fresh(tiny), tokenizer, tmp_path, TuningConfig(steps=4, seed=1, **SMALL))
    with pytest.raises(ConfigurationError, match="other settings"):
        other.prepare()


def test_a_run_may_be_made_longer_until_the_learning_rate_falls(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    tuner(fresh(tiny), tokenizer, tmp_path, 6).run(lambda _: None, until=4)
    longer = tuner(fresh(tiny), tokenizer, tmp_path, 9)
    assert longer.step == 4
    longer.run(lambda _: None, until=7)
    with pytest.raises(ConfigurationError, match="other settings"):
        tuner(fresh(tiny), tokenizer, tmp_path, 20)


def test_the_adapter_merges_and_leaves_the_first_third_of_the_layers(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    plain = fresh(tiny)
    tuner(tiny, tokenizer, tmp_path, 3).run(lambda _: None)
    tensors = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    whole = merged(fresh(plain), tmp_path / "adapter")
    assert type(whole) is LlamaForCausalLM
    before, after = plain.state_dict(), whole.state_dict()
    assert before.keys() == after.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.startswith(("model.layers.1.", "model.layers.2.")) for name in changed)
    twice = merged(fresh(plain), tmp_path / "adapter").state_dict()
    assert all(torch.equal(after[name], twice[name]) for name in after)


def test_dense_and_sparse_attention_train_alike(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    sparse = tuner(fresh(tiny), tokenizer, tmp_path / "sparse", 3)
    dense = tuner(fresh(tiny), tokenizer, tmp_path / "dense", 3)
    dense.sparse = False
    dense.plain.set_attn_implementation("sdpa")
    assert sparse.train_step().loss == pytest.approx(dense.train_step().loss, rel=1e-4)


def test_looking_astray_costs_more_than_looking_at_the_answer() -> None:
    def loss(answered: bool, right: float, wrong: float) -> float:
        found = {3: torch.tensor([[right, wrong]])}
        empty = torch.zeros(0)
        return float(
            astray(ScenePlan([], empty, [], empty, empty, torch.tensor([answered]), found))
        )

    assert loss(True, 1.5, 0.1) == pytest.approx(math.log((1.5 + 0.1 + 0.5) / 1.5))
    assert loss(False, 0.0, 0.3) == pytest.approx(math.log((0.3 + 0.5) / 0.5))
    assert loss(True, 1.5, 0.1) < loss(True, 0.5, 0.1) < loss(True, 0.5, 1.0)
    assert loss(True, 3.0, 0.0) == loss(True, 2.0, 0.0)  # two heads are enough


def test_an_adapter_is_continued_with_more_ranks_from_what_it_answers(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    first = tuner(fresh(tiny), tokenizer, tmp_path / "first", 2)
    first.run(lambda _: None)
    plain = fresh(tiny)
    settings = SMALL | {"rank": 6, "start": str(tmp_path / "first" / "adapter")}
    again = Tuner(plain, tokenizer, tmp_path / "again", TuningConfig(steps=2, **settings), "tiny")
    again.prepare()
    ids = torch.arange(24)[None] % tiny.config.vocab_size
    plain.set_attn_implementation("sdpa")
    with torch.no_grad():
        found, untuned = again.model(ids).logits, tiny(ids).logits
        expected = merged(fresh(tiny), tmp_path / "first" / "adapter")(ids).logits
    assert torch.allclose(found, expected, atol=1e-4)
    assert not torch.allclose(found, untuned, atol=1e-3)


def test_an_adapter_of_more_ranks_is_not_continued_with_fewer(
    tiny: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    tuner(fresh(tiny), tokenizer, tmp_path / "first", 1).run(lambda _: None)
    settings = SMALL | {"rank": 2, "start": str(tmp_path / "first" / "adapter")}
    fewer = Tuner(
        fresh(tiny), tokenizer, tmp_path / "again", TuningConfig(steps=1, **settings), "tiny"
    )
    with pytest.raises(ConfigurationError, match="rank 4"):
        fewer.prepare()


def test_a_setting_out_of_range_is_named() -> None:
    with pytest.raises(ConfigurationError, match="steps is 0"):
        TuningConfig(steps=0)


def test_the_lean_forward_pass_gives_what_peft_gives(tiny: LlamaForCausalLM) -> None:
    ids = torch.arange(24)[None] % tiny.config.vocab_size
    found = []
    for lean in (False, True):
        torch.manual_seed(0)
        model = with_lora(fresh(tiny), 4, 1)
        weights = [p for p in model.parameters() if p.requires_grad]
        for weight in weights:
            torch.nn.init.normal_(weight, std=0.1)
        if lean:
            make_lean(model)
        logits = model(ids).logits
        logits.pow(2).mean().backward()
        found.append([logits, *(weight.grad for weight in weights)])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)
