"""stories260K, a llama2.c checkpoint with its tokenizer, as a Hugging Face Llama."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from reweaving.errors import WeightsNotFoundError

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

_HEADER = 7  # dim, hidden dim, layers, heads, key/value heads, vocabulary, longest sequence
_BLANK = "▁"


def load_stories260k(folder: Path) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """Model and tokenizer from ``stories260K.bin`` and ``tok512.bin``.

    Raises
    ------
    WeightsNotFoundError
        When the folder lacks one of them.
    """
    for name in ("stories260K.bin", "tok512.bin"):
        if not (folder / name).is_file():
            raise WeightsNotFoundError(f"there is no {name} in {folder}")
    model = _model(folder / "stories260K.bin")
    return model, _tokenizer(folder / "tok512.bin", int(model.config.vocab_size))


def _model(path: Path) -> LlamaForCausalLM:
    from transformers import LlamaConfig, LlamaForCausalLM

    raw = path.read_bytes()
    dim, inner, layers, heads, kv_heads, vocabulary, longest = struct.unpack(
        f"<{_HEADER}i", raw[: 4 * _HEADER]
    )
    numbers = torch.from_numpy(np.frombuffer(raw, dtype="<f4", offset=4 * _HEADER).copy())
    at = 0

    def take(*shape: int) -> torch.Tensor:
        nonlocal at
        count = int(np.prod(shape))
        at += count
        return numbers[at - count : at].view(*shape)

    kv_dim = dim // heads * kv_heads
    weights = {"model.embed_tokens.weight": take(vocabulary, dim)}
    kinds = (
        ("input_layernorm", (dim,), 0),
        ("self_attn.q_proj", (dim, dim), heads),
        ("self_attn.k_proj", (kv_dim, dim), kv_heads),
        ("self_attn.v_proj", (kv_dim, dim), 0),
        ("self_attn.o_proj", (dim, dim), 0),
        ("post_attention_layernorm", (dim,), 0),
        ("mlp.gate_proj", (inner, dim), 0),
        ("mlp.down_proj", (dim, inner), 0),
        ("mlp.up_proj", (inner, dim), 0),
    )
    for kind, shape, rotated_heads in kinds:
        for layer, weight in enumerate(take(layers, *shape)):
            held = _half_split(weight, rotated_heads) if rotated_heads else weight
            weights[f"model.layers.{layer}.{kind}.weight"] = held
    weights["model.norm.weight"] = take(dim)
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=dim,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=longest,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
    )
    model = LlamaForCausalLM(config)
    model.load_state_dict(weights)
    model.eval()
    return model


def _half_split(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of interleaved rotation pairs, as llama2.c has them, to the half-split order of Hugging Face."""
    rows, columns = weight.shape
    pairs = weight.view(heads, rows // heads // 2, 2, columns)
    return pairs.transpose(1, 2).reshape(rows, columns)


def _tokenizer(path: Path, vocabulary: int) -> PreTrainedTokenizerFast:
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers
    from transformers import PreTrainedTokenizerFast

    raw = path.read_bytes()
    at, pieces, scores = 4, [], []
    for _ in range(vocabulary):
        score, length = struct.unpack_from("<fi", raw, at)
        pieces.append(raw[at + 8 : at + 8 + length].decode("utf-8").replace(" ", _BLANK))
        scores.append(score)
        at += 8 + length
    pieces[:3] = ["<unk>", "<s>", "</s>"]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    # Sentencepiece joins the pair whose result scores best; a list of merges in that order does the same.
    merges = sorted(
        (-scores[numbers[piece]], numbers[piece], piece[:cut], piece[cut:])
        for piece in pieces[3:]
        for cut in range(1, len(piece))
        if piece[:cut] in numbers and piece[cut:] in numbers and not piece.startswith("<0x")
    )
    core = Tokenizer(
        models.BPE(
            vocab=numbers,
            merges=[(left, right) for *_, left, right in merges],
            unk_token=pieces[0],
            byte_fallback=True,
            fuse_unk=True,
        )
    )
    core.normalizer = normalizers.Sequence(
        [normalizers.Prepend(_BLANK), normalizers.Replace(" ", _BLANK)]
    )
    core.decoder = decoders.Sequence(
        [
            decoders.Replace(_BLANK, " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    core.add_special_tokens([AddedToken(piece, special=True) for piece in pieces[:3]])
    return PreTrainedTokenizerFast(
        tokenizer_object=core, unk_token=pieces[0], bos_token=pieces[1], eos_token=pieces[2]
    )
