"""Perplexity on English that neither training nor the generator saw: Python's help and licences."""

from __future__ import annotations

import math
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_LICENCES = Path("/usr/share/common-licenses")


def held_out_english(limit_characters: int = 60_000) -> str:
    """Return some of Python's own help topics and licence texts of this machine."""
    from pydoc_data.topics import topics

    texts = [topics[name] for name in sorted(topics)]
    helped = "\n\n".join(texts)[:limit_characters]
    found = sorted(_LICENCES.glob("*")) if _LICENCES.is_dir() else []
    found += [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"]
    licences = [
        path.read_text(encoding="utf-8", errors="replace") for path in found if path.is_file()
    ]
    if not licences:
        licences = [_python_licence()]
    return helped + "\n\n" + "\n\n".join(licences)[:limit_characters]


def _python_licence() -> str:
    import builtins

    return str(getattr(builtins, "license", ""))


@torch.no_grad()
def perplexity(
    model: Any, tokenizer: PreTrainedTokenizerBase, text: str, windows: int, tokens: int = 512
) -> float:
    """Return the perplexity over `windows` evenly spread windows of `tokens` tokens each."""
    ids = torch.tensor(tokenizer(text, add_special_tokens=False)["input_ids"])
    windows = max(1, min(windows, len(ids) // tokens))
    stride = max(1, (len(ids) - tokens) // max(1, windows - 1)) if windows > 1 else 1
    total = 0.0
    for number in range(windows):
        window = ids[number * stride : number * stride + tokens].to(model.device)
        logits = model(input_ids=window[None]).logits[0, :-1].float()
        total += cross_entropy(logits, window[1:]).item()
    return math.exp(total / windows)
