"""Answers to generated requests: with their memory woven in, and with the same memory as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from reweaving.embedded.dialogues.scene import Block, Scene, Turn
from reweaving.training.examples import Block as Read
from reweaving.training.reading import BlockReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reweaving.embedded.layout import SceneEncoder
    from reweaving.reweaver import Reweaver
    from reweaving.types import MemoryEntry

_ROWS = 32
_LONGEST_ANSWER_TOKENS = 48


def woven_answers(
    woven: Reweaver,
    encoder: SceneEncoder,
    scenes: Sequence[Scene],
    kept: Callable[[MemoryEntry], MemoryEntry] | None = None,
    reader: BlockReader | None = None,
) -> list[str]:
    """Answer each scene's one request with its blocks captured, each in its session, and woven.

    Parameters
    ----------
    kept
        What becomes of an entry between capturing and weaving; None for nothing.
    reader
        Reads the blocks, or has read them before; None for one of its own.
    """
    blocks = list({id(block): block for scene in scenes for block in _seen(scene)}.values())
    encoded = [Read(*map(tuple, encoder.block(block))) for block in blocks]
    read = (reader or BlockReader()).memories(woven, encoded)
    entries = dict(zip(map(id, blocks), read, strict=True))
    answers = []
    for batch in _batches(scenes):
        rows = [_in_time_order([entries[id(b)] for b in _seen(scene)]) for scene in batch]
        if kept is not None:
            rows = [[kept(entry) for entry in row] for row in rows]
        requests = [encoder.request(scene.questions[0]) for scene in batch]
        with woven.weaving(rows):
            answers += generated(woven.model, encoder, requests)
    return answers


def text_answers(model: Any, encoder: SceneEncoder, scenes: Sequence[Scene]) -> list[str]:
    """Answer each scene's one request with its memory pasted in as chat turns before it.

    Text gets all that woven states saw: also the turns of a session that were not woven.
    """
    answers = []
    for batch in _batches(scenes):
        prompts = []
        for scene in batch:
            question = scene.questions[0]
            pasted = [turn for block in _seen(scene) for turn in _turns(block)]
            whole = replace(question, earlier=(*pasted, *question.earlier))
            prompts.append(encoder.request(whole))
        answers += generated(model, encoder, prompts)
    return answers


@torch.no_grad()
def generated(model: Any, encoder: SceneEncoder, prompts: Sequence[Sequence[int]]) -> list[str]:
    """Continue each prompt greedily, all in one batch."""
    pad = encoder.tokenizer.pad_token_id
    width = max(map(len, prompts))
    ids = torch.tensor([[pad] * (width - len(p)) + list(p) for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    made = model.generate(
        input_ids=ids.to(model.device), attention_mask=mask.to(model.device), do_sample=False,
        max_new_tokens=_LONGEST_ANSWER_TOKENS, pad_token_id=pad,
    )  # fmt: skip
    texts = encoder.tokenizer.batch_decode(made[:, width:], skip_special_tokens=True)
    return [text.strip() for text in texts]


def _in_time_order(blocks: Sequence[Sequence[MemoryEntry]]) -> list[MemoryEntry]:
    ordered = []
    for number, block in enumerate(blocks):
        ordered += [replace(entry, timestamp=float(number + 1)) for entry in block]
    return ordered


def _seen(scene: Scene) -> tuple[Block, ...]:
    question = scene.questions[0]
    return scene.blocks[question.first : question.last]


def _turns(block: Block) -> tuple[Turn, ...]:
    first, *rest = block.woven
    if block.head:
        first = Turn(first.role, f"{block.head} {first.text}")
    return (*block.earlier, first, *rest)


def _batches(scenes: Sequence[Scene]) -> Iterator[Sequence[Scene]]:
    for at in range(0, len(scenes), _ROWS):
        yield scenes[at : at + _ROWS]
