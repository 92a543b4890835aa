"""What is said to a tiny model with a memory, and where traces of it would show."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, MemoryEntry, ReweavingConfig

MADE = tokenizer()
FACT, OTHER = "my cat is called Tom", "the dog lives in Rome"
SECRET = "my dog is called Qzwx 4711"
ASKED = "the cat is called"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def attached(memory: Memory | None = None, **config: Any) -> reweaving.Reweaver:
    recall = {"threshold": 0.0, "share": 0.0, "limit": 8, **config.pop("recall", {})}
    return reweaving.attach(
        make("llama", "sdpa"), MADE, memory, ReweavingConfig(recall=recall, **config)
    )


def found(woven: reweaving.Reweaver, query: str = ASKED) -> set[str]:
    """Texts that recall finds, after a check that `generate` weaves the same."""
    texts = {hit.text for hit in woven.recall(query)}
    inputs = MADE.apply_chat_template(
        [{"role": "user", "content": query}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    woven.model.generate(**inputs, max_new_tokens=1, do_sample=False)
    assert woven.last_weave is not None
    assert {hit.text for hit in woven.last_weave.recollections} == texts
    return texts


def states(entry: MemoryEntry) -> list[torch.Tensor]:
    held = [entry.hidden_state, entry.key_state, *(entry.keys or ()), *(entry.values or ())]
    return [state for state in held if state is not None]


def same(left: list[MemoryEntry], right: list[MemoryEntry]) -> bool:
    return [(e.token_ids, e.text, e.position_idx) for e in left] == [
        (e.token_ids, e.text, e.position_idx) for e in right
    ] and all(
        torch.equal(a, b)
        for one, other in zip(left, right, strict=True)
        for a, b in zip(states(one), states(other), strict=True)
    )


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def traces(entry: MemoryEntry) -> list[bytes]:
    """What would show that an entry is in a file: text, tokens, and its states in every dtype."""
    tokens = [id.to_bytes(4, "little") for id in entry.token_ids]
    needles = [word.encode() for word in entry.text.split() if word.startswith("Q")]
    needles += [entry.id.encode(), b"".join(tokens[-8:]), b"".join(tokens[:8])]
    for state in states(entry):
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            numbers = state[..., -4, :8].reshape(-1)[-8:].to(dtype).contiguous()  # a word's own
            needles.append(numbers.view(torch.uint8).numpy().tobytes())
    return needles


def files_with(folder: Path, needle: bytes) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and (needle in (data := path.read_bytes()) or needle.lower() in data)
    ]
