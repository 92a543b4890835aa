"""What a blender is trained on: something read, and how it went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reweaving.errors import InputError

_MEMORY_TOKENS, _REQUEST_TOKENS, _ANSWER_TOKENS = 96, 8, 40


@dataclass(frozen=True)
class Block:
    """A part of a past session as token ids: what was read before it, and what becomes memory."""

    before: tuple[int, ...]
    woven: tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """One request over some memory, and the answer that it should get, as token ids."""

    blocks: tuple[Block, ...]
    request: tuple[int, ...]
    answer: tuple[int, ...]


def examples_from_text(ids: Sequence[int], start_id: int | None) -> list[Example]:
    """Cut a text: 96 tokens become memory, the next 8 the request, and the 40 behind them the answer.

    Parameters
    ----------
    ids
        The text's tokens, without special ones.
    start_id
        The model's start token, or None.

    Raises
    ------
    InputError
        When the text is too short for eight examples.
    """
    size = _MEMORY_TOKENS + _REQUEST_TOKENS + _ANSWER_TOKENS
    if len(ids) < 8 * size:
        raise InputError(
            f"{len(ids)} tokens of text are too few to train on; give at least {8 * size}, better 20,000"
        )
    before = () if start_id is None else (start_id,)
    examples = []
    for at in range(0, len(ids) - size + 1, size):
        asked = at + _MEMORY_TOKENS
        answered = asked + _REQUEST_TOKENS
        examples.append(
            Example(
                (Block(before, tuple(ids[at:asked])),),
                tuple(ids[asked:answered]),
                tuple(ids[answered : at + size]),
            )
        )
    return examples
