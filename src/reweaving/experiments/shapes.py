"""Models of a given shape with random weights: what costs time does not depend on what was learned."""

from __future__ import annotations

from typing import Any

import torch
import transformers as hf
from tokenizers import Tokenizer, models, pre_tokenizers

VOCABULARY = 50_257


def llama_124m(positions: int = 32_768, backend: str = "sdpa") -> Any:
    """A Llama of 124 million parameters: 12 layers, 768 wide, 12 heads, tied embeddings."""
    return _llama(
        backend,
        vocab_size=VOCABULARY,
        hidden_size=768,
        intermediate_size=2048,
        num_hidden_layers=12,
        num_attention_heads=12,
        num_key_value_heads=12,
        max_position_embeddings=positions,
        tie_word_embeddings=True,
    )


def small_llama(vocabulary: int, positions: int = 4096) -> Any:
    """A Llama of five million parameters, for benches that ask it thousands of times."""
    return _llama(
        "sdpa",
        vocab_size=vocabulary,
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=6,
        num_attention_heads=8,
        num_key_value_heads=4,
        max_position_embeddings=positions,
    )


def _llama(backend: str, **shape: Any) -> Any:
    torch.manual_seed(0)
    config = hf.LlamaConfig(**shape, pad_token_id=0, bos_token_id=1, eos_token_id=None)
    return hf.AutoModelForCausalLM.from_config(config, attn_implementation=backend).eval()


def word_tokenizer(size: int = VOCABULARY) -> hf.PreTrainedTokenizerFast:
    """A tokenizer of `size` tokens whose words are ``w2``, ``w3``, …, one token each."""
    pad = "<pad>"
    vocabulary = {pad: 0, "<s>": 1} | {f"w{i}": i for i in range(2, size)}
    core = Tokenizer(models.WordLevel(vocabulary, unk_token=pad))
    core.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made = hf.PreTrainedTokenizerFast(tokenizer_object=core)
    made.add_special_tokens({"pad_token": pad, "bos_token": "<s>"})
    return made


def random_tokens(count: int, generator: torch.Generator, vocabulary: int = VOCABULARY) -> Any:
    """Token ids ``(1, count)``, none of the special ones."""
    return torch.randint(100, vocabulary, (1, count), generator=generator)
