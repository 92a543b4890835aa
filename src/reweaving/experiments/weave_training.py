"""What the methods of `cmr bench weave` that need training are trained on: dialogues of the training side."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from reweaving.embedded.dialogues.scenes import training_scene
from reweaving.training.examples import Block, Example

if TYPE_CHECKING:
    from reweaving.embedded.layout import SceneEncoder


def training_examples(encoder: SceneEncoder, count: int, seed: int) -> list[Example]:
    """Requests with an answer over one to eight blocks of past sessions, as token ids."""
    draw = random.Random(f"weave training {seed}")
    examples: list[Example] = []
    while len(examples) < count:
        scene = training_scene(draw, questions=4)
        blocks = [encoder.block(block) for block in scene.blocks]
        encoded = [Block(tuple(before), tuple(woven)) for before, woven in blocks]
        examples += [
            Example(
                tuple(encoded[question.first : question.last]),
                tuple(encoder.request(question)),
                tuple(encoder.answer(question.answer)),
            )
            for question in scene.questions
            if question.answer is not None and question.first < question.last
        ]
    return examples[:count]
