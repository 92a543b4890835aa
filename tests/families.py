"""Tiny random models of every supported family, and what is fed to them."""

from __future__ import annotations

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from reweaving.experiments.tiny_models import CONFIGS, make, tokens

__all__ = ["CONFIGS", "make", "padded", "tokenizer", "tokens"]


def padded(rows: list[torch.Tensor], side: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows ``(1, n)`` of different lengths as one batch with its attention mask."""
    longest = max(row.shape[1] for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        at = longest - row.shape[1] if side == "left" else 0
        ids[i, at : at + row.shape[1]] = row[0]
        mask[i, at : at + row.shape[1]] = 1
    return ids, mask


def tokenizer(templated: bool = True) -> PreTrainedTokenizerFast:
    """A tokenizer of whole words and single characters, with a ChatML-like template unless asked not to."""
    marks = ["<pad>", "<s>", "<end>"]
    words = ["user", "assistant", "system", "the", "a", "is", "my", "cat", "dog", "called"]
    words += ["Tom", "Rex", "lives", "in", "Rome", "blue"]
    alphabet = [chr(code) for code in range(32, 127)] + ["\n"]
    vocabulary = {token: i for i, token in enumerate([*marks, *words, *alphabet])}
    core = Tokenizer(models.WordLevel(vocabulary, unk_token="#"))
    known = "|".join(words)
    core.pre_tokenizer = pre_tokenizers.Split(Regex(rf"\b(?:{known})\b|[\s\S]"), "isolated")
    core.decoder = decoders.Fuse()
    made = PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="<pad>", bos_token="<s>", eos_token="<end>"
    )
    if templated:
        made.chat_template = (
            "{% if messages[0].role != 'system' %}<s>system\nthe system<end>\n{% endif %}"
            "{% for m in messages %}<s>{{ m.role }}\n{{ m.content }}<end>\n{% endfor %}"
            "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
        )
    return made
