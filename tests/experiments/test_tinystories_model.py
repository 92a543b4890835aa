"""The checkpoint loader against llama2.c's own arithmetic, written out in NumPy, and its tokenizer's merges."""

from __future__ import annotations

import itertools
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from reweaving.errors import WeightsNotFoundError
from reweaving.experiments.outside_data import VARIABLE, find_outside_data
from reweaving.experiments.tinystories_model import load_stories260k

DIM, INNER, LAYERS, HEADS, KV_HEADS, LONGEST = 16, 24, 2, 4, 2, 32
PIECES = ["<unk>", "<s>", "</s>", *(f"<0x{code:02X}>" for code in range(256))]
SCORED = [(" ", 0.0), ("a", 0.0), ("b", 0.0), ("c", 0.0), ("ab", -1.0), ("bc", -2.0), (" a", -3.0)]
SCORED += [("abc", -4.0), (" ab", -5.0), (" abc", -6.0)]
VOCABULARY = len(PIECES) + len(SCORED)


def write(folder: Path) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    kv = DIM // HEADS * KV_HEADS
    shapes = {
        "embedding": (VOCABULARY, DIM),
        "attention_norm": (LAYERS, DIM),
        "wq": (LAYERS, DIM, DIM),
        "wk": (LAYERS, kv, DIM),
        "wv": (LAYERS, kv, DIM),
        "wo": (LAYERS, DIM, DIM),
        "ffn_norm": (LAYERS, DIM),
        "w1": (LAYERS, INNER, DIM),
        "w2": (LAYERS, DIM, INNER),
        "w3": (LAYERS, INNER, DIM),
        "norm": (DIM,),
        "ropes": (2, LONGEST, DIM // HEADS // 2),
    }
    weights = {name: rng.normal(0, 0.3, shape).astype("<f4") for name, shape in shapes.items()}
    header = struct.pack("<7i", DIM, INNER, LAYERS, HEADS, KV_HEADS, VOCABULARY, LONGEST)
    body = b"".join(weight.tobytes() for weight in weights.values())
    (folder / "stories260K.bin").write_bytes(header + body)
    scored = [(piece, 0.0) for piece in PIECES] + SCORED
    data = struct.pack("<i", 8)
    for piece, score in scored:
        data += struct.pack("<fi", score, len(piece.encode())) + piece.encode()
    (folder / "tok512.bin").write_bytes(data)
    return weights


def reference(weights: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """llama2.c's forward pass over a whole sequence: rotations turn neighbouring numbers."""
    x = weights["embedding"][ids].astype(np.float64)
    size = DIM // HEADS

    def norm(values: np.ndarray, gain: np.ndarray) -> np.ndarray:
        return values / np.sqrt((values**2).mean(-1, keepdims=True) + 1e-5) * gain

    def turned(values: np.ndarray) -> np.ndarray:
        out = values.copy()
        for position in range(len(values)):
            for at in range(0, values.shape[1], 2):
                angle = position / 10000 ** ((at % size) / size)
                a, b = values[position, at], values[position, at + 1]
                out[position, at] = a * np.cos(angle) - b * np.sin(angle)
                out[position, at + 1] = a * np.sin(angle) + b * np.cos(angle)
        return out

    for layer in range(LAYERS):
        h = norm(x, weights["attention_norm"][layer])
        q = turned(h @ weights["wq"][layer].T)
        k = turned(h @ weights["wk"][layer].T)
        v = h @ weights["wv"][layer].T
        joined = np.zeros_like(q)
        for head in range(HEADS):
            mine, shared = slice(head * size, (head + 1) * size), head // (HEADS // KV_HEADS)
            theirs = slice(shared * size, (shared + 1) * size)
            scores = q[:, mine] @ k[:, theirs].T / np.sqrt(size)
            scores[np.triu_indices(len(ids), 1)] = -np.inf
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            joined[:, mine] = shares / shares.sum(-1, keepdims=True) @ v[:, theirs]
        x = x + joined @ weights["wo"][layer].T
        h = norm(x, weights["ffn_norm"][layer])
        gate = h @ weights["w1"][layer].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ weights["w3"][layer].T)) @ weights["w2"][layer].T
    return norm(x, weights["norm"]) @ weights["embedding"].T


def merged(text: str) -> list[str]:
    """llama2.c's encoder: a blank in front, then the best-scored pair is joined until there is none."""
    pieces, scores = list(" " + text), dict(SCORED)
    while True:
        pairs = [(scores[a + b], -at) for at, (a, b) in enumerate(itertools.pairwise(pieces))
                 if a + b in scores]  # fmt: skip
        if not pairs:
            return pieces
        at = -max(pairs)[1]
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]


def test_logits_are_those_of_llama2_c(tmp_path: Path) -> None:
    weights = write(tmp_path)
    model, _ = load_stories260k(tmp_path)
    ids = [1, 260, 17, 33, 261, 90, 5, 262]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0].numpy()
    assert np.abs(logits - reference(weights, ids)).max() < 1e-4


@pytest.mark.parametrize("text", ["abc", "ab c", "bcab", "a  b", "cabc abc", "c"])
def test_tokens_are_those_of_llama2_c(tmp_path: Path, text: str) -> None:
    write(tmp_path)
    _, tokenizer = load_stories260k(tmp_path)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert [piece.replace("▁", " ") for piece in tokenizer.convert_ids_to_tokens(ids)] == merged(
        text
    )
    assert tokenizer.decode(ids) == text


def test_unknown_characters_are_spelt_in_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    _, tokenizer = load_stories260k(tmp_path)
    ids = tokenizer("aé", add_special_tokens=False)["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids)[-2:] == ["<0xC3>", "<0xA9>"]
    assert tokenizer.decode(ids) == "aé"


def test_a_folder_without_the_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFoundError, match=r"stories260K\.bin"):
        load_stories260k(tmp_path)


def test_outside_data_is_found_above_or_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared" / "data").mkdir(parents=True)
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert find_outside_data() == tmp_path / "shared" / "data"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "a"))
    assert find_outside_data() == tmp_path / "a"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    assert find_outside_data() is None
