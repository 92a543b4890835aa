"""One scene as one sequence, masked and placed exactly as weaving will lay it out.

Several requests share the blocks of a scene. Each request sees a run of blocks, one copy of the
sink right before that run, and itself::

    [prefix 1][span 1] [prefix 2][span 2] … [sink]… [request a] [request b] …

A block sees only itself, so the states of its span are those that were captured in its session. The
positions of spans are contiguous, each prefix stands right before its span, and a request begins
where the last of its spans ends. Rotary attention sees only differences, so all is shifted to begin
at zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from reweaving.capture.template import ChatTemplate
from reweaving.embedded.dialogues.scene import Block, Question, Scene, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Layout:
    """A scene ready for one forward pass.

    Attributes
    ----------
    token_ids, positions : Tensor, (tokens,)
    visible : Tensor of bool, (tokens, tokens)
        `visible[i, j]`: token i attends to token j.
    targets : Tensor, (tokens,)
        The next token where it is part of an answer, else −100.
    asked : Tensor, (tokens,)
        Which question each target belongs to, −1 elsewhere.
    groups : list of (first row, row behind the last)
        Blocks, copies of the sink, then requests; the first `memory_groups` are no requests.
    answered_by : Tensor of bool, (requests, tokens)
        The woven tokens of the blocks that answer each request.
    """

    token_ids: Tensor
    positions: Tensor
    visible: Tensor
    targets: Tensor
    asked: Tensor
    groups: list[tuple[int, int]]
    memory_groups: int
    answered_by: Tensor


class SceneEncoder:
    """Turns scenes into token ids by the model's own chat format."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.chat = ChatTemplate.of(tokenizer)

    def ids(self, text: str) -> list[int]:
        """Return the ids of `text` without added special tokens."""
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []

    def block(self, block: Block) -> tuple[list[int], list[int]]:
        """Return a block's prefix (never empty: the start token at least) and its woven tokens."""
        prefix = self.ids(self.chat.system(block.system) + self.turns(block.earlier))
        first, *rest = block.woven
        if block.head:
            prefix += self.ids(self.chat.opens[first.role] + block.head)
            woven = self.ids(f" {first.text}{self.chat.closes[first.role]}{self.turns(rest)}")
        else:
            woven = self.ids(self.turns(block.woven))
        if block.unfinished:
            woven = woven[: len(woven) - len(self.ids(self.chat.closes[block.woven[-1].role]))]
        return (prefix, woven) if prefix else (woven[:1], woven[1:])

    def request(self, question: Question) -> list[int]:
        """Return a request's tokens, up to where the assistant begins to answer."""
        turns = (*question.earlier, Turn("user", question.text))
        text = self.chat.system(question.system) + self.turns(turns)
        return self.ids(text + self.chat.opens["assistant"])

    def answer(self, text: str) -> list[int]:
        """Return an answer's tokens with the one that ends a turn, and nothing behind it."""
        close = self.chat.closes["assistant"].rstrip("\n") or self.tokenizer.eos_token or "\n"
        return self.ids(text) + self.ids(close)[:1]

    def decisive(self, text: str, values: Sequence[str]) -> list[bool]:
        """Return which tokens of `answer(text)` make it right or wrong: the first one, and those of its values.

        By the first one the model says whether it knows; all others can be put in more ways than one.
        """
        found = [False] * len(self.answer(text))
        found[0] = True
        for value in values:
            start = text.lower().find(value.lower())
            if start >= 0:
                first = len(self.ids(text[:start].rstrip()))
                stop = len(self.ids(text[: start + len(value)]))
                found[first:stop] = [True] * (stop - first)
        return found

    def turns(self, turns: Sequence[Turn]) -> str:
        """Return complete turns as text."""
        chat = self.chat
        return "".join(chat.opens[t.role] + t.text + chat.closes[t.role] for t in turns)


def lay_out(
    blocks: list[tuple[list[int], list[int]]],
    requests: list[tuple[list[int], list[int]]],
    runs: list[tuple[int, int]],
    holding: list[tuple[int, ...]],
) -> Layout:
    """Arrange blocks and requests as one sequence.

    Parameters
    ----------
    blocks : list of (prefix ids, woven ids)
    requests : list of (request ids, answer ids)
    runs : list of (first, last)
        The blocks `first` … `last - 1` that each request sees.
    holding : list of tuple of int
        The blocks among them that answer it.
    """
    ids: list[int] = []
    places: list[int] = []
    segment: list[int] = []  # which block, sink copy or request a token belongs to
    woven_of: list[int] = []  # the block of a woven token, else −1
    groups: list[tuple[int, int]] = []
    starts = [1]
    for number, (prefix, woven) in enumerate(blocks):
        groups.append((len(ids), len(ids) + len(prefix) + len(woven)))
        ids += prefix + woven
        places += range(starts[-1] - len(prefix), starts[-1] + len(woven))
        segment += [number] * (len(prefix) + len(woven))
        woven_of += [-1] * len(prefix) + [number] * len(woven)
        starts.append(starts[-1] + len(woven))
    sinks: dict[int, int] = {}
    for first, last in runs:
        if first < last and first not in sinks:
            sinks[first] = len(ids)
            groups.append((len(ids), len(ids) + 1))
            ids.append(blocks[first][0][0])
            places.append(starts[first] - 1)
            segment.append(len(blocks) + len(sinks) - 1)
            woven_of.append(-1)
    memory = len(ids)
    spread = torch.tensor(woven_of)
    reach = torch.zeros(len(requests), memory, dtype=torch.bool)
    targets = [-100] * memory
    asked = [-1] * memory
    for number, ((request, reply), (first, last)) in enumerate(zip(requests, runs, strict=True)):
        if first < last:
            reach[number] = (spread >= first) & (spread < last)
            reach[number, sinks[first]] = True
        whole = request + reply[:-1]
        groups.append((len(ids), len(ids) + len(whole)))
        ids += whole
        places += range(starts[last], starts[last] + len(whole))
        segment += [-1 - number] * len(whole)
        targets += [-100] * (len(request) - 1) + reply
        asked += [-1] * (len(request) - 1) + [number] * len(reply)
    answered_by = torch.zeros(len(requests), len(ids), dtype=torch.bool)
    for number, held in enumerate(holding):
        for block in held:
            answered_by[number, :memory] |= spread == block
    owner = torch.tensor(segment)
    positions = torch.tensor(places)
    visible = (owner[:, None] == owner[None, :]).tril()  # (tokens, tokens)
    askers = -1 - owner[memory:]
    visible[memory:, :memory] = reach[askers] if len(askers) else False
    return Layout(
        torch.tensor(ids),
        positions - int(positions.min()),
        visible,
        torch.tensor(targets),
        torch.tensor(asked),
        groups,
        len(blocks) + len(sinks),
        answered_by,
    )


def lay_out_scene(encoder: SceneEncoder, scene: Scene, answers: list[list[int]]) -> Layout:
    """Arrange a scene whose questions are answered by the token ids `answers`."""
    blocks = [encoder.block(block) for block in scene.blocks]
    requests = [encoder.request(question) for question in scene.questions]
    runs = [(question.first, question.last) for question in scene.questions]
    holding = [question.holding for question in scene.questions]
    return lay_out(blocks, list(zip(requests, answers, strict=True)), runs, holding)
