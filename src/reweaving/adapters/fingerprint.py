"""Which model read this? A digest of weights, config, dtype and tokenizer."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import torch

_VOLATILE = {
    "_name_or_path",
    "transformers_version",
    "torch_dtype",
    "dtype",
    "use_cache",
    "architectures",
    "attn_implementation",
}
_AS_INTEGER = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def model_fingerprint(model: Any, tokenizer: Any = None) -> str:
    """Digest that changes with any weight, the architecture, the dtype or the vocabulary.

    Weights enter as the sum of their bit patterns per tensor, alone and weighted by position, which reads every
    bit at memory speed; a cryptographic hash of all bytes would take seconds where this takes a tenth.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    digest = hashlib.sha256()
    config = {k: v for k, v in model.config.to_dict().items() if k not in _VOLATILE}
    digest.update(json.dumps(config, sort_keys=True, default=str).encode())
    for name, weight in model.state_dict().items():
        if weight.is_meta:
            weight = _offloaded(model, name)
        digest.update(f"{name}{tuple(weight.shape)}{weight.dtype}{_bit_sums(weight)}".encode())
    if tokenizer is not None:
        vocabulary = json.dumps(sorted(tokenizer.get_vocab().items()))
        digest.update(vocabulary.encode())
    return digest.hexdigest()[:32]


def model_name(model: Any) -> str:
    """Class, name or path, and dtype, for messages: what tells most models apart that look alike."""
    named = str(getattr(model.config, "_name_or_path", "") or "")
    dtype = str(model.dtype).removeprefix("torch.")
    return " ".join(part for part in (type(model).__name__, named, "in", dtype) if part)


def _offloaded(model: Any, name: str) -> torch.Tensor:
    """A weight that accelerate keeps in RAM or on the disk until its module runs."""
    from accelerate.utils import align_module_device

    owner, _, attribute = name.rpartition(".")
    module = model.get_submodule(owner)
    with align_module_device(module, "cpu"):
        found: torch.Tensor = getattr(module, attribute)
        return found.detach()


def _bit_sums(weight: torch.Tensor) -> tuple[int, int]:
    if weight.is_meta or weight.numel() == 0:
        return (0, 0)
    flat = weight.detach().contiguous().view(-1)
    bits = (
        flat.view(_AS_INTEGER[flat.element_size()])
        if flat.dtype != torch.bool
        else flat.to(torch.int8)
    )
    columns = bits[: bits.numel() // 64 * 64].view(-1, 64).sum(0, dtype=torch.int64)  # (64,)
    weights = torch.arange(1, 65, device=columns.device)
    return int(bits.sum(dtype=torch.int64)), int((columns * weights).sum())
