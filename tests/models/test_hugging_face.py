"""What Hugging Face users expect: eval, to, state_dict, save_pretrained; and what memory does meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import transformers as hf

from families import make, tokenizer, tokens
from reweaving.errors import InputError
from reweaving.models import CMRTransformer, FullCMRModel, IntegratedCMRModel, MistralCMRModel

CLASSES = [CMRTransformer, IntegratedCMRModel, FullCMRModel, MistralCMRModel]


@torch.no_grad()
@pytest.mark.parametrize("kind", CLASSES)
def test_saved_and_loaded(kind: type[CMRTransformer], tmp_path: Path) -> None:
    plain, said, asked = make("llama", "sdpa"), tokens(20, seed=1), tokens(6, seed=2)
    settings = {"target_layers": [1, 3], "relevance_threshold": 0.0, "scoring_method": "variance"}
    with kind(plain, settings, tokenizer=tokenizer()) as model:
        model.enable_memory()
        assert not model.training
        model(said)
        answer = model(asked)
        model.save_pretrained(save_directory=tmp_path, max_shard_size="64KB")
        model.save_memory(tmp_path / "memory")
    loaded = hf.AutoModelForCausalLM.from_pretrained(tmp_path)
    assert type(loaded) is type(plain)
    assert (
        len(list(tmp_path.glob("model-*.safetensors"))) > 1
    )  # what Hugging Face's own takes counts
    assert "reweaving" not in (tmp_path / "config.json").read_text()
    assert torch.equal(loaded(asked).logits, plain(asked).logits)
    with kind.from_pretrained(tmp_path) as again:
        assert again.memory_config.target_layers == (1, 3)
        again.enable_memory()
        again.load_memory(tmp_path / "memory")
        for entry in again.memory_buffer.get_all_entries():
            if entry.sequence_id == 2:
                again.memory_buffer.discard([entry.id])
        same = again(asked)
    torch.testing.assert_close(same["logits"], answer["logits"])
    torch.testing.assert_close(same["last_hidden_state"], answer["last_hidden_state"])


def test_a_folder_without_settings(tmp_path: Path) -> None:
    make("llama").save_pretrained(tmp_path)
    with pytest.raises(InputError, match=r"no cmr_config\.json"):
        CMRTransformer.from_pretrained(tmp_path)


def test_state_dict_round_trip() -> None:
    with FullCMRModel(make("llama", seed=0)) as one, FullCMRModel(make("llama", seed=1)) as other:
        other.load_state_dict(one.state_dict())
        asked = tokens(6)
        assert torch.equal(one(asked).logits, other(asked).logits)


def test_other_weights_or_another_dtype_drop_what_was_read_before() -> None:
    with FullCMRModel(make("llama", seed=0), {"relevance_threshold": 0.0}) as model:
        model(tokens(20))
        model.to("cpu")
        assert len(model.memory_buffer) > 0
        with pytest.warns(UserWarning, match="entries were dropped"):
            model.load_state_dict(
                {**model.state_dict(), "backbone.model.norm.weight": torch.ones(48) * 2}
            )
        assert len(model.memory_buffer) == 0
        model(tokens(20))
        with pytest.warns(UserWarning, match="entries were dropped"):
            model.to(torch.bfloat16)
        assert model(tokens(6)).last_hidden_state.dtype == torch.bfloat16
        assert model(tokens(20, seed=5)).retrieval_stats["woven_entries"] == 1


def test_outputs_are_attributes_and_keys() -> None:
    with IntegratedCMRModel(make("llama")) as model:
        outputs = model(tokens(6))
        assert outputs.logits is outputs["logits"]
        with pytest.raises(AttributeError, match="it has last_hidden_state"):
            _ = outputs.past_key_values


def test_no_trace_is_left(tmp_path: Path) -> None:
    plain = make("gpt2")
    hooks = {name: len(module._forward_pre_hooks) for name, module in plain.named_modules()}
    asked = tokens(6)
    before = plain(asked).logits
    with FullCMRModel(plain, {"relevance_threshold": 0.0}) as model:
        mine = model.hook_manager.register_capture_hook(1)
        model(tokens(20))
        model.register_memory_hooks([1, 3])  # attached anew: hooks of ones own are no part of that
        model(tokens(20))
        assert len(model.hook_manager.get_captured_data(mine)) >= 2
    assert model.hook_manager.hooks() == []
    assert torch.equal(plain(asked).logits, before)
    assert hooks == {name: len(module._forward_pre_hooks) for name, module in plain.named_modules()}
    assert "generate" not in vars(plain)
