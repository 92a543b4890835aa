"""`BlenderTrainer`: gates, readers and translators learn from a text, the model itself stays as it is."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from reweaving.adapters.base import evaluating
from reweaving.errors import ConfigurationError, InputError
from reweaving.reweaver import Reweaver, attach
from reweaving.settings import ReweavingConfig
from reweaving.training.examples import Block, Example
from reweaving.training.reading import BlockReader, right_padded
from reweaving.training.translator import fit_translator
from reweaving.types import MemoryEntry
from reweaving.weaving.settings import ReconstructionConfig
from reweaving.weaving.trained import write_weights

_RATES = {"integrator": 0.05, "reader": 2e-3}
_FOREIGN = 0.25
_HELD_OUT = 16
_READ_AT_ONCE = 64

Told = Callable[[int, int, str], None]


@dataclass(frozen=True)
class TrainingConfig:
    """How long, and in which portions.

    Parameters
    ----------
    steps
        Optimiser steps (Adam) for gates and readers; translators are solved for at once.
    rows
        Examples per step.
    seconds
        Stop then, whatever `steps` says; 0 for no limit.
    """

    steps: int = 60
    rows: int = 8
    seconds: float = 0.0
    seed: int = 0


class BlenderTrainer:
    """Trains the parts of one reconstruction method for one model.

    Life: `train` attaches a memory of its own, learns, writes the weights and gives the model back.

    Parameters
    ----------
    model, tokenizer
        The user's own; the model must have no memory attached.
    config
        Method and integration to train for.
    layers
        Layers that will be stored; None for all.
    reader
        Reads the examples' memories; one may serve several trainers of the same model. None for one of its
        own.

    Raises
    ------
    ConfigurationError
        When the method has nothing to train.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        config: ReconstructionConfig,
        layers: Sequence[int] | None = None,
        training: TrainingConfig | None = None,
        reader: BlockReader | None = None,
    ) -> None:
        if not config.needs_training:
            raise ConfigurationError(
                f"method {config.method!r} with {config.integration_method!r} has nothing to train; "
                "methods 'mlp' and 'attention' have, and the integration method 'gated'"
            )
        self.model, self.tokenizer = model, tokenizer
        self.config = config.replace(weights=None)
        self.layers = None if layers is None else tuple(layers)
        self.training = training or TrainingConfig()
        self.reader = reader or BlockReader()

    def train(
        self, examples: Sequence[Example], out: Path, tell: Told = lambda *_: None
    ) -> dict[str, float]:
        """Learn from examples and write the weights to a folder.

        Returns
        -------
        dict
            What was measured: the loss on held-out examples before and after (nats per token, memory woven),
            and how much of the states a translator explains.
        """
        settings = ReweavingConfig(codec="hidden", layers=self.layers, reconstruction=self.config)
        held, learned = list(examples[:_HELD_OUT]), list(examples[_HELD_OUT:])
        learned = learned or held
        with attach(self.model, self.tokenizer, config=settings) as woven, _frozen(self.model):
            measured = {"loss_before": self._loss_of(woven, held)}  # nothing trained, nothing woven
            woven.reconstruction.active = True
            if woven.reconstruction.translator is not None:
                tell(0, 1, "reading")
                measured |= self._fit(woven, learned)
            by_gradient = {
                name: list(part.parameters())
                for name, part in woven.reconstruction.modules().items()
                if name in _RATES
            }
            if by_gradient:
                self._descend(woven, learned, by_gradient, tell)
            measured["loss_after"] = self._loss_of(woven, held)
            write_weights(
                out, woven.reconstruction.modules(), self.config, woven.fingerprint, measured
            )
        return measured

    def _fit(self, woven: Reweaver, examples: Sequence[Example]) -> dict[str, float]:
        translator = woven.reconstruction.translator
        if translator is None:
            return {}
        blocks = list(dict.fromkeys(block for example in examples for block in example.blocks))
        if not blocks:
            raise InputError("no example has a memory; a translator learns from what was read")
        return fit_translator(translator, self._states(woven, blocks))

    def _states(
        self, woven: Reweaver, blocks: Sequence[Block]
    ) -> Iterator[dict[int, torch.Tensor]]:
        for at in range(0, len(blocks), _READ_AT_ONCE):
            for session in self.reader.sessions(woven, blocks[at : at + _READ_AT_ONCE]):
                states = torch.cat(
                    [entry.hidden_state for entry in session if entry.hidden_state is not None],
                    dim=1,
                )  # (layers, tokens, hidden)
                yield dict(enumerate(states))

    def _descend(
        self,
        woven: Reweaver,
        examples: Sequence[Example],
        weights: dict[str, list[torch.nn.Parameter]],
        tell: Told,
    ) -> None:
        draw = random.Random(self.training.seed)
        for parameters in weights.values():
            for parameter in parameters:
                parameter.requires_grad_(True)
        optimiser = torch.optim.Adam(
            [{"params": held, "lr": _RATES[name]} for name, held in weights.items()]
        )
        deadline = time.monotonic() + (self.training.seconds or float("inf"))
        for step in range(self.training.steps):
            if time.monotonic() > deadline:
                break
            batch = draw.choices(examples, k=self.training.rows)
            loss = self._loss(woven, _some_with_foreign_memory(batch, draw))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            tell(step + 1, self.training.steps, f"loss {loss.item():.3f}")
        for parameters in weights.values():
            for parameter in parameters:
                parameter.requires_grad_(False)

    @torch.no_grad()
    def _loss_of(self, woven: Reweaver, examples: Sequence[Example]) -> float:
        rows = self.training.rows
        losses = [
            float(self._loss(woven, examples[at : at + rows]))
            for at in range(0, len(examples), rows)
        ]
        return sum(losses) / len(losses)

    def _loss(self, woven: Reweaver, batch: Sequence[Example]) -> torch.Tensor:
        """Mean ``-log p`` of the answers' tokens, each with its memory woven, in nats."""
        memories = self._memories(woven, batch)
        whole = [list(example.request + example.answer) for example in batch]
        ids, mask = right_padded(whole)
        ids, mask = ids.to(woven.adapter.entry_device), mask.to(woven.adapter.entry_device)
        with evaluating(self.model), woven.weaving(memories):
            logits = self.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
        targets = torch.full_like(ids, -100)
        for row, example in enumerate(batch):
            first = len(example.request)
            targets[row, first : first + len(example.answer)] = ids[
                row, first : first + len(example.answer)
            ]
        return cross_entropy(logits[:, :-1].flatten(0, 1).float(), targets[:, 1:].flatten())

    def _memories(self, woven: Reweaver, batch: Sequence[Example]) -> list[list[MemoryEntry]]:
        """Each example's blocks in time order, every one read in its own session."""
        blocks = [block for example in batch for block in example.blocks]
        read = iter(self.reader.memories(woven, blocks))
        return [
            [
                replace(entry, timestamp=float(number))
                for number, _ in enumerate(example.blocks)
                for entry in next(read)
            ]
            for example in batch
        ]


def _some_with_foreign_memory(batch: list[Example], draw: random.Random) -> list[Example]:
    """One in four gets another's memory: what has nothing to say must be left alone."""
    return [
        Example(draw.choice(batch).blocks, example.request, example.answer)
        if draw.random() < _FOREIGN
        else example
        for example in batch
    ]


@contextmanager
def _frozen(model: torch.nn.Module) -> Iterator[None]:
    """Keep gradients away from the model's own weights, and give them back afterwards."""
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    try:
        for weight in learning:
            weight.requires_grad_(False)
        yield
    finally:
        for weight in learning:
            weight.requires_grad_(True)
