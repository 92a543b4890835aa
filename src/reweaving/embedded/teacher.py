"""What the plain model says to ordinary requests and of itself: the adapter must leave it so.

Its final states are kept for each answer token; through the output embedding they give its whole
distribution again, so that the student can be held to it (Kullback-Leibler) at little cost.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from reweaving.embedded.dialogues.chatter import system_prompt
from reweaving.embedded.dialogues.general import opening, ordinary_request
from reweaving.embedded.dialogues.scene import Turn
from reweaving.embedded.dialogues.split import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from reweaving.embedded.layout import SceneEncoder


@dataclass(frozen=True)
class Spoken:
    """A prompt, what the plain model said to it, and its states while it did.

    Attributes
    ----------
    system, text : str or None, str
        The request as it stands in a scene; `text` is empty for text without a chat.
    prompt, reply : list of int
    states : Tensor, (len(reply), hidden)
        The final states from which each token of `reply` was predicted.
    """

    system: str | None
    text: str
    prompt: list[int]
    reply: list[int]
    states: Tensor


def ordinary_answers(
    model: Any,
    encoder: SceneEncoder,
    rng: random.Random,
    count: int,
    progress: Callable[[int], None],
    longest: int = 40,
) -> list[Spoken]:
    """Let the plain model answer `count` ordinary requests greedily."""
    asked = []
    for _ in range(count):
        system = system_prompt(rng, Side.TRAIN, default=0.5, none=0.3)
        text = ordinary_request(rng, Side.TRAIN)
        chat = encoder.chat
        whole = chat.system(system) + encoder.turns([Turn("user", text)]) + chat.opens["assistant"]
        asked.append((system, text, encoder.ids(whole)))
    replies = _continue(model, [ids for *_, ids in asked], longest, False, progress)
    return _spoken(model, asked, replies)


def own_texts(
    model: Any,
    encoder: SceneEncoder,
    rng: random.Random,
    count: int,
    progress: Callable[[int], None],
    longest: int = 64,
) -> list[Spoken]:
    """Let the plain model write `count` texts, sampled, from a few words on."""
    asked: list[tuple[str | None, str, list[int]]] = []
    for _ in range(count):
        start = encoder.ids(encoder.chat.opens["user"])[:1] if rng.random() < 0.5 else []
        asked.append((None, "", start + encoder.ids(opening(rng))))
    replies = _continue(model, [ids for *_, ids in asked], longest, True, progress)
    return _spoken(model, asked, replies)


@torch.no_grad()
def _continue(
    model: Any,
    prompts: list[list[int]],
    longest: int,
    sample: bool,
    progress: Callable[[int], None],
    rows: int = 64,
) -> list[list[int]]:
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    end, pad = model.generation_config.eos_token_id, model.generation_config.pad_token_id
    stops = set(end) if isinstance(end, list) else {end}
    fill = pad if isinstance(pad, int) else next(iter(stops)) or 0
    replies: list[list[int]] = [[] for _ in prompts]
    for at in range(0, len(order), rows):
        batch = [prompts[i] for i in order[at : at + rows]]
        width = max(map(len, batch))
        ids = torch.tensor([[fill] * (width - len(p)) + p for p in batch])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in batch])
        made = model.generate(
            input_ids=ids.to(model.device), attention_mask=mask.to(model.device),
            max_new_tokens=longest, do_sample=sample, temperature=1.0 if sample else None,
            top_k=0 if sample else None, top_p=1.0 if sample else None, pad_token_id=fill,
        )  # fmt: skip
        for i, row in zip(order[at : at + rows], made[:, width:].tolist(), strict=True):
            stop = next((n + 1 for n, token in enumerate(row) if token in stops), len(row))
            replies[i] = row[:stop]
        progress(len(batch))
    return replies


@torch.no_grad()
def _spoken(
    model: Any, asked: list[tuple[str | None, str, list[int]]], replies: list[list[int]]
) -> list[Spoken]:
    spoken = []
    for (system, text, prompt), reply in zip(asked, replies, strict=True):
        ids = torch.tensor([prompt + reply], device=model.device)
        decoder: Any = model.base_model
        states = decoder(input_ids=ids, use_cache=False).last_hidden_state[0]
        kept = states[len(prompt) - 1 : -1].to("cpu", torch.bfloat16)  # (reply, hidden)
        spoken.append(Spoken(system, text, prompt, reply, kept))
    return spoken
