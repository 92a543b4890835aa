"""What capturing is compared with does what a user's model would do without it."""

from __future__ import annotations

from typing import Any

import torch
import transformers as hf

from reweaving.experiments.overhead import _capture_prefill
from reweaving.experiments.shapes import VOCABULARY, word_tokenizer


def test_a_prefill_that_captures_is_compared_with_one_that_makes_a_single_row_of_logits() -> None:
    config = hf.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=16, num_hidden_layers=2,
        num_attention_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=None,
    )  # fmt: skip
    model: Any = hf.AutoModelForCausalLM.from_config(config).eval()
    made: list[int] = []

    def noted(module: Any, given: Any, logits: torch.Tensor) -> None:
        made.append(logits.shape[-2])

    model.lm_head.register_forward_hook(noted)
    with torch.no_grad():
        pairs = _capture_prefill(model, word_tokenizer(), torch.Generator().manual_seed(0), 1)
    assert list(pairs) == ["capture_prefill_ratio", "capture_prefill_vs_full_logits"]
    taken, prefill = pairs["capture_prefill_ratio"]
    taken_again, full = pairs["capture_prefill_vs_full_logits"]
    assert taken is taken_again
    assert len(taken.wall) == len(prefill.wall) == len(full.wall) == 1
    # Warm-up and one round; what capturing itself asks of the head (two tokens, once) is neither.
    assert made.count(1) == 2
    assert made.count(512) == 2
